"""What is kept under a name, of a question in most tables: `Store.keep(table, name, value)`; and of runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from quizzes.fitting import Fitted
from quizzes.grading import Picked
from quizzes.question import Text


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


class FittedParameters(Struct, frozen=True):
    """Table "fits": what the fitting process found, and when it was kept."""

    fitted: Fitted
    at: datetime


class KeptRun(Struct, frozen=True):
    """Table "runs": what is said of the run in the folder `run`; `held` is None where nothing was claimed."""

    run: str
    name: str
    seed: int
    at: Annotated[datetime, Meta(tz=True)]
    held: bool | None
    summary: Text


class Written(Struct, frozen=True):
    """Table "exports": the file that was written last, when, and from how many questions and runs."""

    file: str
    day: date
    questions: int
    runs: int
