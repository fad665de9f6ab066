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
    kept = store.kept(TABLE, Synonyms)
    names = {index: f"{answering.question.id}:{index}" for index in range(len(answering.points))}
    return {index: kept[name].phrases for index, name in names.items() if name in kept}


def keep(store: Store, question: str, point: int, phrase: str) -> None:
    """Remember a phrase that says this rubric point."""
    name = f"{question}:{point}"
    known = store.kept(TABLE, Synonyms).get(name, Synonyms(()))
    store.keep(TABLE, name, Synonyms(tuple(dict.fromkeys((*known.phrases, phrase)))))
