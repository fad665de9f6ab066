"""When a question comes back: FSRS by the `fsrs` package, counted in local days.

There are no learning steps: the first try of a day is the one that counts, and Again comes back within the session
without counting. Stability and difficulty are exactly FSRS's; only the day is chosen, the one with the least to do
inside the window from which FSRS would draw at random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    import fsrs

RETENTION = 0.9
LEECH_LAPSES = 4
LAST_DAYS = 3
"""The days before an interview that are kept for what lapsed and for weak topics."""
LAST_LOOK = 14
"""The days before an interview in which every question comes once more, less the last ones."""


class Card(Struct, frozen=True):
    """What the scheduler knows of a question once it was rated.

    `stability` is in days, `difficulty` from 1 to 10. `reps` counts the ratings that fed the schedule, `lapses` those
    that were Again, the first one apart.
    """

    due: date
    last_review: date
    stability: Annotated[float, Meta(gt=0)]
    difficulty: Annotated[float, Meta(ge=1, le=10)]
    reps: Annotated[int, Meta(ge=0)]
    lapses: Annotated[int, Meta(ge=0)]


def review(
    card: Card | None,
    rating: int,
    day: date,
    *,
    load: Mapping[date, int] | None = None,
    parameters: tuple[float, ...] | None = None,
    retention: float = RETENTION,
) -> Card:
    """The card after a rating from 1 (Again) to 4 (Easy) on a local day; `card` is None for a new question.

    Only the first rating of a day counts: on the day of the last review, or before it where a clock was set back, the
    card comes back as it is. `load`, cards due by day, lets the least loaded day of the window be taken; without it
    the interval is exact. `parameters` are FSRS's 21, None for its defaults; `retention` is the recall aimed at. Raises
    ValueError for another rating and for parameters out of bounds.
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
        exact = after.due.date()
        due = max(due, min(_fuzz(day, exact), key=lambda each: ((load or {}).get(each, 0), abs(each - exact))))
    assert after.stability is not None and after.difficulty is not None
    return Card(
        due=due,
        last_review=day,
        stability=after.stability,
        difficulty=after.difficulty,
        reps=card.reps + 1 if card else 1,
        lapses=card.lapses + (known == Rating.Again) if card else 0,
    )


def remembered(card: Card, history: Iterable[tuple[date, int]], parameters: tuple[float, ...] | None) -> Card:
    """The card with the stability and difficulty that its ratings give with other parameters.

    The day it is due stays, as do reps and lapses. A history, (day, rating) from the first on, that is not the card's
    own gives the card as it is. Raises ValueError for parameters out of bounds.
    """
    again: Card | None = None
    for day, rating in history:
        again = review(again, rating, day, parameters=parameters)
    if again is None or (again.reps, again.last_review) != (card.reps, card.last_review):
        return card
    return msgspec.structs.replace(card, stability=again.stability, difficulty=again.difficulty)


def due(cards: Mapping[str, Card], day: date) -> list[str]:
    """The questions due on a local day, the one most likely forgotten first."""
    return _by_risk({id: card for id, card in cards.items() if card.due <= day}, day)


def brought_forward(card: Card, day: date, until: date) -> tuple[date, date] | None:
    """The days between which an interview on the day `until` has a question come, seen from `day` up to it; None where
    it comes as the card has it.

    What would come later comes between two weeks and four days before the interview; what was rated in these two weeks,
    in the last three days; what was rated in those, on `until` itself. What is rated on that day comes after it.
    """
    first_look, last_look = until - timedelta(LAST_LOOK), until - timedelta(LAST_DAYS + 1)
    once_more = card.last_review < first_look and day <= last_look
    if card.due <= (last_look if once_more else until) or card.last_review >= until:
        return None
    if once_more:
        return max(first_look, day), last_look
    first = last_look + timedelta(1) if card.last_review <= last_look else until
    return max(first, day), max(until - timedelta(1), first, day)


def before_interview(cards: Mapping[str, Card], day: date, until: date | None) -> dict[str, Card]:
    """The cards as they come with an interview on the day `until`, seen from `day`: no interval passes it, see
    `brought_forward`. Of the days that a question may take it has the one with the least to do, the one most likely
    forgotten first. Without an interview ahead they are as they were."""
    if until is None or day > until:
        return dict(cards)
    spans = {id: span for id, card in cards.items() if (span := brought_forward(card, day, until)) is not None}
    load = Counter(max(card.due, day) for id, card in cards.items() if id not in spans)
    coming = dict(cards)
    for id in _by_risk({id: cards[id] for id in spans}, day):
        first, last = spans[id]
        days = (first + timedelta(ahead) for ahead in range((last - first).days + 1))
        coming[id] = msgspec.structs.replace(cards[id], due=min(days, key=lambda each: (load[each], each)))
        load[coming[id].due] += 1
    return coming


def leech(card: Card) -> bool:
    """Whether the question was forgotten so often that repeating it is no remedy."""
    return card.lapses >= LEECH_LAPSES


def _fuzz(day: date, exact: date) -> list[date]:
    """The days from which FSRS's fuzz draws; `fsrs` itself can overshoot them by one."""
    from fsrs.scheduler import FUZZ_RANGES

    interval = (exact - day).days
    if interval < FUZZ_RANGES[0]["start"]:
        return [exact]
    delta = 1 + sum(part["factor"] * max(min(interval, part["end"]) - part["start"], 0) for part in FUZZ_RANGES)
    days = range(max(2, round(interval - delta)), round(interval + delta) + 1)
    return [day + timedelta(ahead) for ahead in days]


def _by_risk(cards: Mapping[str, Card], day: date) -> list[str]:
    """The questions, the one most likely forgotten first."""
    return sorted(cards, key=lambda id: _elapsed_stabilities(cards[id], day), reverse=True)


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
