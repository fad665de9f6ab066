"""What is marked at a question: set aside, drilled, begun. Kept with `Store.keep(table, question, mark)`."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from quizzes.grading import Picked


class Buried(Struct, frozen=True):
    """Table "buried": no session asks the question before this day."""

    until: date


class Suspended(Struct, frozen=True):
    """Table "suspended": no session asks the question until it is resumed; `for_good`: the person never wants it."""

    for_good: bool = False


class Drilled(Struct, frozen=True):
    """Table "drills": the last answer outside the schedule."""

    right: bool
    at: datetime


class Draft(Struct, frozen=True):
    """Table "drafts": an answer that was begun and not handed in."""

    text: str
    picked: Picked = Picked()


class Synonyms(Struct, frozen=True):
    """Table "synonyms": phrases that were accepted for one rubric point, written as those of a bank are."""

    phrases: tuple[str, ...]
