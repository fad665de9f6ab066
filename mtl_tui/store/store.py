"""What a person did: reviews, the cards that schedule them, the index of runs, and what was ticked for the note."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from mtl_tui.store.index import Index, StoredCard, decode_card
from mtl_tui.store.marks import KeptRun
from mtl_tui.store.tables import Database, Delete, JournalStorage, Op, put
from quizzes.grading import Answer
from quizzes.question import Text
from quizzes.schedule import Card

FILE = "journal.jsonl"

Kind = Literal["question", "run"]
Aside = Literal["buried", "suspended"]
Kept = TypeVar("Kept", bound=Struct)


class Review(Struct, frozen=True, kw_only=True):
    """One rated answer. `at` is local time with its offset: its date is the day that counts.

    `proposed` and `grade` are ratings from 1 (Again) to 4 (Easy); `confidence` is 1 guess, 2 not sure, 3 sure, None if
    it was not asked; `seconds` were spent on the question.
    """

    question: str
    answer: Answer
    right: bool
    proposed: Annotated[int, Meta(ge=1, le=4)]
    grade: Annotated[int, Meta(ge=1, le=4)]
    confidence: Annotated[int, Meta(ge=1, le=3)] | None
    seconds: float
    at: Annotated[datetime, Meta(tz=True)]
    language: Literal["zh", "en"]


class KeptReview(Review, frozen=True, kw_only=True):
    """A review as it is kept, with the card before and after it. `id` is never used again."""

    id: int
    before: Card | None
    after: Card | None


class StoredReview(Review, frozen=True, kw_only=True):
    """A document of the table reviews."""

    before: Card | None
    after: Card | None


class SetAside(Struct, frozen=True):
    """A document of the table asides: which question was set aside, and the table of its mark."""

    question: str
    table: Aside


class Named(Struct, frozen=True):
    """A document of `Store.keep`."""

    name: str
    value: Raw


class Store:
    """Open with `Store.open(folder)`; one folder may be open in several programs.

    When a method that changes something returns, the change is on the disk, or `pending` counts it: then it is in
    memory, is tried again before the next change and by `retry()`, and `reports` says why. `db` is TinyDB with the
    tables reviews, cards, runs and notes; what it returns are copies.
    """

    def __init__(self, file: Path) -> None:
        self._index = Index()
        self.db = Database(file, self._index.begin, self._index.change)
        storage = self.db.storage
        assert isinstance(storage, JournalStorage)
        self._storage = storage

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open or begin the store in a folder, and tidy it. Raises StoreError for a damaged or newer journal."""
        store = cls(folder / FILE)
        store._storage.tidy()
        return store

    def close(self) -> None:
        """Close the file; what is pending is lost."""
        self.db.close()

    # The disk

    @property
    def pending(self) -> int:
        """Changes that are in memory only."""
        return self._storage.journal.pending

    @property
    def trouble(self) -> str:
        """Why what is pending could not be written; empty if nothing is."""
        return self._storage.journal.trouble

    @property
    def reports(self) -> list[Text]:
        """Sentences for the person about the file; who shows them clears the list."""
        return self._storage.journal.reports

    def retry(self) -> None:
        """Try to write what is pending."""
        self._storage.journal.retry()

    def refresh(self) -> None:
        """Read what other programs wrote."""
        self._storage.journal.catch_up()

    def held(self) -> AbstractContextManager[None]:
        """What is read and then changed inside rests on what is in the file: no other program writes until it ends."""
        return self._storage.journal.held()

    # Reviews and cards

    def record_review(self, review: Review, card: Card | None) -> int:
        """Keep a review and the card after it, and drop the draft of its answer, in one transaction; returns the
        review's id.

        A card of None leaves a question new: it was answered without touching the schedule.
        """
        with self._storage.journal.held():
            id = self._new_id("reviews")
            stored = StoredReview(**_fields(review), before=self.card(review.question), after=card)
            self._storage.commit(
                put("reviews", id, stored), _set_card(review.question, card), *self._drop("drafts", review.question)
            )
            return id

    def undo_last(self) -> KeptReview | None:
        """Take the last review back, and its card to what it was before; None if there is no review left."""
        with self._storage.journal.held():
            if not self._index.reviews:
                return None
            last = self.review(self._index.reviews[-1])
            self._storage.commit(Delete("reviews", last.id), _set_card(last.question, last.before))
            return last

    def set_card(self, question: str, card: Card) -> None:
        """Schedule a question by another card, apart from any review."""
        self._storage.commit(_set_card(question, card))

    def reset(self, question: str) -> bool:
        """Make a question new again; its reviews stay. Returns whether it was not new."""
        with self._storage.journal.held():
            card = self.card(question)
            if card is None:
                return False
            id = self._new_id("resets")
            self._storage.commit(put("resets", id, StoredCard(question, card)), _set_card(question, None))
            return True

    def undo_reset(self) -> str | None:
        """Give the question that was reset last its card back, if nothing was rated since; returns its name."""
        with self._storage.journal.held():
            last = self._last("resets")
            if last <= max(self._last("asides"), *self._index.reviews[-1:], 0):
                return None
            stored = decode_card(self._storage.encoded("resets")[last])
            self._storage.commit(Delete("resets", last), _set_card(stored.question, stored.card))
            return stored.question

    def set_aside(self, question: str, table: Aside, mark: Struct) -> None:
        """Keep a mark that leaves a question out of sessions, so that `undo_aside` can take it back."""
        with self._storage.journal.held():
            id = self._new_id("asides")
            self._storage.commit(put("asides", id, SetAside(question, table)), _put_named(table, question, mark))

    def undo_aside(self) -> str | None:
        """Take back the mark of the question that was set aside last, if nothing was rated or reset since; returns its
        name. One that was taken back by other means is passed over."""
        with self._storage.journal.held():
            while (last := self._last("asides")) > max(self._last("resets"), *self._index.reviews[-1:], 0):
                aside = _decode_aside(self._storage.encoded("asides")[last])
                marked = key_of(aside.question) in self._storage.encoded(aside.table)
                self._storage.commit(Delete("asides", last), Delete(aside.table, key_of(aside.question)))
                if marked:
                    return aside.question
            return None

    def _new_id(self, table: str) -> int:
        """The time in microseconds, but larger than the ids of all that can be undone, also if a clock was set back."""
        newest = max(self._last("resets"), self._last("asides"), *self._index.reviews[-1:])
        return max(self._storage.next_id(table), newest + 1, time.time_ns() // 1000)

    def _last(self, table: str) -> int:
        """The newest id of a table whose ids are times; 0 while it is empty."""
        return max(self._storage.encoded(table), default=0)

    def review(self, id: int) -> KeptReview:
        """A review by its id. Raises KeyError."""
        stored = _decode_review(self._storage.encoded("reviews")[id])
        return KeptReview(**_fields(stored), id=id)

    def reviews(self, question: str | None = None) -> list[KeptReview]:
        """The reviews of a question, or all, the oldest first."""
        ids = self._index.reviews if question is None else self._index.by_question.get(question, [])
        return [self.review(id) for id in ids]

    def latest(self, count: int) -> list[KeptReview]:
        """The newest reviews, the oldest of them first."""
        return [self.review(id) for id in self._index.reviews[-count:]] if count else []

    def reviews_on(self, day: date) -> list[KeptReview]:
        """The reviews of a local day, the oldest first; over time zones others may lie between them."""
        return [self.review(id) for id in self._index.by_day.get(day, [])]

    def times_answered(self, question: str) -> int:
        """How many reviews a question has."""
        return len(self._index.by_question.get(question, []))

    def last_review(self, question: str) -> KeptReview | None:
        """The newest review of a question."""
        ids = self._index.by_question.get(question)
        return self.review(ids[-1]) if ids else None

    def card(self, question: str) -> Card | None:
        """The card of a question, None while it is new."""
        self.refresh()
        stored = self._index.cards.get(key_of(question))
        return stored.card if stored else None

    def cards(self) -> dict[str, Card]:
        """The cards by question."""
        return {stored.question: stored.card for stored in self._index.cards.values()}

    # Figures

    def due_per_day(self) -> dict[date, int]:
        """Cards by the day on which they are due."""
        return dict(self._index.due_per_day)

    def answered(self, topics: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """Right and given answers by topic; `topics` names the topic of each question, others are left out."""
        right: Counter[str] = Counter()
        given: Counter[str] = Counter()
        for question, ids in self._index.by_question.items():
            if ids and (topic := topics.get(question)):
                given[topic] += len(ids)
                right[topic] += self._index.right[question]
        return {topic: (right[topic], count) for topic, count in given.items()}

    def per_day(self) -> dict[date, int]:
        """Answers by local day."""
        return {day: len(ids) for day, ids in self._index.by_day.items()}

    def streak(self, today: date) -> tuple[int, int]:
        """Days in a row up to today, or up to yesterday while today has no answer; and the longest row ever."""
        days = self.per_day()
        row = longest = 0
        rows: dict[date, int] = {}
        for day in sorted(days):
            row = rows.get(day - timedelta(1), 0) + 1
            rows[day] = row
            longest = max(longest, row)
        return rows.get(today, rows.get(today - timedelta(1), 0)), longest

    # Runs and the note

    def add_run(self, run: KeptRun) -> None:
        """Index a run; a second entry for the same folder replaces the first."""
        self._storage.commit(put("runs", key_of(run.run), run))

    def runs(self) -> list[KeptRun]:
        """The index of runs, the one added last first."""
        self.refresh()
        return [_decode_run(entry) for entry in reversed(self._storage.encoded("runs").values())]

    def toggle_note(self, kind: Kind, name: str) -> bool:
        """Put a question or run into the note, or take it out; returns whether it is in now."""
        key = key_of(kind, name)
        inside = key in self._storage.encoded("notes")
        self._storage.commit(Delete("notes", key) if inside else put("notes", key, {"kind": kind, "name": name}))
        return not inside

    def in_note(self, kind: Kind) -> list[str]:
        """The questions or runs that are in the note, in the order they were put in."""
        return [entry["name"] for entry in self.db.table("notes").all() if entry["kind"] == kind]

    # Whatever else is kept: one Struct under a name, in a table of its own

    def keep(self, table: str, name: str, value: Struct, cards: Mapping[str, Card] = {}) -> None:
        """Keep a value under a name, what stood there before is replaced; and `cards` in the same transaction."""
        self._storage.commit(_put_named(table, name, value), *_set_cards(cards))

    def forget(self, table: str, name: str, cards: Mapping[str, Card] = {}) -> None:
        """Remove what is kept under a name, nothing there is no error; and keep `cards` in the same transaction."""
        self.refresh()
        if ops := (*self._drop(table, name), *_set_cards(cards)):
            self._storage.commit(*ops)

    def _drop(self, table: str, name: str) -> tuple[Delete, ...]:
        key = key_of(name)
        return (Delete(table, key),) if key in self._storage.encoded(table) else ()

    def get(self, table: str, name: str, of: type[Kept]) -> Kept | None:
        """What is kept under a name, None if nothing is. Raises msgspec.ValidationError for another type."""
        self.refresh()
        document = self._storage.encoded(table).get(key_of(name))
        return None if document is None else msgspec.json.decode(_decode_named(document).value, type=of)

    def kept(self, table: str, of: type[Kept]) -> dict[str, Kept]:
        """Everything in a table by name, the one first kept first. Raises msgspec.ValidationError for another type."""
        self.refresh()
        named = map(_decode_named, self._storage.encoded(table).values())
        return {each.name: msgspec.json.decode(each.value, type=of) for each in named}


_decode_aside = msgspec.json.Decoder(SetAside).decode
_decode_review = msgspec.json.Decoder(StoredReview).decode
_decode_run = msgspec.json.Decoder(KeptRun).decode
_decode_named = msgspec.json.Decoder(Named).decode


def _put_named(table: str, name: str, value: Struct) -> Op:
    return put(table, key_of(name), Named(name, Raw(msgspec.json.encode(value))))


def _set_card(question: str, card: Card | None) -> Op:
    key = key_of(question)
    return put("cards", key, StoredCard(question, card)) if card else Delete("cards", key)


def _set_cards(cards: Mapping[str, Card]) -> list[Op]:
    return [_set_card(question, card) for question, card in cards.items()]


def key_of(*parts: str) -> int:
    """A document id that two programs give the same thing without asking each other."""
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), digest_size=7).digest())


def _fields(struct: Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}
