"""A mock interview: which questions it asks, what is kept of it, and what its report says.

`compose` and `report` are pure: the same bank and seed give the same interview, the same answers the same figures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from quizzes import grading, reading
from quizzes.bank import REFERENCE, Bank
from quizzes.grading import Answer, GaveUp, Picked, Words
from quizzes.question import Code, FreeText, Point, Question, Text

MINUTES: tuple[Literal[15, 30, 45], ...] = (15, 30, 45)
AFTER_SECONDS = 30
"""What confidence, points and follow-ups take after each answer."""
NUDGE = 1.5
"""A question that has taken this many times its suggested seconds is overdue."""
STUDY_NEXT = 5


class Round(Struct, frozen=True, kw_only=True):
    """One question of an interview. `answer` is None until it is handed in; in `Words` it has the points that were
    ticked. `draft` and `picked` are what was begun of it. `follow_ups` counts those that were shown. `seconds` were
    spent before handing in, `suggested` is what a prepared person needs.
    """

    question: str
    suggested: int
    answer: Answer | None = None
    draft: str = ""
    picked: Picked = Picked()
    follow_ups: int = 0
    confidence: int | None = None
    seconds: float = 0.0

    @property
    def overdue(self) -> bool:
        """Half as much again as the suggested time is over."""
        return self.seconds >= NUDGE * self.suggested


class Interview(Struct, frozen=True, kw_only=True):
    """An interview as it is kept. `place` is the round in front, `len(rounds)` the closing card; `ended` is None while
    it can be resumed. No `topics` means all; `levels` are the lowest and the highest difficulty. `seconds` is the time
    of the whole interview without the `paused` seconds.
    """

    id: str
    begun: datetime
    minutes: int
    topics: tuple[str, ...]
    levels: tuple[int, int]
    seed: int
    rounds: tuple[Round, ...]
    place: int = 0
    scratch: str = ""
    seconds: float = 0.0
    paused: float = 0.0
    ended: datetime | None = None


def compose(
    asked: Iterable[Question],
    minutes: int,
    topics: Collection[str] = (),
    levels: tuple[int, int] = (1, 5),
    seed: int = 0,
    lately: Collection[str] = (),
) -> tuple[Round, ...]:
    """Of the questions that may be asked, some whose suggested time, with `AFTER_SECONDS` each, fits the minutes; no
    two siblings.

    One question in words and one in code come first, then more of both while they take no more than half of the time.
    The rest is for the other kinds, and where none of those fits for words and code again. What was not asked `lately`
    comes first, and of that the topic asked least. Difficulty rises from the first question to the last. Empty where
    nothing fits.
    """
    candidates = [
        each for each in asked if (not topics or each.topic in topics) and levels[0] <= each.difficulty <= levels[1]
    ]
    random.Random(seed).shuffle(candidates)
    chosen: list[Question] = []
    budget = minutes * 60
    for kind in (FreeText, Code):
        _fill(chosen, (each for each in candidates if isinstance(each, kind)), budget, lately, most=1)
    written = [each for each in candidates if isinstance(each, FreeText | Code)]
    others = [each for each in candidates if not isinstance(each, FreeText | Code)]
    _fill(chosen, written, budget // 2, lately)
    _fill(chosen, others, budget, lately)
    _fill(chosen, written, budget, lately)
    chosen.sort(key=lambda each: (each.difficulty, isinstance(each, FreeText | Code)))
    return tuple(Round(question=each.id, suggested=each.seconds) for each in chosen)


def _fill(
    chosen: list[Question],
    candidates: Iterable[Question],
    budget: int,
    lately: Collection[str],
    most: int | None = None,
) -> None:
    """Add candidates while one fits into the budget (seconds), those not asked lately and of the least asked topic
    first."""
    left = list(candidates)
    added = 0
    while most is None or added < most:
        used = sum(each.seconds + AFTER_SECONDS for each in chosen)
        siblings = {each.sibling for each in chosen if each.sibling}
        left = [
            each
            for each in left
            if each not in chosen and each.sibling not in siblings and used + each.seconds + AFTER_SECONDS <= budget
        ]
        if not left:
            return
        asked = Counter(each.topic for each in chosen)
        chosen.append(min(left, key=lambda each: (each.id in lately, asked[each.topic])))
        added += 1


class Figures(Struct, frozen=True):
    """Of the rounds that were answered or skipped: how many, how many right, rubric points covered and asked for,
    seconds taken and suggested."""

    asked: int = 0
    right: int = 0
    covered: int = 0
    points: int = 0
    seconds: float = 0.0
    suggested: int = 0


class Sureness(Struct, frozen=True):
    """Answers given with one confidence (1 guess, 2 not sure, 3 sure), and how many of them were right."""

    confidence: int
    answered: int
    right: int


class Missed(Struct, frozen=True):
    """A question to study next, and why: `sure-wrong`, `wrong`, `skipped`, or `points` that were left out."""

    question: str
    why: Literal["sure-wrong", "wrong", "skipped", "points"]
    points: tuple[Point, ...] = ()


class Marked(Struct, frozen=True):
    """A round that was answered or skipped: whether it was right, and the rubric points that it left out."""

    question: Question
    round: Round
    right: bool
    missed: tuple[Point, ...]


class Report(Struct, frozen=True):
    """What an interview showed, `marked` and `topics` in the order of asking: few answers are counts, no ranking.
    `study` is at most five questions, what was wrong though sure first. `planned` counts the rounds, `gone` the
    answered ones whose question the bank no longer has."""

    marked: tuple[Marked, ...]
    topics: dict[str, Figures]
    total: Figures
    sureness: tuple[Sureness, ...]
    study: tuple[Missed, ...]
    planned: int
    gone: int


def report(interview: Interview, bank: Bank) -> Report:
    """The figures of an interview, finished or not: rounds without an answer are left out."""
    marked = tuple(_marked(interview, bank))
    answered = sum(each.answer is not None for each in interview.rounds)
    topics = dict.fromkeys(each.question.topic for each in marked)
    return Report(
        marked=marked,
        topics={topic: _figures(each for each in marked if each.question.topic == topic) for topic in topics},
        total=_figures(marked),
        sureness=tuple(_sureness(marked)),
        study=tuple(_study(marked)),
        planned=len(interview.rounds),
        gone=answered - len(marked),
    )


def _marked(interview: Interview, bank: Bank) -> Iterator[Marked]:
    for each in interview.rounds:
        question = bank.questions.get(each.question)
        if question is None or each.answer is None:
            continue
        answer = each.answer
        missed: tuple[Point, ...] = ()
        if isinstance(question, FreeText | Code):
            covered = answer.points or () if isinstance(answer, Words) else ()
            missed = tuple(point for n, point in enumerate(question.points) if n not in covered)
            if isinstance(answer, Words):
                answer = Words(answer.text, tuple(covered))
        try:
            grade = grading.grade(question, answer)
        except TypeError:  # the question became one of another kind
            continue
        yield Marked(question, each, isinstance(grade, grading.Grade) and grade.right, missed)


def _figures(marked: Iterable[Marked]) -> Figures:
    total = Figures()
    for each in marked:
        points = len(each.question.points) if isinstance(each.question, FreeText | Code) else 0
        total = Figures(
            total.asked + 1,
            total.right + each.right,
            total.covered + points - len(each.missed),
            total.points + points,
            total.seconds + each.round.seconds,
            total.suggested + each.round.suggested,
        )
    return total


def _sureness(marked: Iterable[Marked]) -> Iterator[Sureness]:
    given = [(each.round.confidence, each.right) for each in marked if not isinstance(each.round.answer, GaveUp)]
    for confidence in (1, 2, 3):
        rights = [right for sure, right in given if sure == confidence]
        if rights:
            yield Sureness(confidence, len(rights), sum(rights))


_ORDER = ("sure-wrong", "wrong", "skipped", "points")


def _study(marked: Iterable[Marked]) -> list[Missed]:
    missed = []
    for each in marked:
        if isinstance(each.round.answer, GaveUp):
            missed.append(Missed(each.question.id, "skipped", each.missed))
        elif not each.right:
            missed.append(
                Missed(each.question.id, "sure-wrong" if each.round.confidence == 3 else "wrong", each.missed)
            )
        elif each.missed:
            missed.append(Missed(each.question.id, "points", each.missed))
    return sorted(missed, key=lambda each: _ORDER.index(each.why))[:STUDY_NEXT]


class Theme(Struct, frozen=True, forbid_unknown_fields=True):
    """Questions to the interviewers on one subject, and what their answer tells."""

    title: Text
    ask: tuple[Text, ...]
    listen: Text


def ask_them() -> tuple[Theme, ...]:
    """What to ask the interviewers at the end."""
    return msgspec.convert(reading.plain((REFERENCE / "ask-them.yaml").read_bytes()), tuple[Theme, ...])
