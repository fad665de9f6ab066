"""A column of text blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.typeset import Block, lines_of

KINDS = ("body", "lead", "right", "wrong", "quiet", "head", "code", "pick", "tone-0", "tone-1", "tone-2", "tone-3")


class Prose(Widget):
    """A column of blocks. Content never passes through markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"prose--{kind}" for kind in KINDS}

    DEFAULT_CSS = "Prose { height: auto; }"

    def __init__(self, blocks: Sequence[Block] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._blocks: tuple[Block, ...] = tuple(blocks)
        self._rows: list[tuple[str, str]] = []
        self._rows_width = -1

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return self._blocks

    def show(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; nothing happens if they are the same, and nothing moves if they are as high."""
        if tuple(blocks) != self._blocks:
            width, height = self._rows_width, len(self._rows)
            self._blocks = tuple(blocks)
            self._rows_width = -1
            self.refresh(layout=width < 0 or len(self.rows(width)) != height)

    def rows(self, width: int) -> list[tuple[str, str]]:
        """The lines with their kinds at a width."""
        if width != self._rows_width:
            self._rows = [(line, block.kind) for block in self._blocks for line in lines_of(block, width)]
            self._rows_width = width
        return self._rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self.rows(width)
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        text, kind = rows[y]
        style: Style = self.get_component_rich_style(f"prose--{kind}")
        return Strip([Segment(text, style)]).adjust_cell_length(width, self.rich_style)
