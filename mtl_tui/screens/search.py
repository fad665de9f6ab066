"""Search: questions found while typing; enter answers one."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Input

from mtl_tui.flows.explain import KIND
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.widgets.listing import Listing, Row
from quizzes.search import Hit, Index

LIMIT = 200


class SearchScreen(ListedScreen):
    """What was typed above, what was found below; the arrows move in the list while the box has the keys.

    A question that is due or new is answered as any other; one that is not, as in a drill, without its schedule.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hits: list[Hit] = []

    def contexts(self) -> Sequence[str]:
        return ("search", "list", "global")

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Line(classes="rule")
        yield Input(id="query", compact=True)
        yield Listing(id="list")

    def on_mount(self) -> None:
        bank = self.mtl.desk.bank
        self._index = Index((each for each in bank.in_path() if not each.draft), bank.topics)
        self.set_focus(self.query_one(Input))

    def retext(self) -> None:
        box = self.query_one(Input)
        box.placeholder = say("Chinese or English; a few letters of a word are enough")
        found = say("{n} found", n=len(self._hits)) if box.value.strip() else ""
        self.query_one("#title", Line).show(f" {say('Search')}   {found}", say("esc goes back") + " ")
        rows = [self._row(hit) for hit in self._hits]
        if box.value.strip() and not rows:
            hint = say("Try fewer or other words, or a topic such as T03.")
            rows = [Row(hint, heading=True)]
        self.query_one(Listing).show(rows)
        super().retext()

    def _row(self, hit: Hit) -> Row:
        question = self.mtl.desk.bank.questions[hit.id]
        kind = say(KIND[type(question)])
        stem = " ".join(pick(question.stem).split())
        where = "" if hit.where == "stem" else say(", in the answer")
        return Row(f"{question.topic}  {stem}", kind + where)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._hits = self._index.find(event.value, LIMIT)
        self.query_one(Listing).move_to(0)
        self.retext()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.press("enter")

    def open_row(self, index: int) -> None:
        if not self._hits:
            return
        id, day = self._hits[index].id, self.mtl.desk.day()
        counts = id in day.due() or id in day.new()
        if not counts:
            self.notify(say("Not due: this answer does not change the schedule."))
        self.app.push_screen(SessionScreen(self.mtl.desk.session_of([id], counts=counts)))

    def do_open(self) -> None:
        self.open_row(self.query_one(Listing).here)

    def do_focus_next(self) -> None:
        """The box, then the footer, and round again."""
        box = self.query_one(Input)
        if self.focused is box:
            self.set_focus(None)
        super().do_focus_next()
        if self.bar.here is None:
            self.set_focus(box)

    def do_focus_previous(self) -> None:
        self.set_focus(None)
        super().do_focus_previous()
