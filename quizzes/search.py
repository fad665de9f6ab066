"""Questions found while a person types: words at their beginnings, Chinese by pairs of characters, in pure Python."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from quizzes.question import (
    Code,
    FreeText,
    Matching,
    Multiple,
    Option,
    Ordering,
    Point,
    Predict,
    Question,
    Single,
    Text,
)

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")


class Hit(Struct, frozen=True):
    """A question in which every word was found. `where`: all of them in its stem, topic or id, or some only further
    on, in its options or its answer."""

    id: str
    where: Literal["stem", "answer"]


class Index:
    """An index over questions, in both languages; `topics` are the names of the topics, which are found too."""

    def __init__(self, questions: Iterable[Question], topics: Mapping[str, Text] | None = None) -> None:
        self._ids: list[str] = []
        self._heads: list[str] = []
        self._pages: list[str] = []
        postings: dict[str, array[int]] = {}
        for place, question in enumerate(questions):
            name = (topics or {}).get(question.topic, Text("", ""))
            head = _plain(
                "\n".join([question.id, question.topic, name.zh, name.en, question.stem.zh, question.stem.en])
            )
            page = head + "\n" + _plain("\n".join(line for text in _body(question) for line in (text.zh, text.en)))
            self._ids.append(question.id)
            self._heads.append(head)
            self._pages.append(page)
            for token in set(_tokens(page)):
                if (known := postings.get(token)) is None:
                    known = postings[token] = array("I")
                known.append(place)
        self._vocabulary = sorted(postings)
        self._postings = [postings[token] for token in self._vocabulary]

    def find(self, query: str, limit: int = 50) -> list[Hit]:
        """The questions in which every word of the query stands, those with most of them in the stem first, else in the
        order of the bank. A word of Latin letters is the beginning of one; Chinese stands as it is written. A query
        without a word finds nothing."""
        words = _RUN.findall(_plain(query))
        if not words:
            return []
        places = set.intersection(*(self._holding(word) for word in words))
        ranked = sorted((-sum(word in self._heads[place] for word in words), place) for place in places)
        return [
            Hit(self._ids[place], "stem" if -in_stem == len(words) else "answer") for in_stem, place in ranked[:limit]
        ]

    def _holding(self, word: str) -> set[int]:
        """Where the questions stand that hold a word of the query."""
        if not _is_han(word) or len(word) < 3:
            return self._beginning(word)
        pairs = set.intersection(*(self._beginning(word[n : n + 2]) for n in range(len(word) - 1)))
        return {place for place in pairs if word in self._pages[place]}

    def _beginning(self, prefix: str) -> set[int]:
        start = bisect_left(self._vocabulary, prefix)
        end = bisect_left(self._vocabulary, prefix + "\U0010ffff", start)
        return set().union(*self._postings[start:end])


def _tokens(page: str) -> Iterator[str]:
    """The words of a page; of a run of Chinese each character with the next one."""
    for run in _RUN.findall(page):
        if _is_han(run):
            yield from (run[n : n + 2] for n in range(len(run)))
        else:
            yield run


def _is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _body(question: Question) -> Iterator[Text]:
    """What is found besides the stem: what can be chosen, and the answer in short."""
    parts: tuple[Option | Point, ...] = ()
    match question:
        case Single() | Multiple() | Predict():
            parts = question.options
        case Ordering():
            parts = question.items
        case FreeText() | Code():
            parts = question.points
        case Matching(pairs=pairs):
            yield from (side for pair in pairs for side in (pair.left, pair.right))
    yield from (part.text for part in parts)
    yield question.say
    yield from question.facts
