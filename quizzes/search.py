"""Questions found while a person types: words at their beginnings, Chinese as it is written, in pure Python.

Texts are read into plain pages once, and each query goes through all pages: that takes a hundredth of a second over
10,000 questions, and an index of words would take longer to build than all that a person ever searches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from quizzes.bank import Bank
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


class _Page(Struct, frozen=True):
    """What a question is found by. English by itself is ASCII, in which Chinese is not even looked for."""

    id: str
    head: str
    zh: str
    en: str


class Index:
    """What the questions of a bank that a session may ask say, and what their topics are called; read bit by bit."""

    def __init__(self, bank: Bank) -> None:
        self.bank, self._questions = bank, bank.in_path()
        self._pages: list[_Page] = []

    @property
    def whole(self) -> bool:
        """Whether all questions were read."""
        return len(self._pages) == len(self._questions)

    def read(self, most: int | None = None) -> None:
        """Read the next questions, at most so many; some 40 us each."""
        begun = len(self._pages)
        end = None if most is None else begun + most
        self._pages += map(self._page, self._questions[begun:end])

    def find(self, query: str) -> list[Hit]:
        """The questions read so far in which every word of the query stands, those with most of them in the stem first,
        else in the order of the bank. A word of Latin letters is the beginning of one; Chinese stands as it is written.
        A query without a word finds nothing."""
        words = _RUN.findall(_plain(query))
        if not words:
            return []
        found: list[list[Hit]] = [[] for _ in (*words, None)]
        for page in self._pages:
            elsewhere = 0
            for word in words:
                if _stands(word, page.head):
                    continue
                if not (_stands(word, page.en) or _stands(word, page.zh)):
                    break
                elsewhere += 1
            else:
                found[elsewhere].append(Hit(page.id, "answer" if elsewhere else "stem"))
        return [hit for hits in found for hit in hits]

    def _page(self, question: Question) -> _Page:
        name, stem = self.bank.topics.get(question.topic, Text("", "")), question.stem
        head = "\n".join([question.id, question.topic, name.zh, name.en, stem.zh, stem.en])
        zh, en = ("\n".join(lines) for lines in zip(*((text.zh, text.en) for text in _body(question)), strict=True))
        return _Page(question.id, _plain(head), _plain(zh), _plain(en))


def _stands(word: str, text: str) -> bool:
    """Whether a word of a query is in a text: Latin letters where no other stands before them."""
    at = text.find(word)
    if not _is_han(word):
        while at > 0 and text[at - 1].isalnum() and not _is_han(text[at - 1]):
            at = text.find(word, at + 1)
    return at >= 0


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
