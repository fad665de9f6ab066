"""An answer to a grade: right or wrong with the reason of every option, and the rating proposed to the scheduler."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from typing import Literal

from msgspec import Struct

from quizzes.question import FindBug, Numeric, Ordering, Question, Single, Text, TrueFalse

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

Reason = Literal[
    "right", "wrong", "gave-up", "hint-used", "unaided", "must-missing", "bonus-missing", "reason-wrong", "fast"
]


class Choice(Struct, frozen=True, tag="choice"):
    """The chosen option of a single choice, by its index in the file."""

    index: int


class Truth(Struct, frozen=True, tag="truth"):
    """Whether the sentence was taken to be true."""

    value: bool


class Number(Struct, frozen=True, tag="number"):
    """A number as it was typed."""

    text: str


class Order(Struct, frozen=True, tag="order"):
    """The items of an ordering in the order given, by their indices in the file."""

    items: tuple[int, ...]


class LineNumber(Struct, frozen=True, tag="line"):
    """A line of the listing, counted from 1, and the reason chosen for it, by its index in the file."""

    line: int
    reason: int | None = None


class Choices(Struct, frozen=True, tag="choices"):
    """The chosen options of a multiple choice, by their indices in the file, ascending."""

    indices: tuple[int, ...]


class Matched(Struct, frozen=True, tag="matched"):
    """For each left side, in the order of the file, the index of the right side given to it."""

    rights: tuple[int, ...]


class Words(Struct, frozen=True, tag="words"):
    """A free text or code as written, and the points that count as covered, by index, ascending; None until the
    patterns or the person have said so."""

    text: str
    points: tuple[int, ...] | None = None


class GaveUp(Struct, frozen=True, tag="gave-up"):
    """“I do not know”, to any question."""


Answer = Choice | Choices | Truth | Number | Order | Matched | LineNumber | Words | GaveUp


class Verdict(Struct, frozen=True):
    """What is said of one option, item, slip or line.

    `key` is its index in the file (true and false are 0 and 1), or the number of the line. For an item of an ordering
    `right` says that it stood in its place, else that it is the right answer; `chosen` that it was the answer given.
    """

    key: int
    right: bool
    chosen: bool
    why: Text


class Grade(Struct, frozen=True):
    """`proposed` is a rating from 1 (Again) to 4 (Easy), which the person may change; `reasons` are why."""

    right: bool
    proposed: int
    reasons: tuple[Reason, ...]
    verdicts: tuple[Verdict, ...]


class PickAgain(Struct, frozen=True):
    """The line is truly wrong but does not cause the symptom asked about: no grade, no loss."""

    line: int
    why: Text


class Unreadable(Struct, frozen=True):
    """What was typed is not a number: no grade, no loss."""

    message: Text


def grade(question: Question, answer: Answer, hint_used: bool = False) -> Grade | PickAgain | Unreadable:
    """Grade an answer. Wrong or given up proposes Again; right with a hint Hard; right unaided Good, never Easy.

    Raises TypeError if the answer is of another kind than the question.
    """
    match question, answer:
        case Single(), Choice() | GaveUp():
            chosen = answer.index if isinstance(answer, Choice) else None
            verdicts = tuple(
                Verdict(index, option.right, index == chosen, option.why)
                for index, option in enumerate(question.options)
            )
        case TrueFalse(), Truth() | GaveUp():
            value = answer.value if isinstance(answer, Truth) else None
            verdicts = tuple(
                Verdict(
                    index,
                    side is question.answer,
                    side is value,
                    question.why if side is question.answer else question.trap,
                )
                for index, side in enumerate((True, False))
            )
        case Numeric(), Number() | GaveUp():
            return _grade_number(question, answer, hint_used)
        case Ordering(), Order() | GaveUp():
            given = answer.items if isinstance(answer, Order) else ()
            verdicts = tuple(
                Verdict(index, given[index : index + 1] == (index,), bool(given), item.why)
                for index, item in enumerate(question.items)
            )
            return _rated(bool(given) and all(verdict.right for verdict in verdicts), answer, hint_used, verdicts)
        case FindBug(), LineNumber() | GaveUp():
            return _grade_line(question, answer, hint_used)
        case _:
            raise TypeError(f"{type(answer).__name__} does not answer a {type(question).__name__}")
    return _rated(any(verdict.right and verdict.chosen for verdict in verdicts), answer, hint_used, verdicts)


def _rated(right: bool, answer: Answer, hint_used: bool, verdicts: tuple[Verdict, ...]) -> Grade:
    if isinstance(answer, GaveUp):
        return Grade(False, AGAIN, ("gave-up",), verdicts)
    if not right:
        return Grade(False, AGAIN, ("wrong",), verdicts)
    if hint_used:
        return Grade(True, HARD, ("right", "hint-used"), verdicts)
    return Grade(True, GOOD, ("right", "unaided"), verdicts)


def _grade_number(question: Numeric, answer: Number | GaveUp, hint_used: bool) -> Grade | Unreadable:
    value = math.nan
    if isinstance(answer, Number):
        read = read_number(answer.text, in_per_cent=_asks_per_cent(question.form))
        if read is None:
            return Unreadable(_not_a_number(answer.text))
        value = read

    def near(target: float) -> bool:
        return abs(value - target) <= question.tolerance + 1e-9 * max(1.0, abs(target))

    right = near(question.answer)
    verdicts = tuple(
        Verdict(index, False, not right and near(slip.value), slip.why) for index, slip in enumerate(question.slips)
    )
    return _rated(right, answer, hint_used, verdicts)


def _grade_line(question: FindBug, answer: LineNumber | GaveUp, hint_used: bool) -> Grade | PickAgain:
    line = answer.line if isinstance(answer, LineNumber) else None
    wrong = {entry.line: entry for entry in question.lines}
    if line in wrong and not wrong[line].right:
        return PickAgain(line, wrong[line].why)
    verdicts = tuple(Verdict(entry.line, entry.right, entry.line == line, entry.why) for entry in question.lines)
    if line is not None and line not in wrong:
        verdicts += (Verdict(line, False, True, question.innocent),)
    return _rated(line in wrong, answer, hint_used, verdicts)


_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def read_number(text: str, in_per_cent: bool = False) -> float | None:
    """A number as people type it, None if it is none.

    Full-width forms and the ideographic full stop of an input method left on, thousands separators, `%` and exponents
    are read. `in_per_cent`: per cents are asked for, so that `12 %` is 12, not 0.12.
    """
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace("−", "-").strip()
    number = plain.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(number):
        return None
    value = float(number.replace(",", ""))
    if not math.isfinite(value):
        return None
    return value / 100 if plain.endswith("%") and not in_per_cent else value


def _asks_per_cent(form: Text) -> bool:
    return "%" in form.zh or "百分" in form.zh


def _not_a_number(text: str) -> Text:
    return Text(
        zh=f"「{text.strip()}」不是一个数，写成 0.3、2,368、12 % 或 1e-3 的样子再交卷；这次不算。",
        en=f'"{text.strip()}" is not a number; write it as 0.3, 2,368, 12 % or 1e-3. This try does not count.',
    )


def shuffle(question: Question, seed: int) -> tuple[int, ...]:
    """The order in which options or items stand on screen, as indices into the file; empty where nothing is shuffled.

    The same question and seed give the same order. Items of an ordering never stand in the right order.
    """
    match question:
        case Single(options=parts) | Ordering(items=parts):
            order = list(range(len(parts)))
        case _:
            return ()
    generator = random.Random(f"{question.id}:{seed}")
    generator.shuffle(order)
    while isinstance(question, Ordering) and order == sorted(order):
        generator.shuffle(order)
    return tuple(order)
