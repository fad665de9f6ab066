"""A quiz session: which question is in front, what has been answered, what comes next. No widgets, no terminal.

asking -> (confidence) -> graded -> the next question's asking ... -> over. Screens and the plain form drive it by the
same calls; every rating is on disk before `rate` returns.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from mtl_tui.locale import Bilingual, Language
from mtl_tui.store.store import Review, Store
from quizzes import grading, schedule
from quizzes.bank import Bank
from quizzes.grading import Answer, Grade
from quizzes.question import FindBug, Numeric, Ordering, Question, Single, Text, TrueFalse

Phase = Literal["asking", "confidence", "graded", "over"]
Clock = Callable[[], datetime.datetime]


class Entry(msgspec.Struct, frozen=True):
    """A question in the queue; `again` is a second try in this session, which does not count."""

    question: str
    again: bool = False


def deck(bank: Bank, store: Store, now: datetime.datetime, length: int, topic: str | None = None) -> list[str]:
    """Questions for a session: what is due first, then new ones along the path of the topics."""
    ids = [each.id for each in bank.in_path() if topic in (None, each.topic)]
    cards = store.cards()
    due = schedule.due({id: cards[id] for id in ids if id in cards}, now.date())
    return (due + store.new(ids))[:length]


class QuizSession:
    """The state of one session."""

    def __init__(
        self, bank: Bank, store: Store, questions: Sequence[str], clock: Clock, *, confidence: bool, language: Language
    ) -> None:
        self.bank, self.store, self._clock = bank, store, clock
        self.queue = [Entry(id) for id in questions]
        self.ask_confidence, self.language = confidence, language
        self.place = 0
        self.phase: Phase = "asking" if self.queue else "over"
        self.reviewed: list[str] = []
        self.chosen: int | None
        self.order: list[int]
        self.text: str
        self.hint_shown: bool
        self.told: grading.PickAgain | None
        self.tried: set[int]
        self.answer: Answer | None
        self.grade: Grade | None
        self.confidence: int | None
        self.seconds = 0.0
        self._open()

    @property
    def question(self) -> Question:
        """The question in front."""
        return self.bank.questions[self.queue[self.place].question]

    @property
    def again(self) -> bool:
        """This is a second try, which does not count."""
        return self.queue[self.place].again

    @property
    def rows(self) -> tuple[int, ...]:
        """The order in which options or items are shown: indices into the file's order."""
        return self._rows

    @property
    def count(self) -> int:
        """How many questions the session has, second tries included."""
        return len(self.queue)

    def choose(self, row: int) -> None:
        """Choose what stands in this row; in an ordering, put it next or take it back."""
        question = self.question
        if self.phase != "asking":
            return
        if isinstance(question, Ordering):
            if row in self.order:
                self.order.remove(row)
            elif row < len(question.items):
                self.order.append(row)
        elif row < self.row_count:
            self.chosen = row

    @property
    def row_count(self) -> int:
        """How many rows can be chosen."""
        match self.question:
            case Single(options=options):
                return len(options)
            case Ordering(items=items):
                return len(items)
            case TrueFalse():
                return 2
            case FindBug(listing=listing):
                return len(self.bank.listings[listing])
            case Numeric():
                return 0
            case other:
                raise TypeError(type(other).__name__)

    def show_hint(self) -> None:
        """Show the hint; it lowers the proposed grade."""
        if self.question.hint is not None:
            self.hint_shown = True

    def hand_in(self) -> Bilingual | None:
        """Grade what has been answered. Returns a sentence on what is missing, or None when that is nothing.

        A truly wrong line that is not the asked one leaves the phase as it is: `told` says what that line does.
        """
        if self.phase != "asking":
            return None
        answer = self._answer()
        if answer is None:
            return MISSING[type(self.question)]
        result = grading.grade(self.question, answer, hint_used=self.hint_shown)
        if isinstance(result, grading.PickAgain):
            self.told = result
            self.tried.add(result.line)
            return None
        if isinstance(result, grading.Unreadable):
            return result.message
        self._graded(answer, result)
        return None

    def give_up(self) -> None:
        """Show the answer; the proposal is Again."""
        if self.phase == "asking":
            answer = grading.GaveUp()
            result = grading.grade(self.question, answer, hint_used=self.hint_shown)
            assert isinstance(result, Grade)
            self._graded(answer, result, sure=False)

    def answer_confidence(self, confidence: int) -> None:
        """1 guess, 2 not sure, 3 sure."""
        if self.phase == "confidence":
            self.confidence = confidence
            self.phase = "graded"

    def intervals(self) -> tuple[datetime.date, ...]:
        """The day on which the question would return under each of the four grades."""
        return schedule.intervals(self.store.card(self.question.id), self._clock().date())

    def rate(self, rating: int) -> None:
        """Save the rating and go to the next question; Again returns at the end of the session, without counting."""
        if self.phase != "graded" or self.grade is None:
            return
        if not self.again:
            self._save(rating)
        if rating == 1:
            self.queue.append(Entry(self.question.id, again=True))
        self.place += 1
        if self.place >= len(self.queue):
            self.place = len(self.queue) - 1
            self.phase = "over"
        else:
            self._open()

    def keep(self) -> None:
        """Take the proposed grade for an answer that was handed in and not rated yet."""
        if self.phase in ("confidence", "graded") and self.grade is not None and not self.again:
            self.phase = "graded"
            self.rate(self.grade.proposed)

    def undo(self) -> bool:
        """Take the last rating back and ask that question of this session again; False if there is none."""
        review = self.store.undo_last()
        if review is None:
            return False
        first = Entry(review.question)
        if first in self.queue:
            self.queue = [each for each in self.queue if each != Entry(review.question, again=True)]
            self.place = self.queue.index(first)
            self.reviewed = [each for each in self.reviewed if each != review.question]
            self._open()
        return True

    def _open(self) -> None:
        self.chosen = None
        self.order = []
        self.text = ""
        self.hint_shown = False
        self.told = None
        self.tried = set()
        self.answer = None
        self.grade = None
        self.confidence = None
        if not self.queue:
            return
        self.phase = "asking"
        self._began = self._clock()
        self._rows = grading.shuffle(self.question, len(self.store.reviews(self.question.id)))

    def _answer(self) -> Answer | None:
        match self.question:
            case Single():
                return None if self.chosen is None else grading.Choice(self._rows[self.chosen])
            case TrueFalse():
                return None if self.chosen is None else grading.Truth(self.chosen == 0)
            case Numeric():
                return grading.Number(self.text) if self.text.strip() else None
            case Ordering(items=items):
                return (
                    grading.Order(tuple(self._rows[row] for row in self.order))
                    if len(self.order) == len(items)
                    else None
                )
            case FindBug():
                return None if self.chosen is None else grading.LineNumber(self.chosen + 1)
            case other:
                raise TypeError(type(other).__name__)

    def _graded(self, answer: Answer, grade: Grade, *, sure: bool = True) -> None:
        self.answer, self.grade = answer, grade
        self.seconds = (self._clock() - self._began).total_seconds()
        self.phase = "confidence" if self.ask_confidence and sure and not self.again else "graded"

    def _save(self, rating: int) -> None:
        assert self.grade is not None and self.answer is not None
        now = self._clock()
        question = self.question.id
        review = Review(
            question=question,
            answer=self.answer,
            right=self.grade.right,
            proposed=self.grade.proposed,
            grade=rating,
            confidence=self.confidence,
            seconds=round(self.seconds, 1),
            at=now,
            language=self.language,
        )
        self.store.record_review(review, schedule.review(self.store.card(question), rating, now.date()))
        self.reviewed.append(question)


MISSING: dict[type, Text] = {
    Single: Text("先选一项：按数字，或在那一行按空格。", "Choose an option first: a digit, or space on the row."),
    TrueFalse: Text("先选：1 对，2 错。", "Choose first: 1 true, 2 false."),
    Numeric: Text("先写一个数。", "Type a number first."),
    Ordering: Text(
        "先把每一项都排上：按先后顺序按数字。",
        "Put every item in order first: press the digits from first to last.",
    ),
    FindBug: Text("先输入行号，或移到那一行。", "Type the number of a line first, or move to it."),
}
