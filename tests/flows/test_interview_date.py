"""Weeks with an interview in view: what comes when, and what is foretold of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from mtl_tui.config import Settings
from mtl_tui.flows import figures, told
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import speaking
from mtl_tui.store.marks import Suspended
from mtl_tui.store.store import Store
from quizzes import bank as banks

FIRST = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))


class Weeks:
    """A person who answers all that comes, day by day; what is recalled is drawn with a seed."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self._now, self._draw = FIRST, random.Random(1)
        made = msgspec.convert({"new_per_day": 20, "minutes_per_day": 0, "confidence": False, **settings}, Settings)
        self.desk = Desk(made, banks.load(), Store.open(folder), clock=lambda: self._now)

    @property
    def day(self) -> date:
        return self._now.date()

    def set(self, **settings: object) -> None:
        self.desk.settings = msgspec.structs.replace(self.desk.settings, **settings)

    def live(self, days: int, seen: Callable[[list[str]], None] = lambda due: None) -> None:
        for _ in range(days):
            plan = self.desk.today()
            seen(plan.due)
            session = self.desk.session_of(plan.due + plan.new)
            while session.phase != "over":
                self._now += timedelta(seconds=20)
                session.give_up()
                session.rate(3 if session.again or self._draw.random() < 0.9 else 1)
            self._now = FIRST + timedelta((self.day - FIRST.date()).days + 1)


@pytest.fixture
def weeks(tmp_path: Path) -> Weeks:
    return Weeks(tmp_path)


def test_a_date_set_after_weeks_brings_everything_once_more_evenly_and_the_ordinary_schedule_returns(weeks):
    weeks.live(25)
    interview = weeks.day + timedelta(10)
    kept = weeks.desk.store.cards()
    assert sum(card.due > interview for card in kept.values()) > 60
    weeks.set(interview_date=interview)
    loads: list[int] = []
    weeks.live(7, lambda due: loads.append(len(due)))
    reviewed = weeks.desk.store.cards()
    missed = [id for id, card in reviewed.items() if card.last_review < interview - timedelta(14)]
    assert len(missed) < 3, "siblings that would have come on the same last day"
    assert max(loads) < 3 * min(loads)
    for other in (interview, None, interview + timedelta(60)):
        weeks.set(interview_date=other)
        assert weeks.desk.store.cards() == reviewed
    weeks.set(interview_date=interview)
    weeks.live(4)
    ahead = [each.due for each in figures.ahead(weeks.desk.day())]
    for other in (None, interview + timedelta(60)):
        weeks.set(interview_date=other)
        assert [each.due for each in figures.ahead(weeks.desk.day())] == ahead
        assert ahead[0] < 20


def test_the_forecast_of_a_day_is_what_comes_on_it(weeks):
    weeks.set(interview_date=weeks.day + timedelta(20))
    for _ in range(26):
        plan = weeks.desk.day()
        today = plan.today()
        assert figures.ahead(plan)[0].due == len(today.due) + today.put_off
        weeks.live(1)


def test_what_is_set_aside_is_not_foretold(weeks):
    weeks.live(3)
    weeks.set(interview_date=weeks.day + timedelta(9))
    before = weeks.desk.day().coming()
    weeks.desk.store.keep("suspended", next(iter(weeks.desk.day().cards)), Suspended())
    assert len(weeks.desk.day().coming()) == len(before) - 1


@pytest.mark.parametrize(("new_per_day", "begun", "ahead"), [(50, 4, 20), (10, 6, 30), (4, 15, 25)])
def test_the_pace_knows_that_reviews_take_the_minutes_of_the_days_to_come(tmp_path, new_per_day, begun, ahead):
    weeks = Weeks(tmp_path, new_per_day=new_per_day, minutes_per_day=4)
    weeks.set(interview_date=weeks.day + timedelta(begun + ahead))
    weeks.live(begun)
    plan = weeks.desk.day()
    found, today = plan.pace(plan.today()), plan.today()
    assert found is not None and found.needed_per_day is None
    with speaking("en"):
        assert told.pace(weeks.desk.settings, plan, today) == (
            f"At this pace {found.reachable} of {found.total} questions are met before the interview: "
            "4 min a day hold no more."
        )
    weeks.live(ahead)
    reached = len(weeks.desk.store.cards())
    assert 20 < reached < 110
    assert abs(found.reachable - reached) <= 0.25 * reached


def test_the_grades_say_by_which_day_a_question_comes_again_before_the_interview(weeks):
    weeks.set(interview_date=weeks.day + timedelta(5))
    session = weeks.desk.session()
    session.give_up()
    with speaking("en"):
        assert [weeks.desk.comes_again(card) for card in session.outcomes()] == ["1 d", "1 d", "2 d", "by 03-06"]
