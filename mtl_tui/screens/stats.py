"""Everything that is counted, on one page; and the questions that were set aside, to be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from mtl_tui.flows import told
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import MARGINS, ListedScreen
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block
from mtl_tui.widgets.listing import Listing, Row


class StatsScreen(Overlay):
    """The page of figures."""

    def contexts(self) -> Sequence[str]:
        aside = ("aside known",) if self.mtl.desk.day().suspended else ()
        return (*aside, "figures", "scroll", "global")

    def heading(self) -> str:
        return say("Figures")

    def blocks(self) -> list[Block]:
        return told.page(self.mtl.desk, keys=True, room=self.size.width - MARGINS)

    def do_aside(self) -> None:
        self.app.push_screen(SetAsideScreen())

    def text_to_copy(self) -> str:
        return "\n".join(block.lead + block.text for block in self.blocks())


class SetAsideScreen(ListedScreen):
    """The questions that no session asks; enter takes one back."""

    def contexts(self) -> Sequence[str]:
        return ("aside list", "list", "global") if self._ids else ("list", "global")

    def __init__(self) -> None:
        super().__init__()
        self._ids: list[str] = []

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Listing(id="list")

    def retext(self) -> None:
        desk = self.mtl.desk
        marks = desk.day().suspended
        self._ids = list(marks)
        self.query_one("#title", Line).show(" " + say("Set aside"), say("esc goes back") + " ")
        rows = [
            Row(pick(desk.bank.questions[id].stem), say("never again") if mark.for_good else say("suspended"))
            for id, mark in marks.items()
        ]
        self.query_one(Listing).show(rows or [Row(say("Nothing is set aside."), heading=True)])
        super().retext()

    def open_row(self, index: int) -> None:
        if index < len(self._ids):
            self.mtl.desk.store.forget("suspended", self._ids[index])
            self.notify(say("It is asked again when it is due."))
            self.retext()

    def do_resume_question(self) -> None:
        self.open_row(self.query_one(Listing).here)
