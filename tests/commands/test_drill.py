"""What `mtl-tui quiz --due` and `--cram` ask, and that a drill leaves the schedule alone."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtl_tui.commands.plain import Misuse, at_desk
from mtl_tui.commands.quiz import drill_of, due_of
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.drill import Choice, chosen
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.store.store import Store
from quizzes.question import FreeText, Numeric

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with at_desk("en") as desk:
        yield desk


def give_up(session: QuizSession) -> str:
    question = session.question.id
    session.give_up()
    session.rate(1)
    return question


def test_a_drill_in_lines_leaves_no_review_and_no_card(program: Program, home: Path) -> None:
    done = program(
        "quiz", "--plain", "--cram", "--kind", "numeric", "--length", "1", "--lang", "en", written="pass\n\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Answered: 1, right: 0.\n")
    store = Store.open(home / "data")
    assert (store.reviews(), store.cards()) == ([], {})
    store.close()


def test_what_was_missed_comes_until_it_is_known(desk: Desk) -> None:
    missed = give_up(desk.session())
    drilled = give_up(drill_of(desk, None, ["numeric"], [], wrong=False))
    wrong = Choice(wrong=True)
    assert set(chosen(desk, wrong)) == {missed, drilled}
    session = drill_of(desk, None, ["numeric"], [], wrong=True)
    assert session.question.id == drilled
    assert isinstance(session.question, Numeric)
    session.answering.text = str(session.question.answer)
    session.hand_in()
    session.answer_confidence(3)
    session.rate(3)
    assert chosen(desk, wrong) == [missed]
    assert list(desk.store.cards()) == [missed]
    desk.reset(missed)
    assert chosen(desk, wrong) == [missed]


def test_a_choice_keeps_to_all_of_its_conditions(desk: Desk) -> None:
    choice = Choice(frozenset({"T03", "T04"}), frozenset({FreeText}), frozenset({3}))
    assert set(chosen(desk, choice)) >= {"free-expert-utilisation", "free-ple-spaces"}
    assert {desk.bank.questions[id].topic for id in chosen(desk, choice)} == {"T03", "T04"}
    assert chosen(desk, Choice(frozenset({"T03"}), frozenset({FreeText}), frozenset({5}))) == []


def test_only_what_is_due_is_asked(desk: Desk) -> None:
    assert due_of(desk, None).phase == "over"
    missed = give_up(desk.session())
    today = desk.clock()
    desk.clock = lambda: today + datetime.timedelta(days=30)
    assert [entry.question for entry in due_of(desk, None).queue] == [missed]


def test_a_choice_of_nothing_is_said(desk: Desk) -> None:
    with pytest.raises(Misuse):
        drill_of(desk, None, [], [], wrong=True)
    with pytest.raises(Misuse):
        drill_of(desk, "T99", [], [], wrong=False)


@pytest.mark.parametrize("arguments", [("--due", "--cram"), ("--wrong",)])
def test_options_that_do_not_go_together_are_refused(program: Program, arguments: tuple[str, ...]) -> None:
    done = program("quiz", "--plain", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and "--cram" in done.stderr
