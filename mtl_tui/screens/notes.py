"""Notes: tick what goes in, see it at once, write it to a file."""

from __future__ import annotations

from textual.app import ComposeResult

from mtl_tui.screens.base import ModeScreen


class NotesScreen(ModeScreen):
    mode = "notes"

    def compose_body(self) -> ComposeResult:
        yield from ()
