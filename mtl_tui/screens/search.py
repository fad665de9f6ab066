"""Search: questions found while typing; enter answers one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from mtl_tui.flows.explain import KIND
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.widgets.listing import Listing, Row
from quizzes.bank import Bank
from quizzes.search import Hit, Index

MOST_ROWS = 200
SLICE = 200
"""Questions read at a time, within a hundredth of a second."""
REST_SECONDS = 0.02
"""Between two slices the keys and the screen have their turn."""


class SearchScreen(ListedScreen):
    """What was typed above, what was found below; the arrows move in the list while the box has the keys.

    A question that is due or new is answered as any other; one that is not, as in a drill, without its schedule.
    """

    _index: ClassVar[Index] = Index(Bank())
    """Of the bank that was searched last; whoever comes again finds it read."""

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
        if self._index.bank is not self.mtl.desk.bank:
            SearchScreen._index = Index(self.mtl.desk.bank)
        self._index.read(SLICE)
        if not self._index.whole:
            self._reading = self.set_interval(REST_SECONDS, self._read_on)
        self.set_focus(self.query_one(Input))

    def _read_on(self) -> None:
        """Read a slice; after the last one what was typed is looked for in all, and the row chosen stays chosen."""
        self._index.read(SLICE)
        if self._index.whole:
            self._reading.stop()
            here = self.query_one(Listing).here
            self._find(self._hits[here] if self._hits else None)

    def retext(self) -> None:
        box, count, found = self.query_one(Input), len(self._hits), ""
        box.placeholder = say("Chinese or English; a few letters of a word are enough")
        rows = [self._row(hit) for hit in self._hits[:MOST_ROWS]]
        if box.value.strip():
            found = say("{n} found", n=count) if self._index.whole else say("{n} found so far", n=count)
            if count > MOST_ROWS:
                found += say(", the first {n} listed", n=MOST_ROWS)
            if not count and self._index.whole:
                rows.append(Row(say("Try fewer or other words, or a topic such as T03."), heading=True))
        self.query_one("#title", Line).show(f" {say('Search')}   {found}", say("esc goes back") + " ")
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
        self._find()

    def _find(self, chosen: Hit | None = None) -> None:
        self._hits = self._index.find(self.query_one(Input).value)
        self.retext()
        shown = self._hits[:MOST_ROWS]
        self.query_one(Listing).move_to(shown.index(chosen) if chosen in shown else 0)

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
