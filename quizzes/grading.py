"""An answer to a grade: right or wrong with the reason of every option, and the rating proposed to the scheduler."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from typing import Literal

from msgspec import Struct

from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Matching,
    Multiple,
    Numeric,
    Option,
    Ordering,
    Point,
    Predict,
    Question,
    Single,
    Text,
    TrueFalse,
)

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


class GaveUp(Struct, frozen=True, tag="gave-up", omit_defaults=True):
    """“I do not know”, to any question; `text` is what had been written before."""

    text: str = ""


Answer = Choice | Choices | Truth | Number | Order | Matched | LineNumber | Words | GaveUp


class Picked(Struct, frozen=True, omit_defaults=True):
    """What stands of an answer that is not handed in, by the indices of the file: what is ticked, the order so far, the
    right side of each left one; the line of a bug that was found; the one chosen among options, sides, lines or
    reasons."""

    ticked: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    matched: dict[int, int] = {}
    line: int | None = None
    chosen: int | None = None


class Verdict(Struct, frozen=True):
    """What is said of one part of a question: an option (or item, pair, slip), a line, a reason, a rubric point.

    `key` is its index in the file (true and false are 0 and 1), or the number of the line. For an item of an ordering
    and a pair of a matching `right` says that it stood in its place, for a point that it was covered, else that it is
    the right answer; `chosen` that it was the answer given.
    """

    key: int
    right: bool
    chosen: bool
    why: Text
    part: Literal["option", "line", "reason", "point"] = "option"


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


class NeedsReason(Struct, frozen=True):
    """The line causes the symptom; one of the question's `reasons` is chosen next. No grade yet."""

    line: int


class Unreadable(Struct, frozen=True):
    """What was typed is not a number: no grade, no loss."""

    message: Text


def grade(
    question: Question, answer: Answer, hint_used: bool = False, *, fast: bool = False
) -> Grade | PickAgain | NeedsReason | Unreadable:
    """Grade an answer. Wrong or given up proposes Again; right with a hint, without a bonus point, or the right line
    for a wrong reason Hard; right unaided Good, never Easy. `fast`: quicker than the person's own median, which is told
    and changes no rating.

    Raises TypeError if the answer is of another kind than the question, ValueError if nobody has said which points of a
    text are covered.
    """
    gave_up = isinstance(answer, GaveUp)
    fault: Reason = "gave-up" if gave_up else "wrong"
    flaws: list[Reason] = ["hint-used"] if hint_used else []
    match question, answer:
        case (Single(options=options) | Predict(options=options), Choice() | GaveUp()) | (
            Multiple(options=options),
            Choices() | GaveUp(),
        ):
            verdicts = _options(options, answer)
            right = all(verdict.right == verdict.chosen for verdict in verdicts)
        case TrueFalse(), Truth() | GaveUp():
            verdicts = _sides(question, answer.value if isinstance(answer, Truth) else None)
            right = any(verdict.right and verdict.chosen for verdict in verdicts)
        case Numeric(), Number() | GaveUp():
            read = _value(question, answer)
            if isinstance(read, Unreadable):
                return read
            right, verdicts = _near(read, question.answer, question.tolerance), _slips(question, read)
        case Ordering(items=parts), Order(items=given):
            right, verdicts = _placed(tuple(item.why for item in parts), given)
        case Matching(pairs=pairs), Matched(rights=given):
            right, verdicts = _placed(tuple(pair.why for pair in pairs), given)
        case Ordering(items=parts), GaveUp():
            right, verdicts = _placed(tuple(item.why for item in parts), ())
        case Matching(pairs=pairs), GaveUp():
            right, verdicts = _placed(tuple(pair.why for pair in pairs), ())
        case FindBug(), LineNumber() | GaveUp():
            line, reason = (answer.line, answer.reason) if isinstance(answer, LineNumber) else (None, None)
            told = _told(question, line, reason)
            if told is not None:
                return told
            verdicts = _lines(question, line, reason)
            right = any(verdict.right and verdict.chosen for verdict in verdicts if verdict.part == "line")
            if any(verdict.chosen and not verdict.right for verdict in verdicts if verdict.part == "reason"):
                flaws.append("reason-wrong")
        case FreeText() | Code(), Words() | GaveUp():
            verdicts = _points(question.points, answer)
            lacking = {
                point.must for point, verdict in zip(question.points, verdicts, strict=True) if not verdict.right
            }
            right = True not in lacking
            if not gave_up:
                fault = "must-missing"
            if False in lacking:
                flaws.append("bonus-missing")
        case _:
            raise TypeError(f"{type(answer).__name__} does not answer a {type(question).__name__}")
    if gave_up or not right:
        return Grade(False, AGAIN, (fault,), verdicts)
    if flaws:
        return Grade(True, HARD, ("right", *flaws), verdicts)
    return Grade(True, GOOD, ("right", "unaided", "fast") if fast else ("right", "unaided"), verdicts)


def _options(options: tuple[Option, ...], answer: Answer) -> tuple[Verdict, ...]:
    chosen: tuple[int, ...] = ()
    if isinstance(answer, Choice):
        chosen = (answer.index,)
    elif isinstance(answer, Choices):
        chosen = answer.indices
    return tuple(Verdict(index, option.right, index in chosen, option.why) for index, option in enumerate(options))


def _sides(question: TrueFalse, value: bool | None) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(
            index, side is question.answer, side is value, question.why if side is question.answer else question.trap
        )
        for index, side in enumerate((True, False))
    )


def _placed(whys: tuple[Text, ...], given: tuple[int, ...]) -> tuple[bool, tuple[Verdict, ...]]:
    """Every part in its own place, or not; and the verdict of each."""
    verdicts = tuple(
        Verdict(index, given[index : index + 1] == (index,), bool(given), why) for index, why in enumerate(whys)
    )
    return all(verdict.right for verdict in verdicts), verdicts


def _value(question: Numeric, answer: Answer) -> float | Unreadable:
    """The number given; not a number where none was given."""
    if not isinstance(answer, Number):
        return math.nan
    read = read_number(answer.text, in_per_cent=_asks_per_cent(question.form))
    return Unreadable(_not_a_number(answer.text)) if read is None else read


def _near(value: float, target: float, tolerance: float) -> bool:
    return abs(value - target) <= tolerance + 1e-9 * abs(target)


def _slips(question: Numeric, value: float) -> tuple[Verdict, ...]:
    tolerance = question.tolerance
    right = _near(value, question.answer, tolerance)
    return tuple(
        Verdict(index, False, not right and _near(value, slip.value, tolerance), slip.why)
        for index, slip in enumerate(question.slips)
    )


def _told(question: FindBug, line: int | None, reason: int | None) -> PickAgain | NeedsReason | None:
    """What there is to say before a grade."""
    for entry in question.lines:
        if entry.line == line and not entry.right:
            return PickAgain(entry.line, entry.why)
        if entry.line == line and question.reasons and reason is None:
            return NeedsReason(entry.line)
    return None


def _lines(question: FindBug, line: int | None, reason: int | None) -> tuple[Verdict, ...]:
    verdicts = [Verdict(entry.line, entry.right, entry.line == line, entry.why, "line") for entry in question.lines]
    if line is not None and not any(verdict.chosen for verdict in verdicts):
        verdicts.append(Verdict(line, False, True, question.innocent, "line"))
    verdicts += [
        Verdict(index, option.right, index == reason, option.why, "reason")
        for index, option in enumerate(question.reasons)
    ]
    return tuple(verdicts)


def _points(points: tuple[Point, ...], answer: Answer) -> tuple[Verdict, ...]:
    covered: tuple[int, ...] | None = answer.points if isinstance(answer, Words) else ()
    if covered is None:
        raise ValueError("say which points the words cover (quizzes.rubric) before they are graded")
    return tuple(
        Verdict(index, index in covered, index in covered, point.text, "point") for index, point in enumerate(points)
    )


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
    return "%" in form.zh + form.en or "百分" in form.zh or "percent" in form.en.lower().replace(" ", "")


def _not_a_number(text: str) -> Text:
    return Text(
        zh=f"「{text.strip()}」不是一个数，写成 0.3、2,368、12 % 或 1e-3 的样子再交卷；这次不算。",
        en=f'"{text.strip()}" is not a number; write it as 0.3, 2,368, 12 % or 1e-3. This try does not count.',
    )


def shuffle(question: Question, seed: int) -> tuple[int, ...]:
    """The order in which options, items, the right sides of a matching or the reasons for a line stand on screen, as
    indices into the file; empty where nothing is shuffled.

    The same question and seed give the same order. Items of an ordering never stand in the right order, nor do all
    right sides stand beside their left ones.
    """
    match question:
        case Single() | Multiple() | Predict():
            count = len(question.options)
        case Ordering():
            count = len(question.items)
        case Matching():
            count = len(question.pairs)
        case FindBug():
            count = len(question.reasons)
        case _:
            return ()
    order = list(range(count))
    generator = random.Random(f"{question.id}:{seed}")
    generator.shuffle(order)
    while isinstance(question, Ordering | Matching) and order == sorted(order):
        generator.shuffle(order)
    return tuple(order)
