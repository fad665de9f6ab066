"""A terminal that is nobody's: whatever is drawn is rendered to escape sequences, then dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.drivers.headless_driver import HeadlessDriver


class UnseenTerminal(HeadlessDriver):
    """Unlike Textual's headless driver it has every frame written to it; `saw` is told what."""

    saw: ClassVar[Callable[[str], None] | None] = None

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        if UnseenTerminal.saw is not None:
            UnseenTerminal.saw(data)
