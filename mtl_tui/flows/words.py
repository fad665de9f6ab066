"""An answer in words or code as blocks of text: what was written, and the points it covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mtl_tui.flows.answering import Answering
from mtl_tui.locale import later, pick, say
from mtl_tui.typeset import Block, lines_of, width_of
from quizzes.question import Code, Point

if TYPE_CHECKING:
    from quizzes.rubric import Found

WARNINGS = {
    "negated": later("near a negation: does it count?"),
    "keyword-list": later("looks like a keyword list: does it count?"),
}


def written(answering: Answering, width: int) -> list[Block]:
    """The answer in words as it was handed in; code beside its reference where `width` cells have room for both."""
    question = answering.question
    if not isinstance(question, Code):
        return [Block(say("Your answer"), "head"), Block(answering.text.strip())]
    mine, theirs = say("Your code"), say("Reference")
    if width >= SIDE_BY_SIDE:
        return beside((mine, answering.text), (theirs, question.reference), width)
    return [
        Block(mine, "head"),
        Block(answering.text.rstrip(), "code", indent=2, verbatim=True),
        Block(""),
        Block(theirs, "head"),
        Block(question.reference.rstrip(), "code", indent=2, verbatim=True),
    ]


SIDE_BY_SIDE = 92
"""Cells from which on two pieces of code stand side by side."""


def beside(left: tuple[str, str], right: tuple[str, str], width: int) -> list[Block]:
    """Two titled pieces of code side by side in `width` cells, line by line."""
    room = (width - 3) // 2
    blocks = [Block(left[0].ljust(room - width_of(left[0]) + len(left[0])) + "   " + right[0], "head", verbatim=True)]
    columns = [text.rstrip().split("\n") for text in (left[1], right[1])]
    height = max(map(len, columns))
    for one, other in zip(*(column + [""] * (height - len(column)) for column in columns), strict=True):
        halves = [lines_of(Block(line, verbatim=True), room) for line in (one, other)]
        rows = max(map(len, halves))
        for mine, theirs in zip(*(half + [""] * (rows - len(half)) for half in halves), strict=True):
            padding = " " * (room - width_of(mine))
            blocks.append(Block(f"{mine}{padding}   {theirs}".rstrip() or " ", "code", verbatim=True))
    return blocks


def points(answering: Answering, here: int) -> list[list[Block]]:
    """The rubric points of an answer in words, a list of blocks a row: ticked if covered, with what matched."""
    ticked = answering.covered or set()
    return [
        [
            *row_of(row, here, "[x]" if row in ticked else "[ ]", point_text(answering.points[row])),
            *(_matched(answering.text, found) if found.covered else ()),
        ]
        for row, found in enumerate(answering.found)
    ]


def covered(answering: Answering) -> str:
    """How many points are covered."""
    return say("Points covered: {n} of {count}", n=len(answering.covered or ()), count=len(answering.points))


def point_text(point: Point) -> str:
    """The point, and whether it is optional."""
    return pick(point.text) if point.must else say("{point} (optional)", point=pick(point.text))


def _matched(text: str, found: Found) -> Iterator[Block]:
    """The words that matched, and what to look at twice beside them."""
    words = say(", ").join(f"“{text[start:end]}”" for start, end in found.words)
    yield Block(say("found: {words}", words=words), "quiet", indent=9)
    for warning in found.warnings:
        yield Block(say(WARNINGS[warning]), "wrong", indent=9)


def row_of(row: int, here: int, box: str, text: str) -> list[Block]:
    """A row with a box, its digit and its text; `here` is the row with the cursor."""
    lead = f"{'>' if row == here else ' '} {box} {row + 1}  "
    return [Block(text, "pick" if row == here else "body", lead=lead, indent=width_of(lead))]
