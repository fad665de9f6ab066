"""A drill before an interview: questions chosen by topic, kind, difficulty and what went wrong, never scheduled."""

from __future__ import annotations

import random
from datetime import datetime

from msgspec import Struct

from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.store.marks import Drilled
from quizzes.question import Question


class Choice(Struct, frozen=True):
    """Which questions to drill; an empty set leaves all. `wrong`: the last answer, drills included, was wrong."""

    topics: frozenset[str] = frozenset()
    kinds: frozenset[type[Question]] = frozenset()
    difficulties: frozenset[int] = frozenset()
    wrong: bool = False


def chosen(desk: Desk, choice: Choice) -> list[str]:
    """The questions of a choice along the path of the topics; none that is a draft or suspended."""
    wrong = missed(desk) if choice.wrong else None
    return [
        each.id
        for each in desk.day().asked()
        if (not choice.topics or each.topic in choice.topics)
        and (not choice.kinds or type(each) in choice.kinds)
        and (not choice.difficulties or each.difficulty in choice.difficulties)
        and (wrong is None or each.id in wrong)
    ]


def drill(desk: Desk, choice: Choice, length: int) -> QuizSession:
    """A session of at most so many of them in random order, which leaves the schedule alone."""
    questions = chosen(desk, choice)
    random.Random(desk.clock().isoformat()).shuffle(questions)
    return desk.session_of(questions[:length], counts=False)


def missed(desk: Desk) -> set[str]:
    """The questions whose last answer, in a session or a drill, was wrong."""
    last: dict[str, tuple[datetime, bool]] = {
        id: (drilled.at, drilled.right) for id, drilled in desk.store.kept("drills", Drilled).items()
    }
    for id in desk.bank.questions:
        review = desk.store.last_review(id)
        if review is not None and (id not in last or review.at > last[id][0]):
            last[id] = review.at, review.right
    return {id for id, (_, right) in last.items() if not right}
