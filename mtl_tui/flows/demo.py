"""The demo's script: what is pressed, for how long it stays, and what the caption says. Nothing in it is faked."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import later
from quizzes.question import FindBug, Single

LISTING = "listing1-softmax-line"
IDLE_EXPERT = "mmoe-idle-expert"
SHORT_SECONDS = 120
RIGHT = "the right answer"
"""Stands in a script for the keys that answer the question in front rightly."""


class Step(NamedTuple):
    """`keys` are pressed one after another, then the step stays until `seconds` have passed since it began.

    `short`: it is part of a demo under two minutes. `ends`: it also waits until the run in front has ended.
    """

    seconds: float
    keys: tuple[str, ...]
    caption: str
    short: bool = False
    ends: bool = False


SCRIPT: tuple[Step, ...] = (
    Step(8, (), later("Every claim in an answer can be run."), short=True),
    Step(
        20,
        ("enter",),
        later("Code from a blog: “share weights, optimise two tasks at once”."),
        True,
    ),
    Step(
        14,
        (RIGHT, "enter", RIGHT, "enter", "3"),
        later("The two columns are two tasks, yet they went through one softmax."),
        True,
    ),
    Step(30, ("t",), later("The explanation is one half; the other is the model that trains."), True, True),
    Step(20, ("enter",), later("Next: a gate hardly uses an expert. Does a gradient reach it?")),
    Step(12, (RIGHT, "enter", "2"), later("Whatever the answer says, it can be run at once.")),
    Step(5, ("t",), later("Now the models themselves, trained here and now.")),
    Step(12, ("space", "left", "left", "left"), later("Stop for a moment: what does the cursor read?")),
    Step(12, ("space", "=", "="), later("The learning rate changed on the way leaves a mark.")),
    Step(14, ("v",), later("Which task uses which expert can be seen too."), ends=True),
    Step(6, ("z",), later("Chinese and English, switched at any time.")),
    Step(4, ("z",), later("Chinese and English, switched at any time.")),
    Step(10, ("enter", "escape", "4"), later("Today's answers and runs, written up as a note."), True),
    Step(6, ("enter",), later("make run, and try it yourself."), True),
)


def script(seconds: float) -> list[Step]:
    """The steps for this many seconds: the short ones under two minutes, stretched or pressed to fit."""
    steps = [step for step in SCRIPT if step.short or seconds >= SHORT_SECONDS]
    factor = seconds / sum(step.seconds for step in steps)
    return [step._replace(seconds=step.seconds * min(factor, 1.5)) for step in steps]


def questions(seconds: float) -> list[str]:
    """The questions of a demo of this length."""
    return [LISTING] if seconds < SHORT_SECONDS else [LISTING, IDLE_EXPERT]


def right_row(session: QuizSession) -> int:
    """The row of the right answer of the question in front, or of the right reason once that is asked.

    Raises TypeError for a kind the demo does not show.
    """
    rows = session.answering.rows
    match session.question:
        case FindBug(reasons=reasons) if session.answering.asks_reason:
            return next(row for row, index in enumerate(rows) if reasons[index].right)
        case FindBug(lines=lines):
            return next(each.line for each in lines if each.right) - 1
        case Single(options=options):
            return next(row for row, index in enumerate(rows) if options[index].right)
        case other:
            raise TypeError(f"the demo cannot answer a {type(other).__name__}")


@contextlib.contextmanager
def home_of_its_own() -> Iterator[None]:
    """A home for answers and runs that is gone afterwards: nothing of the person is read or written."""
    before = os.environ.get("MTL_TUI_HOME")
    with tempfile.TemporaryDirectory(prefix="mtl-tui-demo-") as home:
        os.environ["MTL_TUI_HOME"] = home
        try:
            yield
        finally:
            if before is None:
                del os.environ["MTL_TUI_HOME"]
            else:
                os.environ["MTL_TUI_HOME"] = before
