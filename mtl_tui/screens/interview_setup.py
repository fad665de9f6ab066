"""Before a mock interview: go on with the last one, or begin one of a length, a level and some topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from textual.app import ComposeResult

from mtl_tui.flows import interview as interviews
from mtl_tui.flows.interview import InterviewSession
from mtl_tui.locale import pick, say
from mtl_tui.notes.interview import summary, title
from mtl_tui.screens.base import Line
from mtl_tui.screens.interview import InterviewScreen
from mtl_tui.screens.interview_report import InterviewReport
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.listing import Listing, Row
from mtl_tui.widgets.prose import Prose
from quizzes.interview import AFTER_SECONDS, MINUTES, Interview, report

Value = TypeVar("Value")
LEVELS = ((1, 5), (1, 3), (2, 4), (3, 5), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5))


class Chosen(NamedTuple):
    """What an interview is made of: no topics are all."""

    minutes: int
    topics: tuple[str, ...]
    levels: tuple[int, int]


class InterviewSetup(ListedScreen):
    """The choices of the last interview are there again: enter begins. Earlier reports stand beneath."""

    def __init__(self, chosen: Chosen | None = None, seed: int | None = None) -> None:
        super().__init__()
        self._chosen = chosen
        self._minutes, self._topics, self._levels = 30, set[str](), LEVELS[0]
        self._seed = interviews.new_seed() if seed is None else seed
        self._unfinished: Interview | None = None
        self._earlier: list[Interview] = []
        self._rows: list[tuple[str, str]] = []

    def contexts(self) -> Sequence[str]:
        cut_off = ("cut off",) if self._unfinished is not None else ()
        return (*cut_off, "interview set-up", "list", "global")

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(classes="rule")
        yield Prose(id="cut-off")
        yield Listing(id="list")

    def on_mount(self) -> None:
        last = next(iter(interviews.interviews(self.mtl.desk.store)), None)
        chosen = self._chosen or (Chosen(last.minutes, last.topics, last.levels) if last is not None else None)
        if chosen is not None:
            known = {each.topic for each in self.mtl.desk.day().asked()}
            self._minutes, self._topics, self._levels = chosen.minutes, known & set(chosen.topics), chosen.levels

    def retext(self) -> None:
        store = self.mtl.desk.store
        self._unfinished, self._earlier = interviews.unfinished(store), interviews.finished(store)
        self.query_one("#head", Line).show(" " + say("Mock interview"), say("It never touches the schedule.") + " ")
        told = self._unfinished and Block(interviews.stopped_at(self._unfinished), "pick")
        self.query_one("#cut-off", Prose).show([Block(""), told] if told else [])
        shown, self._rows = [], []
        for kind, name, row in self._listed():
            shown.append(row)
            self._rows.append((kind, name))
        self.query_one(Listing).show(shown)
        super().retext()

    def _listed(self) -> list[tuple[str, str, Row]]:
        """Kind, name and look of every row."""
        desk = self.mtl.desk
        listed = []
        if self._unfinished is not None:
            listed.append(("resume", "", Row(say("Go on with it"), title(self._unfinished))))
        asked = desk.day().asked()
        rounds = interviews.composed(desk, self._minutes, self._topics, self._levels, self._seed)
        minutes = round(sum(each.suggested + AFTER_SECONDS for each in rounds) / 60)
        begun = say("{n} questions, about {minutes} min", n=len(rounds), minutes=minutes)
        lowest, highest = self._levels
        level = str(lowest) if lowest == highest else f"{lowest}-{highest}"
        listed += [
            ("heading", "", Row(say("A new one"), heading=True)),
            ("begin", "", Row(say("Begin"), begun)),
            ("minutes", "", Row(say("length"), say("< {n} min >", n=self._minutes))),
            ("level", "", Row(say("difficulty"), f"< {level} >")),
            ("heading", "", Row(say("Topics: none ticked means all"), heading=True)),
        ]
        for topic, count in Counter(each.topic for each in asked).items():
            name = pick(desk.bank.entitled(topic))
            listed.append(("topic", topic, Row(name, say("questions: {n}", n=count), tick=topic in self._topics)))
        if self._earlier:
            listed.append(("heading", "", Row(say("Earlier reports"), heading=True)))
            for each in self._earlier:
                listed.append(("report", each.id, Row(title(each), summary(each, report(each, desk.bank)))))
        return listed

    def open_row(self, index: int) -> None:
        kind, name = self._rows[index]
        if kind == "resume" and self._unfinished is not None:
            self.app.push_screen(InterviewScreen(InterviewSession(self.mtl.desk, self._unfinished)))
        elif kind == "topic":
            self._topics ^= {name}
            self.retext()
        elif kind == "report":
            self.app.push_screen(InterviewReport(next(each for each in self._earlier if each.id == name)))
        elif kind in ("minutes", "level"):
            self.do_change("right")
        else:
            self._begin()

    def _begin(self) -> None:
        session = InterviewSession.begin(self.mtl.desk, self._minutes, sorted(self._topics), self._levels, self._seed)
        if session is None:
            self.notify(say("No question of these topics and this level: choose more topics or a wider level."))
        else:
            self._seed = interviews.new_seed()
            self.app.push_screen(InterviewScreen(session))

    def do_open(self) -> None:
        self.open_row(self.query_one(Listing).here)

    def do_tick(self) -> None:
        index = self.query_one(Listing).here
        if self._rows[index][0] == "topic":
            self.open_row(index)

    def do_change(self, key: str) -> None:
        by = -1 if key == "left" else 1
        kind = self._rows[self.query_one(Listing).here][0]
        if kind == "minutes":
            self._minutes = _next(MINUTES, self._minutes, by)
        elif kind == "level":
            self._levels = _next(LEVELS, self._levels, by)
        self.retext()

    def do_end(self) -> None:
        """End the interview that was cut off, and show its report."""
        if self._unfinished is not None:
            session = InterviewSession(self.mtl.desk, self._unfinished)
            session.end()
            self.app.push_screen(InterviewReport(session.interview))


def _next(values: Sequence[Value], value: Value, by: int) -> Value:
    """The value after this one, round and round."""
    index = values.index(value) if value in values else 0
    return values[(index + by) % len(values)]
