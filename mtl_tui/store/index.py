"""What is asked of reviews and cards again and again, counted in memory and changed with every op."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec import Raw, Struct

from mtl_tui.store.snapshot import Table
from mtl_tui.store.tables import Op, Put
from quizzes.schedule import Card


class StoredCard(Struct, frozen=True):
    """A card as it is kept."""

    question: str
    card: Card


class _Outline(Struct, frozen=True, gc=False):
    """What the counts need of a review."""

    question: str
    right: bool
    at: datetime


class Index:
    """`reviews` are the ids of all, the smallest first, and `by_question` those of each question.

    `right` counts right answers by question, `by_day` the ids of each local day. `cards` are decoded, by id, and
    `due_per_day` counts them by the day on which they are due.
    """

    def __init__(self) -> None:
        self.begin({})

    def begin(self, tables: Mapping[str, Table]) -> None:
        """Count anew what is in these tables."""
        reviews = tables["reviews"].documents if "reviews" in tables else {}
        cards = tables["cards"].documents if "cards" in tables else {}
        self.reviews = sorted(reviews)
        self.by_question: dict[str, list[int]] = {}
        self.by_day: dict[date, list[int]] = {}
        outlines = [_decode_outline(reviews[id]) for id in self.reviews]
        for id, outline in zip(self.reviews, outlines, strict=True):
            self.by_question.setdefault(outline.question, []).append(id)
            self.by_day.setdefault(outline.at.date(), []).append(id)
        self.right = Counter([outline.question for outline in outlines if outline.right])
        self.cards = {id: decode_card(document) for id, document in cards.items()}
        self.due_per_day = Counter([stored.card.due for stored in self.cards.values()])

    def change(self, op: Op, before: Raw | bytes | None) -> None:
        """Follow an op; `before` is the document that it replaced or removed."""
        if op.table == "reviews":
            if before is not None:
                self._take_out(op.id, _decode_outline(before))
            if isinstance(op, Put):
                self._put_in(op.id, _decode_outline(op.document))
        elif op.table == "cards":
            if (gone := self.cards.pop(op.id, None)) is not None:
                _count(self.due_per_day, gone.card.due, -1)
            if isinstance(op, Put):
                self.cards[op.id] = stored = decode_card(op.document)
                _count(self.due_per_day, stored.card.due, 1)

    def _put_in(self, id: int, outline: _Outline) -> None:
        insort(self.reviews, id)
        insort(self.by_question.setdefault(outline.question, []), id)
        self.right[outline.question] += outline.right
        insort(self.by_day.setdefault(outline.at.date(), []), id)

    def _take_out(self, id: int, outline: _Outline) -> None:
        day = outline.at.date()
        for ids in (self.reviews, self.by_question[outline.question], self.by_day[day]):
            del ids[bisect_left(ids, id)]
        if not self.by_day[day]:
            del self.by_day[day]
        self.right[outline.question] -= outline.right


def _count(days: Counter[date], day: date, change: int) -> None:
    """A day on which nothing is left is not a day of the counts."""
    days[day] += change
    if not days[day]:
        del days[day]


decode_card = msgspec.json.Decoder(StoredCard).decode
_decode_outline = msgspec.json.Decoder(_Outline).decode
