"""The kinds of question, as types. A bank file is YAML: a list of these under `questions:`.

Every human text is a map `{zh, en}`; unknown keys are errors. `right` marks the answer in the file, so that an option,
its reason and its verdict stand in one place.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """One human text in Chinese and English."""

    zh: str
    en: str


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """`key` names an entry of reference/sources.yaml; `where` is the section or equation in it."""

    key: str
    where: Text | None = None


class Usual(Struct, frozen=True, forbid_unknown_fields=True):
    """The usual wrong answer, in a candidate's words, and why it is wrong."""

    answer: Text
    why: Text


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One option of a single-choice question; `why` is the lesson it teaches, right or wrong."""

    text: Text
    why: Text
    right: bool = False


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a listing that is truly wrong. `right`: it causes the symptom that the question asks about."""

    line: int
    why: Text
    right: bool = False


class Slip(Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong number that candidates reach, and the slip that leads there."""

    value: float
    why: Text


class Base(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every question has.

    `say`: what one would say aloud in 30 seconds. `facts`: short points, each provable. `limits`: when it does not
    hold. `basis`: "paper" (a source says so), "measured" (by this project) or "derived" (here, by calculation).
    `pairing` is the id of what can be trained beside the answer, `look` what to look at while it trains. `seconds` is
    the time a prepared person needs.
    """

    id: str
    topic: str
    difficulty: Annotated[int, Meta(ge=1, le=5)]
    stem: Text
    say: Text
    facts: tuple[Text, ...]
    usual: Usual
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    basis: Literal["paper", "measured", "derived"]
    hint: Text | None = None
    limits: Text | None = None
    pairing: str | None = None
    look: Text | None = None
    seconds: int = 60


class Single(Base, frozen=True, kw_only=True, tag="single"):
    """Choose one of the options; their order on screen is shuffled."""

    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=6)]


class TrueFalse(Base, frozen=True, kw_only=True, tag="true_false"):
    """Is the sentence in the stem true? `why` is the reason, `trap` the lesson for who answered the other way."""

    answer: bool
    why: Text
    trap: Text


class Numeric(Base, frozen=True, kw_only=True, tag="numeric"):
    """A number within `tolerance` of `answer`. `steps` is the calculation, line by line."""

    answer: float
    tolerance: Annotated[float, Meta(ge=0)]
    form: Text
    steps: Annotated[tuple[Text, ...], Meta(min_length=1)]
    slips: tuple[Slip, ...] = ()


class Ordering(Base, frozen=True, kw_only=True, tag="ordering"):
    """Put the items in order; the file has them in the right order, each with the reason for its place."""

    items: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=8)]


class FindBug(Base, frozen=True, kw_only=True, tag="find_bug"):
    """Which line of a listing causes the symptom in the stem? Lines count from 1.

    A line in `lines` without `right` is truly wrong but causes something else: who picks it is told so and picks again
    without loss. `innocent` is the reason given for any other line.
    """

    listing: str
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    innocent: Text


Question = Single | TrueFalse | Numeric | Ordering | FindBug
