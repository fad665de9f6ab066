"""The quiz mode: topics to choose from, with what is due and new in each."""

from __future__ import annotations

from textual.app import ComposeResult

from mtl_tui.flows.explain import NOTHING_DUE
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import ModeScreen
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.widgets.listing import Listing, Row


class QuizScreen(ListedScreen, ModeScreen):
    """A row a topic; enter answers it."""

    mode = "quiz"

    def __init__(self) -> None:
        super().__init__()
        self._topics: list[str | None] = []

    def compose_body(self) -> ComposeResult:
        yield Listing(id="list")

    def retext(self) -> None:
        desk = self.mtl.desk
        self._day = desk.day()
        rows = [Row(say("What is due, then what is new"), heading=True), self._row(say("All topics"), None)]
        rows.append(Row(say("One topic"), heading=True))
        self._topics = [None, None, None]
        for topic in dict.fromkeys(each.topic for each in desk.bank.in_path()):
            rows.append(self._row(pick(desk.bank.entitled(topic, "  ")), topic))
            self._topics.append(topic)
        self.query_one(Listing).show(rows)
        super().retext()

    def _row(self, name: str, topic: str | None) -> Row:
        counts = say("{due} due   {new} new", due=len(self._day.due(topic)), new=len(self._day.new(topic)))
        return Row(name, counts)

    def open_row(self, index: int) -> None:
        topic = self._topics[index]
        session = self.mtl.desk.session_or_again(topic)
        if session.phase == "over":
            self.notify(say(NOTHING_DUE))
            return
        if not session.counts:
            self.notify(say("Nothing more comes here today; what is answered now does not change the schedule."))
        self.app.push_screen(SessionScreen(session))

    def do_start(self) -> None:
        self.open_row(self.query_one(Listing).here)
