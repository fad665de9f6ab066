"""The footer: what the keys do here. Every item can be clicked, or reached by tab and pressed by enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.bindings import Binding
from mtl_tui.locale import say
from mtl_tui.typeset import width_of

LASTING = frozenset({"help", "back"})
"""What keeps its place when not everything fits."""


class Item(NamedTuple):
    """A binding as it stands in the bar, from cell `start` to cell `end`."""

    binding: Binding
    start: int
    end: int


class KeyBar(Widget):
    """One line of keys. Items that do not fit are left out from the end; help has them all."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--label", "keybar--here"}
    DEFAULT_CSS = "KeyBar { height: 1; }"

    class Pressed(Message):
        """An item was clicked, or entered."""

        def __init__(self, binding: Binding) -> None:
            super().__init__()
            self.binding = binding

    def __init__(self, *, gap: int = 2, id: str | None = None) -> None:
        super().__init__(id=id)
        self._gap = gap
        self._shown: list[Binding] = []
        self._items: list[Item] = []
        self.here: int | None = None

    def show(self, bindings: Sequence[Binding]) -> None:
        """Show these bindings; the position reached by tab is kept only if nothing changed."""
        if list(bindings) != self._shown:
            self._shown, self.here = list(bindings), None
        self._place()

    def move(self, by: int) -> None:
        """Go to the next or previous item; past the ends the bar is left."""
        count = len(self._items)
        place = (-1 if by > 0 else count) if self.here is None else self.here
        place += by
        self.here = place if 0 <= place < count else None
        self.refresh()

    def leave(self) -> None:
        """Nothing is reached by tab any more."""
        if self.here is not None:
            self.here = None
            self.refresh()

    def press(self) -> bool:
        """Press the item reached by tab; False if there is none."""
        if self.here is None or self.here >= len(self._items):
            return False
        self.post_message(self.Pressed(self._items[self.here].binding))
        return True

    def on_resize(self) -> None:
        self._place()

    def on_click(self, event: events.Click) -> None:
        for item in self._items:
            if item.start <= event.x < item.end:
                self.post_message(self.Pressed(item.binding))

    def render_line(self, y: int) -> Strip:
        key, label = self.get_component_rich_style("keybar--key"), self.get_component_rich_style("keybar--label")
        here = self.get_component_rich_style("keybar--here")
        segments = [Segment(" ", label)]
        for index, item in enumerate(self._items):
            styles = (here, here) if index == self.here else (key, label)
            segments += [
                Segment(say(item.binding.shown), styles[0]),
                Segment(" " + say(item.binding.label), styles[1]),
                Segment(" " * self._gap, label),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, label)

    def _place(self) -> None:
        at, self._items = 1, []
        widths = [width_of(_text(binding)) for binding in self._shown]
        reserve = sum(width_of(_text(each)) + self._gap for each in self._shown if each.action in LASTING)
        for binding, width in zip(self._shown, widths, strict=True):
            if binding.action in LASTING:
                reserve -= width + self._gap
            if at + width + reserve <= self.size.width:
                self._items.append(Item(binding, at, at + width))
                at += width + self._gap
        self.refresh()


def _text(binding: Binding) -> str:
    return f"{say(binding.shown)} {say(binding.label)}"
