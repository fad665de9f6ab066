"""The report of a mock interview as Markdown: what was asked, what was answered, and how it went."""

import datetime

import pytest

from mtl_tui import locale
from mtl_tui.notes.interview import render
from quizzes import grading
from quizzes.bank import load
from quizzes.grading import Answer, Choice, Choices, GaveUp, LineNumber, Matched, Number, Order, Truth, Words
from quizzes.interview import Interview, Round
from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Predict,
    Question,
    Single,
    TrueFalse,
)

BANK = load()


def first(kind: type) -> Question:
    return next(each for each in BANK.in_path() if isinstance(each, kind) and (kind is not FindBug or each.reasons))


def written(question: Question, answer: Answer) -> str:
    """The report of an interview that asked only this."""
    locale.use("en")
    one = Round(question=question.id, suggested=60, answer=answer, confidence=3, seconds=42)
    begun = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    return render(
        Interview(id="i", begun=begun, minutes=15, topics=(), levels=(1, 5), seed=0, rounds=(one,)), BANK, None
    )


BUG = first(FindBug)
ANSWERS: list[tuple[type, Answer, str]] = [
    (Single, Choice(0), first(Single).options[0].text.en),
    (Predict, Choice(1), first(Predict).options[1].text.en),
    (Multiple, Choices((0, 1)), "; ".join(each.text.en for each in first(Multiple).options[:2])),
    (TrueFalse, Truth(True), "true"),
    (Numeric, Number("0.5"), "0.5"),
    (
        Ordering,
        Order(tuple(range(len(first(Ordering).items)))),
        " → ".join(each.text.en for each in first(Ordering).items),
    ),
    (
        Matching,
        Matched(tuple(range(len(first(Matching).pairs)))),
        "; ".join(f"{each.left.en}: {each.right.en}" for each in first(Matching).pairs),
    ),
    (FindBug, LineNumber(BUG.lines[0].line, 0), f"line {BUG.lines[0].line}: {BUG.reasons[0].text.en}"),
]


@pytest.mark.parametrize(("kind", "answer", "told"), ANSWERS)
def test_of_every_kind_it_says_what_was_chosen_and_whether_it_was_right(kind, answer, told) -> None:
    question = first(kind)
    right = "Right" if grading.grade(question, answer).right else "Wrong"
    text = written(question, answer).replace("\\", "")
    assert f"- {right}. I answered: {told}\n" in text and "- I was sure." in text and "- Time: 42 s." in text


@pytest.mark.parametrize("kind", [FreeText, Code])
def test_of_words_it_says_which_points_were_covered_and_which_are_missing(kind) -> None:
    question = first(kind)
    said, *left_out = (each.text.en for each in question.points)
    text = written(question, Words("x = 1\ny = 2", (0,))).replace("\\", "")
    assert "\nx = 1\ny = 2\n```\n\n- Wrong.\n" in text
    assert f"- Covered: {said}\n- Missing: {'; '.join(left_out)}\n" in text


def test_a_question_that_was_skipped_has_its_points_once() -> None:
    text = written(first(FreeText), GaveUp())
    assert "- I did not answer.\n" in text and text.count("Missing: ") == 1 and "Why that is wrong" not in text
