"""What the schedule promises: how likely each question is remembered, and how much comes on the days ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from quizzes.schedule import Card


def retrievability(card: Card, day: date, parameters: tuple[float, ...] | None = None) -> float:
    """The probability that a question is recalled on a local day, by FSRS's forgetting curve.

    R = (1 + F t / S) ** -w20 with F = 0.9 ** (-1 / w20) - 1, t days after the last review (FSRS-6).
    """
    decay = -(parameters or _defaults())[20]
    factor = 0.9 ** (1 / decay) - 1
    elapsed = max((day - card.last_review).days, 0)
    return float((1 + factor * elapsed / card.stability) ** decay)


def load(due: Iterable[date], day: date, days: int) -> list[int]:
    """How many questions are due on each of so many days from `day` on; what is overdue counts on the first."""
    counts = [0] * days
    for each in due:
        ahead = max((each - day).days, 0)
        if ahead < days:
            counts[ahead] += 1
    return counts


def _defaults() -> tuple[float, ...]:
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return DEFAULT_PARAMETERS
