"""The rows that can be chosen in a question: options, items, lines of a listing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from mtl_tui.typeset import Block, lines_of
from mtl_tui.widgets.prose import Prose


class Rows(Prose):
    """A prose whose blocks belong to rows; a click chooses a row."""

    class Clicked(Message):
        """A row was clicked."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._owners: list[int] = []

    def show_rows(self, blocks: Sequence[Sequence[Block]], *, spaced: bool) -> None:
        """Show these rows, with an empty line between them where there is room for that."""
        flat: list[Block] = []
        self._owners = []
        for row, group in enumerate(blocks):
            if spaced and row:
                flat.append(Block(""))
                self._owners.append(row - 1)
            flat += group
            self._owners += [row] * len(group)
        self.show(flat)

    def reveal(self, row: int) -> None:
        """Scroll so that a row is seen."""
        at = 0
        for block, owner in zip(self.blocks, self._owners, strict=True):
            height = len(lines_of(block, max(self.size.width, 1)))
            if owner == row:
                region = Region(0, self.virtual_region.y + at, self.size.width, height)
                if isinstance(self.parent, Widget):
                    self.parent.scroll_to_region(region, animate=False)
                return
            at += height

    def on_click(self, event: events.Click) -> None:
        at = 0
        for block, owner in zip(self.blocks, self._owners, strict=True):
            at += len(lines_of(block, max(self.size.width, 1)))
            if event.y < at:
                self.post_message(self.Clicked(owner))
                return
