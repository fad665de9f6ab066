"""Answers of somebody whose memory is known, for the tests of fitting."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fsrs.scheduler import DEFAULT_PARAMETERS

from mtl_tui.store.store import Review, Store
from quizzes import forecast, schedule
from quizzes.grading import Truth
from quizzes.schedule import Card

QUICK_TO_FORGET = (0.05, 0.3, 0.8, 3.0, *DEFAULT_PARAMETERS[4:8], 1.2, *DEFAULT_PARAMETERS[9:20], 0.3)


def rate(store: Store, question: str, grade: int, at: datetime) -> Card:
    review = Review(
        question=question,
        answer=Truth(True),
        right=grade > 1,
        proposed=grade,
        grade=grade,
        confidence=None,
        seconds=9.0,
        at=at,
        language="en",
    )
    card = schedule.review(store.card(question), grade, at.date())
    store.record_review(review, card)
    return card


def forget_quickly(folder: Path) -> Path:
    """Fill a store with ninety days of somebody who forgets faster than FSRS's own parameters say; its folder."""
    store = Store.open(folder)
    draw = random.Random(1)
    believed: dict[str, Card] = {}
    true: dict[str, Card] = {}
    for at in (datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(ahead) for ahead in range(90)):
        day = at.date()
        tries = {
            id: 3 if draw.random() < forecast.retrievability(true[id], day, QUICK_TO_FORGET) else 1
            for id in schedule.due(believed, day)
        }
        tries |= {str(id): draw.choice((1, 3)) for id in range(len(believed), min(len(believed) + 5, 60))}
        for id, grade in tries.items():
            believed[id] = rate(store, id, grade, at)
            true[id] = schedule.review(true.get(id), grade, day, parameters=QUICK_TO_FORGET)
    store.close()
    return folder


def assert_remembered(store: Store, before: dict[str, Card], parameters: tuple[float, ...]) -> None:
    """Every card has the memory of these parameters, and is due when it was."""
    for id, card in store.cards().items():
        again: Card | None = None
        for review in store.reviews(id):
            again = schedule.review(again, review.grade, review.at.date(), parameters=parameters)
        assert again is not None
        assert (card.stability, card.difficulty) == (again.stability, again.difficulty) != (before[id].stability, 0)
        assert (card.due, card.reps, card.lapses) == (before[id].due, before[id].reps, before[id].lapses)
