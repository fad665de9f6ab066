"""What comes today: due and new questions within a day's limits, and the pace towards an interview."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from quizzes import schedule
from quizzes.schedule import LAST_DAYS, Card

FRESH_STABILITY = 2.0
"""Days. Below it a question was just missed: Again leaves a new one at a fifth of a day, Good above two."""


class Limits(Struct, frozen=True):
    """What a day may hold: new questions, and minutes of answering; None minutes are no limit."""

    new: int
    minutes: int | None = None


class Waiting(Struct, frozen=True):
    """A question as the plan sees it. Those of one `sibling` name ask for the same fact; `seconds` it usually takes."""

    id: str
    topic: str
    sibling: str | None
    seconds: float


class Today(Struct, frozen=True):
    """The questions of a day in order: due ones, then new ones; `seconds` is the time that all of these take.

    `put_off` more are due than the minutes hold or than come beside their siblings, which are `beside` of them; what
    the last days before an interview leave out is not among them. `full`: the minutes hold no more new ones, of which
    there are more and the limit would let more in.
    """

    due: list[str]
    new: list[str]
    put_off: int
    beside: int
    full: bool
    seconds: int


class Pace(Struct, frozen=True):
    """New questions that are reached before an interview, of all that remain; `needed_per_day` reaches them all, None
    where no day is left on which new ones come."""

    reachable: int
    total: int
    needed_per_day: int | None


def last_new(until: date, begun: date | None) -> date:
    """The day from which on nothing new comes: the last three before an interview, but for one who has `begun` only in
    them, or not yet, that of the interview itself."""
    last = until - timedelta(LAST_DAYS)
    return last if begun is not None and begun < last else until


def in_last_days(day: date, until: date | None, begun: date | None) -> bool:
    """Whether a day is one of the last before an interview on the day `until`, or that day, on which nothing new comes
    and much is `left_out`."""
    return until is not None and last_new(until, begun) <= day <= until


def left_out(
    card: Card, topic: str, weak_topics: Collection[str], day: date, until: date | None, begun: date | None
) -> bool:
    """Whether the last days before an interview leave a question to the time after it: it neither lapsed nor belongs to
    a weak topic, or it was looked at in these days already, less long ago than it is remembered."""
    if until is None or not in_last_days(day, until, begun):
        return False
    if card.last_review >= until - timedelta(LAST_DAYS) and (day - card.last_review).days < round(card.stability):
        return True
    return card.lapses == 0 and card.stability >= FRESH_STABILITY and topic not in weak_topics


def today(
    questions: Sequence[Waiting],
    cards: Mapping[str, Card],
    day: date,
    limits: Limits,
    *,
    done: Iterable[tuple[str, bool, float]] = (),
    until: date | None = None,
    begun: date | None = None,
    buried: Mapping[str, date] | None = None,
    weak_topics: Collection[str] = (),
) -> Today:
    """What is left to do today of the questions, given along the path of the topics; `cards` are as they come before
    the interview.

    `done` are today's reviews: question, whether it was new, seconds spent. Due questions come first, the one most
    likely forgotten first; the one that crosses the limit of minutes is the last. New ones come while all that is due
    fits. Of siblings one a day. In the last three days before an interview on the day `until`, and on that day, only
    what lapsed or belongs to a weak topic comes (see `left_out`), and nothing new; unless the first answer, on the day
    `begun`, was given in them. A buried question stays away until its day.
    """
    by_id = {each.id: each for each in questions}
    taken = {each for each, _, _ in done}
    siblings = {by_id[each].sibling for each in taken if each in by_id} - {None}
    spent = sum(each for _, _, each in done)
    budget = math.inf if limits.minutes is None else 60.0 * limits.minutes - spent
    away = {*(id for id, back in (buried or {}).items() if back > day), *taken}
    beside = 0

    def fill(ids: Iterable[str], most: float) -> list[str]:
        nonlocal budget, beside
        chosen: list[str] = []
        for id in ids:
            each = by_id[id]
            if budget <= 0 or len(chosen) >= most:
                break
            if each.sibling in siblings:
                beside += id in cards
                continue
            chosen.append(id)
            budget -= each.seconds
            if each.sibling is not None:
                siblings.add(each.sibling)
        return chosen

    present = {id: cards[id] for id in by_id if id in cards and id not in away}
    waiting = schedule.due(present, day)
    coming = [id for id in waiting if not left_out(cards[id], by_id[id].topic, weak_topics, day, until, begun)]
    due = fill(coming, math.inf)
    unseen = [id for id in by_id if id not in cards and id not in away]
    room = 0 if in_last_days(day, until, begun) else limits.new - sum(new for _, new, _ in done)
    new = fill(unseen, room)
    return Today(
        due=due,
        new=new,
        put_off=len(coming) - len(due),
        beside=beside,
        full=budget <= 0 and len(new) < room and len(new) < len(unseen),
        seconds=round(sum(by_id[id].seconds for id in (*due, *new))),
    )


def pace(remaining_new: int, today_new: int, days: int, new_per_day: int) -> Pace:
    """What so many new questions a day reach in so many days on which new ones come, of which today still holds
    `today_new`. More a day would be more today, too."""
    if days <= 0:
        return Pace(0, remaining_new, None)

    def reached(per_day: int) -> int:
        return min(today_new, per_day) + max(per_day - new_per_day, 0) + (days - 1) * per_day

    needed = bisect_left(range(remaining_new + new_per_day), remaining_new, key=reached)
    return Pace(min(remaining_new, reached(new_per_day)), remaining_new, needed)
