"""The demo's script fits the bank and the listings that it shows."""

from __future__ import annotations

from mtl_tui.flows.demo import IDLE_EXPERT, LISTING, SCRIPT, script
from quizzes.bank import load
from quizzes.question import FindBug, Single


def test_the_demo_points_at_the_softmax_line() -> None:
    bank = load()
    question = bank.questions[LISTING]
    assert isinstance(question, FindBug)
    right = [line.line for line in question.lines if line.right]
    assert right == [13]
    assert "tf.nn.softmax(" in bank.listings[question.listing][12]
    assert isinstance(bank.questions[IDLE_EXPERT], Single)
    assert bank.questions[IDLE_EXPERT].pairing == "idle-expert"


def test_a_short_demo_keeps_question_training_and_note_within_its_time() -> None:
    steps = script(60)
    keys = [key for step in steps for key in step.keys]
    assert "t" in keys and "4" in keys
    assert len(steps) < len(SCRIPT)
    assert 55 <= sum(step.seconds for step in steps) <= 60
