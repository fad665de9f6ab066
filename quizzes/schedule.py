"""When a question comes back: FSRS by the `fsrs` package, counted in local days.

There are no learning steps: the first try of a day is the one that counts, and Again comes back within the session
without counting. Stability and difficulty are exactly FSRS's; only the day is chosen, the one with the least to do
inside the window from which FSRS would draw at random.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import fsrs

RETENTION = 0.9
LEECH_LAPSES = 4
LAST_DAYS = 3
"""The days before an interview that are kept for what lapsed and for weak topics."""


class Card(Struct, frozen=True):
    """What the scheduler knows of a question once it was rated.

    `stability` is in days, `difficulty` from 1 to 10. `reps` counts the ratings that fed the schedule, `lapses` those
    that were Again, the first one apart.
    """

    due: date
    last_review: date
    stability: float
    difficulty: float
    reps: int
    lapses: int


def review(
    card: Card | None,
    rating: int,
    day: date,
    *,
    load: Mapping[date, int] | None = None,
    until: date | None = None,
    parameters: tuple[float, ...] | None = None,
    retention: float = RETENTION,
) -> Card:
    """The card after a rating from 1 (Again) to 4 (Easy) on a local day; `card` is None for a new question.

    Only the first rating of a day counts: on the day of the last review, or before it where a clock was set back, the
    card comes back as it is. `load`, cards due by day, lets the least loaded day of the window be taken; without it
    the interval is exact. `until` is the day of an interview, see `latest`. `parameters` are FSRS's 21, None for its
    defaults; `retention` is the recall aimed at. Raises ValueError for another rating and for parameters out of bounds.
    """
    from fsrs import Rating

    known = Rating(rating)
    if card is not None and day <= card.last_review:
        return card
    scheduler = _scheduler(parameters, retention)
    before = _for_fsrs(card, day)
    due = day
    for each in (known,) if load is None else [lower for lower in Rating if lower <= known]:
        after, _ = scheduler.review_card(before, each, _noon(day))
        due = max(due, _due(day, after.due.date(), load, latest(day, until)))
    assert after.stability is not None and after.difficulty is not None
    return Card(
        due=due,
        last_review=day,
        stability=after.stability,
        difficulty=after.difficulty,
        reps=card.reps + 1 if card else 1,
        lapses=card.lapses + (known == Rating.Again) if card else 0,
    )


def intervals(
    card: Card | None,
    day: date,
    *,
    load: Mapping[date, int] | None = None,
    until: date | None = None,
    parameters: tuple[float, ...] | None = None,
    retention: float = RETENTION,
) -> tuple[date, date, date, date]:
    """When the question would be due after Again, Hard, Good and Easy; arguments as in `review`."""
    again, hard, good, easy = (
        review(card, rating, day, load=load, until=until, parameters=parameters, retention=retention).due
        for rating in (1, 2, 3, 4)
    )
    return again, hard, good, easy


def latest(day: date, until: date | None) -> date:
    """The last day on which a question rated on `day` may be due, with an interview on the day `until`.

    That is the last day before the final ones, so that everything comes once more while ordinary reviews still do;
    within the final days the eve of the interview; on the eve the interview's own day. From then on there is no limit.
    """
    if until is None or day >= until:
        return date.max
    last_ordinary = until - timedelta(LAST_DAYS + 1)
    if day < last_ordinary:
        return last_ordinary
    return max(until - timedelta(1), day + timedelta(1))


def due(cards: Mapping[str, Card], day: date) -> list[str]:
    """The questions due on a local day, the one most likely forgotten first."""
    waiting = [question for question, card in cards.items() if card.due <= day]
    return sorted(waiting, key=lambda question: _elapsed_stabilities(cards[question], day), reverse=True)


def leech(card: Card) -> bool:
    """Whether the question was forgotten so often that repeating it is no remedy."""
    return card.lapses >= LEECH_LAPSES


def _due(day: date, exact: date, load: Mapping[date, int] | None, latest: date) -> date:
    """The least loaded day of the window, of equals the one nearest to the exact day, of these the earlier."""
    interval = (min(exact, latest) - day).days
    if load is None:
        return day + timedelta(interval)
    window = [each for each in _window(day, interval) if each <= latest]
    return min(window, key=lambda each: (load.get(each, 0), abs((each - day).days - interval)))


def _window(day: date, interval: int) -> Iterator[date]:
    """The days from which FSRS's fuzz draws, the earliest first; `fsrs` itself can overshoot it by one."""
    from fsrs.scheduler import FUZZ_RANGES

    delta = sum(part["factor"] * max(min(interval, part["end"]) - part["start"], 0) for part in FUZZ_RANGES)
    if interval < FUZZ_RANGES[0]["start"]:
        first = last = interval
    else:
        first, last = max(2, round(interval - 1 - delta)), round(interval + 1 + delta)
    return (day + timedelta(days) for days in range(first, last + 1))


def _elapsed_stabilities(card: Card, day: date) -> float:
    """Retrievability is a falling function of this ratio alone."""
    return (day - card.last_review).days / card.stability


@cache
def _scheduler(parameters: tuple[float, ...] | None, retention: float) -> fsrs.Scheduler:
    from fsrs import Scheduler
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return Scheduler(
        parameters=parameters or DEFAULT_PARAMETERS,
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        enable_fuzzing=False,
    )


def _for_fsrs(card: Card | None, day: date) -> fsrs.Card:
    """Its id is not used by the scheduler, but without one `fsrs` sleeps to make it unique."""
    import fsrs

    if card is None:
        return fsrs.Card(card_id=0, due=_noon(day))
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_noon(card.due),
        last_review=_noon(card.last_review),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
