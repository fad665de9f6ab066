"""`mtl-tui demo`: the program shows itself. Every run is real; nothing of the person is read but the language."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from models.pairings import PAIRINGS
from mtl_tui import locale
from mtl_tui.commands.flat_out import train_pairing
from mtl_tui.commands.notes import note_of, save
from mtl_tui.commands.plain import at_desk, lang_option, line, show, speak
from mtl_tui.flows import explain
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import LANGUAGES, Language, pick, say, speaking
from mtl_tui.typeset import Block
from quizzes.question import FindBug, Single

LISTING = "listing1-softmax-line"
IDLE_EXPERT = "mmoe-idle-expert"
SHORT_SECONDS = 120
NOTE = Path("notes") / "demo.md"
SURE = 3


@click.command()
@click.option("--plain", is_flag=True, expose_value=False, help="As text, also through a pipe.")
@click.option("--seconds", type=click.IntRange(min=1), default=300, show_default=True, help="Below 120: the short one.")
@lang_option
def demo(seconds: int, lang: Language | None) -> None:
    """A question, a real training run and a note, by themselves.

    It keeps its answers and runs in a folder of its own that is gone afterwards, and writes notes/demo.md in the
    present folder.
    """
    speak(lang)
    with _home_of_its_own(), at_desk(locale.language()) as desk:
        line(say("Guess first. Run it. Then conclude."), "lead")
        _caption(say("Every claim in an answer can be run."))
        session = desk.session_of([LISTING] if seconds < SHORT_SECONDS else [LISTING, IDLE_EXPERT])
        _caption(say("Multi-task code from a blog, said to “share weights and optimise two tasks at once”."))
        _question(desk, session, say("The two columns are two tasks, yet they went through one softmax."))
        if session.phase != "over":
            _caption(say("Another question: the gate hardly uses an expert. Does a gradient still reach it?"))
            _question(desk, session, say("The explanation is one half; the other is the model that trains."))
            _other_language(desk)
        _caption(say("Today's answers and runs, written up as a note."))
        line()
        save(note_of(desk), NOTE)
        _caption(say("make run, and try it yourself."))


@contextlib.contextmanager
def _home_of_its_own() -> Iterator[None]:
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


def _question(desk: Desk, session: QuizSession, caption: str) -> None:
    """Ask, answer rightly, explain, train what the question claims, and accept the grade."""
    show(Block(""), *explain.stem(session), Block(""))
    for row in explain.rows(session, -1):
        show(*row)
    right = _right_row(session)
    session.choose(right)
    session.hand_in()
    session.answer_confidence(SURE)
    _caption(caption, f"{right + 1} enter {SURE}")
    show(Block(""), *explain.verdict(session))
    pairing = PAIRINGS.get(session.question.pairing or "")
    if pairing is not None:
        _caption(say("Now the models themselves, trained here and now."), "t")
        line()
        train_pairing(desk.lab, pairing)
    assert session.grade is not None
    line(explain.proposal(session))
    session.rate(session.grade.proposed)


def _right_row(session: QuizSession) -> int:
    match session.question:
        case FindBug(lines=lines):
            return next(each.line for each in lines if each.right) - 1
        case Single(options=options):
            return next(row for row, index in enumerate(session.rows) if options[index].right)
        case other:
            raise TypeError(f"the demo cannot answer a {type(other).__name__}")


def _other_language(desk: Desk) -> None:
    other = next(each for each in LANGUAGES if each != locale.language())
    _caption(say("Chinese and English, switched at any time."), "z")
    line()
    with speaking(other):
        line(pick(desk.bank.questions[IDLE_EXPERT].say))


def _caption(text: str, keys: str = "") -> None:
    line()
    line(f"{text}  [{keys}]" if keys else text, "pick")
