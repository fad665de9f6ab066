"""The kinds of question, as types. A bank file is YAML: a list of these under `questions:`.

Every human text is a map `{zh, en}`; in a person's own bank one of the two will do. Unknown keys are errors. `right`
marks the answer in the file, so that an option, its reason and its verdict stand in one place. What stands below a
field is also what an editor shows of it, by the JSON schema of quizzes/schema.py.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Basis = Literal["paper", "measured", "derived"]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """One human text in Chinese and English."""

    zh: str
    """In Chinese."""
    en: str
    """In English."""


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it can be read up."""

    key: str
    """An entry of reference/sources.yaml, such as MMOE."""
    where: Text | None = None
    """The section or equation in it."""


class Usual(Struct, frozen=True, forbid_unknown_fields=True):
    """The usual wrong answer, in a candidate's words, and why it is wrong."""

    answer: Text
    """What candidates say."""
    why: Text
    """Why it is wrong."""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One option to choose, or one item to put in order."""

    text: Text
    """The option as it stands on screen."""
    why: Text
    """The lesson it teaches, right or wrong."""
    right: bool = False
    """It is the answer, or belongs to it. Items in order have none."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a listing that is truly wrong."""

    line: int
    """Its number, from 1."""
    why: Text
    """What is wrong with it, and what that does."""
    right: bool = False
    """It causes the symptom that the question asks about."""


class Slip(Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong number that candidates reach, and the slip that leads there."""

    value: float
    """The number, outside of the tolerance of the answer."""
    why: Text
    """The slip that leads there."""


class FollowUp(Struct, frozen=True, forbid_unknown_fields=True):
    """What an interviewer asks next, and what one would say."""

    ask: Text
    """What is asked next."""
    say: Text
    """What one would say."""


class Matches(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that show a rubric point, by language. A phrase is words joined by ` + `, all of which stand in one
    sentence of the answer, in any order; ` | ` parts alternatives of a word; without blanks around them both are
    characters like any other. In code a word is code as it is written,
    whatever its blanks, and the words of a phrase may stand anywhere."""

    zh: tuple[str, ...] = ()
    """Phrases in Chinese."""
    en: tuple[str, ...] = ()
    """Phrases in English, or in code."""


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """A rubric point: what a full answer says."""

    text: Text
    """The point in a sentence."""
    matches: Matches
    """Phrases that show it."""
    must: bool = True
    """One that is not a must is a bonus, whose lack makes the grade Hard."""


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """Two things that belong together, and why."""

    left: Text
    """The side that stays in its place; no two are alike."""
    right: Text
    """The side that is shuffled; no two are alike."""
    why: Text
    """Why they belong together."""


class Base(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every question has."""

    id: str
    """Progress hangs on it: keep it, all else may change."""
    topic: str
    """One of T01 to T22, or any name in a bank of your own."""
    difficulty: Annotated[int, Meta(ge=1, le=5)]
    """From 1, which anyone prepared knows, to 5."""
    stem: Text
    """What is asked."""
    say: Text
    """What one would say aloud in 30 seconds."""
    usual: Usual
    """The usual wrong answer."""
    basis: Basis
    """paper: a source says so; measured: by this project; derived: here, by calculation."""
    facts: tuple[Text, ...] = ()
    """Short points, each provable."""
    sources: tuple[Source, ...] = ()
    """Where it can be read up; in a bank of your own any text will do."""
    hint: Text | None = None
    """Shown on request; it lowers the proposed grade to Hard."""
    limits: Text | None = None
    """When the answer does not hold."""
    pairing: str | None = None
    """What can be trained beside the answer, by its id."""
    look: Text | None = None
    """What to look at while it trains."""
    seconds: Annotated[int, Meta(ge=1)] = 60
    """The time a prepared person needs."""
    sibling: str | None = None
    """Questions of one sibling name ask for the same fact and never come on one day."""
    follow_ups: tuple[FollowUp, ...] = ()
    """What an interviewer asks after the answer."""
    draft: bool = False
    """It is loaded and marked, but no session asks it."""


class Single(Base, frozen=True, kw_only=True, tag="single"):
    """Choose one of the options."""

    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=6)]
    """Three to six, one of them right; their order on screen is shuffled."""


class Multiple(Base, frozen=True, kw_only=True, tag="multiple"):
    """Choose all options that are right, one or more."""

    options: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=8)]
    """Three to eight, one or more right; their order on screen is shuffled."""


class Predict(Base, frozen=True, kw_only=True, tag="predict"):
    """What will the run show? One option is chosen before the question's `pairing`, which it must have, is run."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=6)]
    """Two to six outcomes, one of them right; their order on screen is shuffled."""


class TrueFalse(Base, frozen=True, kw_only=True, tag="true_false"):
    """Is the sentence in the stem true?"""

    answer: bool
    """Whether it is."""
    why: Text
    """The reason."""
    trap: Text
    """The lesson for who answered the other way."""


class Numeric(Base, frozen=True, kw_only=True, tag="numeric"):
    """A number within `tolerance` of `answer`."""

    answer: float
    """The number."""
    tolerance: Annotated[float, Meta(ge=0)]
    """How far off still counts as right."""
    form: Text
    """How to write it, such as two decimals; a % in it asks for per cent."""
    steps: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """The calculation, line by line."""
    slips: tuple[Slip, ...] = ()
    """Wrong numbers that candidates reach, each told apart."""


class Ordering(Base, frozen=True, kw_only=True, tag="ordering"):
    """Put the items in order."""

    items: Annotated[tuple[Option, ...], Meta(min_length=3, max_length=8)]
    """Three to eight in the right order, each with the reason for its place."""


class Matching(Base, frozen=True, kw_only=True, tag="matching"):
    """Find for each left side its right one."""

    pairs: Annotated[tuple[Pair, ...], Meta(min_length=3, max_length=7)]
    """Three to seven pairs; the right sides are shuffled."""


class FreeText(Base, frozen=True, kw_only=True, tag="free_text"):
    """A short answer in one's own words, held against rubric points."""

    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=8)]
    """What a full answer says, one to eight; at least one is a must."""


class Code(Base, frozen=True, kw_only=True, tag="code"):
    """Code to be written; compared with `reference` by the person, who ticks the points."""

    starter: str
    """What stands there when one begins."""
    reference: str
    """Code that does what is asked."""
    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=8)]
    """What the code has to do, one to eight; at least one is a must."""


class FindBug(Base, frozen=True, kw_only=True, tag="find_bug"):
    """Which line of a listing causes the symptom in the stem? Lines count from 1.

    A line in `lines` without `right` is truly wrong but causes something else: who picks it is told so and picks again
    without loss.
    """

    listing: str
    """A file of the folder listings beside the bank file, without its .txt."""
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    """The lines that are truly wrong; at least one of them is right."""
    innocent: Text
    """The reason given for any other line."""
    reasons: tuple[Option, ...] = ()
    """Where there are any, one is chosen after the line: the right line for a wrong reason is Hard."""


Question = Single | Multiple | TrueFalse | Numeric | Ordering | Matching | FreeText | FindBug | Predict | Code
