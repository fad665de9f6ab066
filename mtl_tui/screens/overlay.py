"""Screens that lie over another one: help, commands, settings, leaving."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from mtl_tui.locale import say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ScrolledScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.prose import Prose


class Overlay(ScrolledScreen):
    """A titled page of text over the screen beneath."""

    def contexts(self) -> Sequence[str]:
        return ("scroll", "global")

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Line(classes="rule")
        with VerticalScroll(id="page", can_focus=False):
            yield Prose(id="text")

    def retext(self) -> None:
        self.query_one("#title", Line).show(" " + self.heading(), say("esc goes back") + " ")
        self.query_one("#text", Prose).show(self.blocks())
        super().retext()

    def heading(self) -> str:
        """The title line."""
        return ""

    def blocks(self) -> list[Block]:
        """The text."""
        return []
