"""Phrases that a person has accepted for the rubric points of a question, kept beside the patterns of the bank."""

from __future__ import annotations

from mtl_tui.flows.answering import Answering
from mtl_tui.store.marks import Synonyms
from mtl_tui.store.store import Store

TABLE = "synonyms"


def of(store: Store, answering: Answering) -> dict[int, tuple[str, ...]]:
    """The person's own phrases, by rubric point of the question in front."""
    if not answering.in_words:
        return {}
    kept = (store.get(TABLE, _name(answering.question.id, n), Synonyms) for n in range(len(answering.points)))
    return {point: each.phrases for point, each in enumerate(kept) if each is not None}


def keep(store: Store, question: str, point: int, phrase: str) -> None:
    """Remember a phrase that says this rubric point."""
    name = _name(question, point)
    known = store.get(TABLE, name, Synonyms) or Synonyms(())
    store.keep(TABLE, name, Synonyms(tuple(dict.fromkeys((*known.phrases, phrase)))))


def _name(question: str, point: int) -> str:
    return f"{question}:{point}"
