"""The kinds of question, as types. A bank file is YAML: a list of these under `questions:`.

Every human text is a map `{zh, en}`; in a person's own bank one of the two will do. Unknown keys are errors. `right`
marks the answer in the file, so that an option, its reason and its verdict stand in one place.
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


class FollowUp(Struct, frozen=True, forbid_unknown_fields=True):
    """What an interviewer asks next, and what one would say."""

    ask: Text
    say: Text


class Matches(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that show a rubric point, by language. A phrase is words joined by ` + `, all of which stand in one
    sentence of the answer, in any order; ` | ` parts alternatives of a word. In code a word is code as it is written,
    whatever its blanks, and the words of a phrase may stand anywhere."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """A rubric point: what a full answer says. One that is not a `must` is a bonus, whose lack makes the grade Hard."""

    text: Text
    matches: Matches
    must: bool = True


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """Two things that belong together, and why."""

    left: Text
    right: Text
    why: Text


class Base(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every question has.

    `say`: what one would say aloud in 30 seconds. `facts`: short points, each provable. `limits`: when it does not
    hold. `basis`: "paper" (a source says so), "measured" (by this project) or "derived" (here, by calculation).
    `pairing` is the id of what can be trained beside the answer, `look` what to look at while it trains. `seconds` is
    the time a prepared person needs. Questions of one `sibling` name ask for the same fact and never come on one day. A
    `draft` is loaded and marked, but no session asks it. `follow_ups` are what an interviewer asks after the answer.
    """

    id: str
    topic: str
    difficulty: Annotated[int, Meta(ge=1, le=5)]
    stem: Text
    say: Text
    usual: Usual
    basis: Literal["paper", "measured", "derived"]
    facts: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    hint: Text | None = None
    limits: Text | None = None
    pairing: str | None = None
    look: Text | None = None
    seconds: int = 60
    sibling: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    draft: bool = False


class Single(Base, frozen=True, kw_only=True, tag="single"):
    """Choose one of the options; their order on screen is shuffled."""

    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=6)]


class Multiple(Base, frozen=True, kw_only=True, tag="multiple"):
    """Choose all options that are right, one or more; their order on screen is shuffled."""

    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=8)]


class Predict(Base, frozen=True, kw_only=True, tag="predict"):
    """What will the run show? One option is chosen before the question's `pairing`, which it must have, is run."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=6)]


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


class Matching(Base, frozen=True, kw_only=True, tag="matching"):
    """Find for each left side its right one; the right sides are shuffled."""

    pairs: Annotated[tuple[Pair, ...], Meta(min_length=3, max_length=7)]


class FreeText(Base, frozen=True, kw_only=True, tag="free_text"):
    """A short answer in one's own words, held against rubric points."""

    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=8)]


class Code(Base, frozen=True, kw_only=True, tag="code"):
    """Code to be written, from `starter`; compared with `reference` by the person, who ticks the points."""

    starter: str
    reference: str
    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=8)]


class FindBug(Base, frozen=True, kw_only=True, tag="find_bug"):
    """Which line of a listing causes the symptom in the stem? Lines count from 1.

    A line in `lines` without `right` is truly wrong but causes something else: who picks it is told so and picks again
    without loss. `innocent` is the reason given for any other line. Where there are `reasons`, one of them is chosen
    after the line: the right line for a wrong reason is Hard.
    """

    listing: str
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    innocent: Text
    reasons: tuple[Option, ...] = ()


Question = Single | Multiple | TrueFalse | Numeric | Ordering | Matching | FreeText | FindBug | Predict | Code
