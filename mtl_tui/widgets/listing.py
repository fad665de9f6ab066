"""A list of rows with one chosen: headings are passed over, the window follows the choice."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.typeset import clip, fill, quoted, width_of

LEAST_RIGHT = 16


class Row(NamedTuple):
    """Text on the left and on the right; a heading cannot be chosen. `tick` None has no box."""

    left: str
    right: str = ""
    heading: bool = False
    tick: bool | None = None


class Listing(Widget):
    """Draws the rows that fit; a click chooses, a second one opens."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"listing--row", "listing--here", "listing--heading"}

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Moved(Message):
        """Another row is chosen."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._top = self._column = 0
        self.here = 0

    def show(self, rows: list[Row]) -> None:
        """Show other rows; the choice stays where it is if it can."""
        self._rows = rows
        self._column = max((width_of(row.left) for row in rows if row.right), default=0) + 8
        self.here = min(self.here, max(len(rows) - 1, 0))
        self._seek(1)
        self._follow()
        self.refresh()

    def move(self, by: int) -> None:
        """Choose the next row up or down that is not a heading."""
        self.here = min(max(self.here + by, 0), max(len(self._rows) - 1, 0))
        self._seek(-1 if by < 0 else 1)
        self._moved()

    def move_to(self, index: int) -> None:
        """Choose a row by index; -1 is the last."""
        self.here = index if index >= 0 else len(self._rows) - 1
        self.move(0)

    def page(self, by: int) -> None:
        """Move by a window."""
        self.move(by * max(self.size.height - 1, 1))

    def on_resize(self) -> None:
        self._follow()

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y
        if index < len(self._rows) and not self._rows[index].heading:
            again = index == self.here
            self.here = index
            self._moved()
            if again:
                self.post_message(self.Chosen(index))

    def on_mouse_scroll_down(self) -> None:
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        self.move(-1)

    def render_line(self, y: int) -> Strip:
        index, width = self._top + y, self.size.width
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        here = index == self.here and not row.heading
        kind = "heading" if row.heading else "here" if here else "row"
        style = self.get_component_rich_style(f"listing--{kind}")
        box = "" if row.tick is None else "[x] " if row.tick else "[ ] "
        lead = " " if row.heading else "> " if here else "  "
        left = quoted(f" {lead}{box}{row.left}")
        text = fill(left, f"{row.right} ", width)
        if row.right and width_of(left) < self._column < width - LEAST_RIGHT:
            text = left + " " * (self._column - width_of(left)) + clip(row.right, width - self._column - 1)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _seek(self, by: int) -> None:
        """From a heading go on to a row, or turn back if none follows."""
        count = len(self._rows)
        onward = range(self.here, count if by > 0 else -1, by)
        back = range(self.here, -1 if by > 0 else count, -by)
        if count:
            self.here = next((index for index in (*onward, *back) if not self._rows[index].heading), self.here)

    def _moved(self) -> None:
        self._follow()
        self.refresh()
        self.post_message(self.Moved(self.here))

    def _follow(self) -> None:
        height = max(self.size.height, 1)
        top = self.here - 1 if self.here and self._rows and self._rows[self.here - 1].heading else self.here
        self._top = min(max(self._top, self.here - height + 1), max(top, 0))
