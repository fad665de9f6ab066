"""What comes today: due and new questions within a day's limits, and the pace towards an interview."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from quizzes import schedule
from quizzes.grading import AGAIN, GOOD
from quizzes.schedule import LAST_DAYS, RETENTION, Card

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
    where no day is left on which new ones come, or the minutes of the days do not hold them."""

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


class Work:
    """The reviews of the days before an interview, where the minutes of a day hold `capacity` questions.

    Foretold as if each were recalled, with one review more for each that lapses by the recall aimed at. A new question
    is known with the chance `right`. `days` of them take new ones, from `day` on; today's are known, and `put_off` of
    its reviews come tomorrow.
    """

    def __init__(
        self,
        cards: Iterable[Card],
        day: date,
        days: int,
        until: date,
        *,
        capacity: float,
        right: float,
        put_off: int = 0,
        parameters: tuple[float, ...] | None = None,
    ) -> None:
        self.capacity, self._right, self._put_off = capacity, right, put_off

        def coming(card: Card, ahead: int) -> list[int]:
            last = day + timedelta(days)
            return [(each - day).days for each in _comings(card, day + timedelta(ahead), last, until, parameters)]

        self._known = Counter(each for card in cards for each in coming(card, 0))
        self._fresh = [
            [
                coming(schedule.review(None, rating, day + timedelta(ahead), parameters=parameters), ahead)
                for rating in (GOOD, AGAIN)
            ]
            for ahead in range(days)
        ]

    def new(self, today: int, per_day: int) -> int:
        """How many new questions the days hold, with so many today and as many as `per_day` on each of the others."""
        load = {ahead: n / RETENTION for ahead, n in self._known.items()}
        found, over = 0.0, float(self._put_off)
        for ahead, (good, again) in enumerate(self._fresh):
            room = self.capacity - over - load.get(ahead, 0.0)
            fresh = today if ahead == 0 else min(per_day, max(room, 0.0))
            over = max(-room, 0.0) if ahead else over
            found += fresh
            for chance, days in ((self._right, good), (1 - self._right, again)):
                for each in days:
                    load[each] = load.get(each, 0.0) + chance * fresh / RETENTION
        return round(found)


def _comings(card: Card, day: date, last: date, until: date, parameters: tuple[float, ...] | None) -> Iterator[date]:
    """The days before `last` on which a question comes, from `day` on, if it is recalled each time."""
    while True:
        day = max(day, card.last_review + timedelta(1))
        span = schedule.brought_forward(card, day, until) if day <= until else None
        day = max(card.due, day) if span is None else span[0] + (span[1] - span[0]) // 2
        if day >= last:
            return
        yield day
        card = schedule.review(card, GOOD, day, parameters=parameters)


def pace(
    remaining_new: int, today_new: int, days: int, new_per_day: int, *, full: bool = False, work: Work | None = None
) -> Pace:
    """What so many new questions a day reach in so many days on which new ones come, of which today still holds
    `today_new`. More a day would be more today, too, unless it is `full`. `work` leaves less room on the others; where
    there is none, minutes are no limit."""
    if days <= 0:
        return Pace(0, remaining_new, None)

    def reached(per_day: int) -> int:
        first = min(today_new, per_day) + (0 if full else max(per_day - new_per_day, 0))
        return first + (days - 1) * per_day if work is None else work.new(first, per_day)

    most = range(remaining_new + new_per_day if work is None else math.ceil(work.capacity) + 1)
    needed = bisect_left(most, remaining_new, key=reached)
    held = needed == len(most) and reached(needed) < remaining_new
    return Pace(min(remaining_new, reached(new_per_day)), remaining_new, None if held else needed)
