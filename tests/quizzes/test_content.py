"""What a candidate can count on in every shipped question, whatever it asks."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from math import sqrt

import msgspec
import pytest

from quizzes.bank import BANK as FOLDER
from quizzes.bank import load
from quizzes.question import FindBug, Multiple, Predict, Question, Single, Text, TrueFalse

BANK = load()
QUESTIONS = list(BANK.questions.values())
CHOICES = [question for question in QUESTIONS if isinstance(question, Single | Multiple | Predict)]
LISTINGS = {
    "listing1": "04f3fd",
    "listing2": "b6ea75",
}


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_nothing_is_wrong_in_the_bank() -> None:
    assert [problem.sentence.en for problem in BANK.problems] == []


def test_the_bank_covers_what_it_promises() -> None:
    assert len(QUESTIONS) >= 64
    assert sum(question.pairing is not None for question in QUESTIONS) >= 40
    for id in ("why-advantages", "recipe-order", "listing1-repair", "listing2-repair"):
        assert id in BANK.questions, f"the article's own question {id} is missing"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_length_does_not_give_the_answer_away(language: str) -> None:
    """The longest option is right, and the shortest, no more often than chance with two standard errors."""
    longest = shortest = 0
    chance = variance = 0.0
    for question in CHOICES:
        lengths = [cells(getattr(option.text, language)) for option in question.options]
        right = [length for length, option in zip(lengths, question.options, strict=True) if option.right]
        longest += max(lengths) in right and lengths.count(max(lengths)) == 1
        shortest += min(lengths) in right and lengths.count(min(lengths)) == 1
        share = len(right) / len(lengths)
        chance, variance = chance + share, variance + share * (1 - share)
    bound = chance + 2 * sqrt(variance)
    assert longest <= bound
    assert shortest <= bound


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.id)
def test_options_are_of_like_length_and_teach(question: Single | Multiple | Predict) -> None:
    for language in ("zh", "en"):
        lengths = [cells(getattr(option.text, language)) for option in question.options]
        assert max(lengths) <= 1.5 * min(lengths)
    assert all(cells(option.why.en) >= 60 and cells(option.why.zh) >= 40 for option in question.options)


def test_true_and_false_are_both_among_the_answers() -> None:
    answers = Counter(question.answer for question in QUESTIONS if isinstance(question, TrueFalse))
    assert min(answers[True], answers[False]) >= 2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_an_answer_can_be_said_in_half_a_minute(question: Question) -> None:
    assert 30 <= len(question.say.en.split()) <= 95
    assert 3 <= len(question.facts) <= 6
    assert cells(question.usual.why.zh) >= 40
    assert question.pairing is None or question.look is not None


def test_find_the_bug_explains_every_other_wrong_line() -> None:
    for question in QUESTIONS:
        if isinstance(question, FindBug):
            assert any(line.right for line in question.lines)
            assert any(not line.right for line in question.lines), question.id


def test_listings_are_quoted_to_the_byte() -> None:
    digests = {
        name: hashlib.sha256("\n".join(BANK.listings[name]).encode()).hexdigest()[:6] for name in sorted(LISTINGS)
    }
    assert digests == LISTINGS


def test_no_text_is_cut_short_by_a_comment() -> None:
    """In YAML a number sign after a blank ends a text that is not quoted."""
    cut = re.compile(r"\b(zh|en): [^\"'>|].* #")
    assert [line for file in FOLDER.glob("*.yaml") for line in file.read_text().splitlines() if cut.search(line)] == []


def test_no_text_is_left_in_the_other_language() -> None:
    def texts(value: object) -> list[Text]:
        if isinstance(value, Text):
            return [value]
        if isinstance(value, msgspec.Struct):
            return [text for field in value.__struct_fields__ for text in texts(getattr(value, field))]
        return [text for item in value for text in texts(item)] if isinstance(value, tuple) else []

    for question in QUESTIONS:
        for text in texts(question):
            assert not any("\u4e00" <= char <= "\u9fff" for char in text.en), f"{question.id}: {text.en}"
