"""What a note can be made of, as an ordered list of parts to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import Language, pick, say, speaking
from mtl_tui.notes.experiment import title_of
from quizzes.bank import Bank
from quizzes.question import Question

if TYPE_CHECKING:
    from mtl_tui.store.store import Review

TITLE, INTRODUCTION, BODY, SUMMARY, REFERENCES = "title", "introduction", "body", "summary", "references"


class Part(Struct, frozen=True):
    """A part of the note: `level` 1 is inside the body. The label may be long; who shows it cuts it."""

    id: str
    label: str
    level: int = 0


def question_part(question: str) -> str:
    """The id of a question's section."""
    return f"question:{question}"


def run_part(run: str) -> str:
    """The id of a run."""
    return f"run:{run}"


def answered(bank: Bank, reviews: Sequence[Review]) -> list[Question]:
    """The questions of the bank that were answered, in the order of the first answers."""
    return [bank.questions[id] for id in dict.fromkeys(r.question for r in reviews) if id in bank.questions]


def placed(questions: Sequence[Question], records: Mapping[str, RunRecord]) -> dict[str, list[str]]:
    """Runs by question: each stands with the first question that is about its pairing, or under "" if none is."""
    places: dict[str, list[str]] = {}
    for run in sorted(records):
        hello = records[run].hello
        pairing = hello.pairing if hello else None
        owner = next((each.id for each in questions if pairing and each.pairing == pairing), "")
        places.setdefault(owner, []).append(run)
    return places


def outline(
    bank: Bank, reviews: Sequence[Review], records: Mapping[str, RunRecord], language: Language
) -> tuple[Part, ...]:
    """Every part that a note of these answers and runs can have, in the order of the note."""
    questions = answered(bank, reviews)
    places = placed(questions, records)

    def runs(owner: str) -> list[Part]:
        return [
            Part(run_part(run), say("Training: {title}", title=title_of(records[run])), level=1)
            for run in places.get(owner, [])
        ]

    with speaking(language):
        body: list[Part] = []
        for question in questions:
            body += [Part(question_part(question.id), " ".join(pick(question.stem).split()), level=1)]
            body += runs(question.id)
        body += runs("")
        return (
            Part(TITLE, say("title")),
            Part(INTRODUCTION, say("introduction")),
            Part(BODY, say("body")),
            *body,
            Part(SUMMARY, say("summary")),
            Part(REFERENCES, say("references")),
        )
