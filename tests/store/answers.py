"""Answers to put into a store."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from mtl_tui.store.marks import KeptRun
from mtl_tui.store.store import Review, Store
from quizzes.grading import Choice
from quizzes.question import Text
from quizzes.schedule import Card, review

ROOT = Path(__file__).parents[2]
DAY = date(2025, 11, 24)
SHANGHAI = timezone(timedelta(hours=8))


def answer(question: str = "q", day: date = DAY, right: bool = True) -> Review:
    return Review(
        question=question,
        answer=Choice(1),
        right=right,
        proposed=3 if right else 1,
        grade=3 if right else 1,
        confidence=2,
        seconds=12.5,
        at=datetime(day.year, day.month, day.day, 0, 30, tzinfo=SHANGHAI),
        language="zh",
    )


def ran(run: str) -> KeptRun:
    return KeptRun(run, "one-gate", 7, datetime(2025, 11, 24, tzinfo=SHANGHAI), True, Text("如解释所说", "as said"))


def rate(store: Store, question: str = "q", day: date = DAY, right: bool = True) -> Card:
    card = review(store.card(question), 3 if right else 1, day)
    store.record_review(answer(question, day, right), card)
    return card
