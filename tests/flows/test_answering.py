"""What was begun of an answer stands again as it was left."""

import pytest

from mtl_tui.flows.answering import Answering
from quizzes.bank import load

BANK = load()


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("why-cost", [2]),
        ("mmoe-one-gate", [1]),
        ("recipe-raw-columns", [1]),
        ("bias-exposure", [0, 2]),
        ("recipe-order", [3, 0]),
        ("listing1-softmax-line", [4]),
    ],
)
def test_what_was_chosen_is_chosen_again(question: str, rows: list[int]) -> None:
    left = Answering(BANK, BANK.questions[question], 5)
    for row in rows:
        left.choose(row)
    again = Answering(BANK, left.question, 5, "", left.picked)
    assert again.answer() == left.answer()
    assert (again.chosen, again.ticked, again.order) == (left.chosen, left.ticked, left.order)


def test_the_reason_for_a_line_is_chosen_again() -> None:
    question = BANK.questions["listing1-softmax-line"]
    left = Answering(BANK, question, 5)
    left.choose(next(line.line for line in question.lines if line.right) - 1)
    left.hand_in()
    left.choose(1)
    again = Answering(BANK, question, 5, "", left.picked)
    assert left.asks_reason and again.answer() == left.answer() is not None


def test_an_option_that_is_gone_is_not_chosen() -> None:
    left = Answering(BANK, BANK.questions["listing1-softmax-line"], 5)
    left.choose(30)
    assert Answering(BANK, BANK.questions["why-cost"], 5, "", left.picked).chosen is None
