"""When a question comes back: FSRS by the `fsrs` package, counted in local days.

Parameters are FSRS's defaults (retention 0.9). There are no learning steps and no fuzz: the first try of a day is the
one that counts, and Again comes back within the session without counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import fsrs


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


def review(card: Card | None, rating: int, day: date) -> Card:
    """The card after a rating from 1 (Again) to 4 (Easy) on a local day; `card` is None for a new question.

    Only the first rating of a day counts: on the day of the last review, or before it where a clock was set back, the
    card comes back as it is. Raises ValueError for another rating.
    """
    from fsrs import Rating

    known = Rating(rating)
    if card is not None and day <= card.last_review:
        return card
    after, _ = _scheduler().review_card(_for_fsrs(card, day), known, _noon(day))
    assert after.stability is not None and after.difficulty is not None
    return Card(
        due=after.due.date(),
        last_review=day,
        stability=after.stability,
        difficulty=after.difficulty,
        reps=card.reps + 1 if card else 1,
        lapses=card.lapses + (rating == Rating.Again) if card else 0,
    )


def intervals(card: Card | None, day: date) -> tuple[date, date, date, date]:
    """When the question would be due after Again, Hard, Good and Easy."""
    again, hard, good, easy = (review(card, rating, day).due for rating in (1, 2, 3, 4))
    return again, hard, good, easy


def due(cards: Mapping[str, Card], day: date) -> list[str]:
    """The questions due on a local day, the one most likely forgotten first."""
    waiting = [question for question, card in cards.items() if card.due <= day]
    return sorted(waiting, key=lambda question: _elapsed_stabilities(cards[question], day), reverse=True)


def _elapsed_stabilities(card: Card, day: date) -> float:
    """Retrievability is a falling function of this ratio alone."""
    return (day - card.last_review).days / card.stability


@cache
def _scheduler() -> fsrs.Scheduler:
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


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
