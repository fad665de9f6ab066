"""`mtl-tui demo`: the program shows itself. Every run is real; nothing of the person is read but the language."""

from __future__ import annotations

from pathlib import Path

import click

from models.pairings import PAIRINGS
from mtl_tui import locale
from mtl_tui.commands.flat_out import train_pairing
from mtl_tui.commands.notes import save
from mtl_tui.commands.plain import Misuse, at_desk, lang_option, line, open_desk, show, speak
from mtl_tui.commands.screen import on_a_terminal
from mtl_tui.flows import explain
from mtl_tui.flows.demo import IDLE_EXPERT, home_of_its_own, questions, right_row
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.note import Draft
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import LANGUAGES, Language, pick, say, speaking
from mtl_tui.typeset import Block

SURE = 3


@click.command()
@click.option("--plain", is_flag=True, help="As text, also through a pipe.")
@click.option("--seconds", type=click.IntRange(min=1), default=300, show_default=True, help="Below 120: the short one.")
@lang_option
def demo(plain: bool, seconds: int, lang: Language | None) -> None:
    """A question, a real training run and a note, by themselves.

    It keeps its answers and runs in a folder of its own that is gone afterwards, and writes a note in the
    present folder.
    """
    speak(lang)
    with home_of_its_own():
        if not plain:
            _on_the_screen(seconds)
            return
        _as_text(seconds)


def _on_the_screen(seconds: int) -> None:
    if not on_a_terminal():
        raise Misuse(say("This is not a terminal: use mtl-tui demo --plain."))
    from mtl_tui.screens.demo import DemoApp

    desk = open_desk(locale.language(), notes_folder=".")
    desk.guard_seconds = 0.0
    desk.lab.pace = "1" if seconds >= 60 else "4"
    DemoApp(desk, seconds).run()
    for note in sorted(Path().glob(f"{desk.clock().date().isoformat()}-*.md")):
        click.echo(say("Written to {file}", file=note))


def _as_text(seconds: int) -> None:
    with at_desk(locale.language()) as desk:
        line(say("Guess first. Run it. Then conclude."), "lead")
        _caption(say("Every claim in an answer can be run."))
        session = desk.session_of(questions(seconds))
        _caption(say("Code from a blog: “share weights, optimise two tasks at once”."))
        _question(desk, session, say("The two columns are two tasks, yet they went through one softmax."))
        if session.phase != "over":
            _caption(say("Next: a gate hardly uses an expert. Does a gradient reach it?"))
            _question(desk, session, say("The explanation is one half; the other is the model that trains."))
            _other_language(desk)
        _caption(say("Today's answers and runs, written up as a note."))
        line()
        save(Draft(desk), Path())
        _caption(say("make run, and try it yourself."))


def _question(desk: Desk, session: QuizSession, caption: str) -> None:
    """Ask, answer rightly, explain, train what the question claims, and accept the grade."""
    keys = []
    while session.phase == "asking":
        show(Block(""), *explain.stem(session.answering), Block(""))
        for row in explain.rows(session.answering, -1):
            show(*row)
        right = right_row(session)
        session.choose(right)
        session.hand_in()
        keys.append(f"{right + 1} enter")
    session.answer_confidence(SURE)
    _caption(caption, " ".join([*keys, str(SURE)]))
    show(Block(""), *explain.verdict(session))
    pairing = PAIRINGS.get(session.question.pairing or "")
    if pairing is not None:
        _caption(say("Now the models themselves, trained here and now."), "t")
        line()
        train_pairing(desk.lab, pairing)
    assert session.grade is not None
    line(explain.proposal(session))
    session.rate(session.grade.proposed)


def _other_language(desk: Desk) -> None:
    other = next(each for each in LANGUAGES if each != locale.language())
    _caption(say("Chinese and English, switched at any time."), "z")
    line()
    with speaking(other):
        line(pick(desk.bank.questions[IDLE_EXPERT].say))


def _caption(text: str, keys: str = "") -> None:
    line()
    line(f"{text}  [{keys}]" if keys else text, "pick")
