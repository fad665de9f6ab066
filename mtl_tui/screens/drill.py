"""The drill before an interview: what to ask is ticked, the schedule is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from textual.app import ComposeResult

from mtl_tui.flows.drill import Choice, chosen, drill
from mtl_tui.flows.explain import KIND
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.widgets.listing import Listing, Row

LENGTHS = (5, 10, 20, 40)
DIFFICULTIES = (1, 2, 3, 4, 5)


class Condition(NamedTuple):
    """A row: its name, and the value that it ticks in a field of the choice; a heading has neither."""

    name: str
    field: str = ""
    value: object = None


class DrillScreen(ListedScreen):
    """Topics, kinds and difficulties to tick; nothing ticked under a heading leaves all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice()
        self.length = LENGTHS[1]

    def contexts(self) -> Sequence[str]:
        return ("drill", "list", "global")

    def compose_body(self) -> ComposeResult:
        yield Line(id="title")
        yield Line(classes="rule")
        yield Listing(id="list")

    def retext(self) -> None:
        count = len(chosen(self.mtl.desk, self.choice))
        found = say("{n} match, {length} asked", n=count, length=f"< {min(count, self.length)} >")
        self.query_one("#title", Line).show(
            f" {say('Drill (schedule untouched)')}   {found}", say("esc goes back") + " "
        )
        self.query_one(Listing).show([self._row(each) for each in self._conditions()])
        super().retext()

    def _conditions(self) -> list[Condition]:
        bank = self.mtl.desk.bank
        topics = dict.fromkeys(each.topic for each in bank.in_path())
        kinds = {type(each) for each in bank.asked()}
        return [
            Condition(say("What went wrong")),
            Condition(say("wrong the last time"), "wrong"),
            Condition(say("Difficulty")),
            *(Condition(str(value), "difficulties", value) for value in DIFFICULTIES),
            Condition(say("One topic or several")),
            *(Condition(pick(bank.entitled(topic, "  ")), "topics", topic) for topic in topics),
            Condition(say("Kind of question")),
            *(Condition(say(name), "kinds", kind) for kind, name in KIND.items() if kind in kinds),
        ]

    def _row(self, condition: Condition) -> Row:
        if not condition.field:
            return Row(condition.name, heading=True)
        here = getattr(self.choice, condition.field)
        return Row(condition.name, tick=here if condition.field == "wrong" else condition.value in here)

    def open_row(self, index: int) -> None:
        self._tick(self._conditions()[index])

    def do_tick(self) -> None:
        self.open_row(self.query_one(Listing).here)

    def do_pick(self, key: str) -> None:
        """A digit ticks a difficulty."""
        self._tick(Condition("", "difficulties", int(key)))

    def do_change(self, key: str) -> None:
        """Ask fewer or more."""
        place = LENGTHS.index(self.length) + (-1 if key == "left" else 1)
        self.length = LENGTHS[min(max(place, 0), len(LENGTHS) - 1)]
        self.retext()

    def do_start(self) -> None:
        session = drill(self.mtl.desk, self.choice, self.length)
        if session.phase == "over":
            self.notify(say("No question is of that choice; leave out one of the conditions."))
        else:
            self.app.push_screen(SessionScreen(session))

    def _tick(self, condition: Condition) -> None:
        if condition.field:
            here = getattr(self.choice, condition.field)
            value = not here if condition.field == "wrong" else here ^ {condition.value}
            self.choice = msgspec.structs.replace(self.choice, **{condition.field: value})
            self.retext()
