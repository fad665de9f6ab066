"""A quiz session: which question is in front, what has been answered, what comes next. No widgets, no terminal.

asking -> (confidence) -> (points, of an answer in words) -> graded -> the next question's asking ... -> over. Screens
and the plain form drive it by the same calls; every rating is on disk before `rate` returns.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from mtl_tui.flows import synonyms
from mtl_tui.flows.answering import REST_SECONDS, Answering
from mtl_tui.flows.fitting import undo_last
from mtl_tui.locale import Bilingual, Language
from mtl_tui.store.marks import Buried, Draft, Drilled, Suspended
from mtl_tui.store.store import Aside, Review, Store
from quizzes import schedule
from quizzes.bank import Bank
from quizzes.grading import AGAIN, Answer, GaveUp, Grade, Words
from quizzes.question import Question
from quizzes.schedule import Card

Phase = Literal["asking", "confidence", "points", "graded", "over"]
Clock = Callable[[], datetime.datetime]
Reschedule = Callable[[Card | None, int, datetime.date], Card]

ENOUGH_RIGHT, LATEST = 10, 200
"""Right answers from which on a person has a median, of the latest so many."""
LONGEST = 5
"""Times what a question needs; who takes longer has left it, and that is not spent on it."""


class Entry(msgspec.Struct, frozen=True):
    """A question in the queue; `again` is a second try in this session, which does not count."""

    question: str
    again: bool = False


class Undone(NamedTuple):
    """What was taken back: a rating, or with no grade that the question was set aside."""

    question: str
    grade: int | None


def take_back(store: Store) -> Undone | None:
    """Take back the last rating or setting aside; words that were rated are a draft again."""
    aside = store.undo_aside()
    if aside is not None:
        return Undone(aside, None)
    review = undo_last(store)
    if review is not None:
        _begin_again(store, review.question, review.answer)
    return Undone(review.question, review.grade) if review is not None else None


def _begin_again(store: Store, question: str, answer: Answer) -> None:
    """Keep the words of an answer that counts no more as a draft."""
    if isinstance(answer, Words | GaveUp) and answer.text:
        store.keep("drafts", question, Draft(answer.text))


class QuizSession:
    """The state of one session.

    `counts`: ratings feed the schedule; without, in a drill, the last answer to each question is kept and nothing else.
    `reschedule` gives the card after a rating on a day.
    """

    def __init__(
        self,
        bank: Bank,
        store: Store,
        questions: Sequence[str],
        clock: Clock,
        *,
        confidence: bool,
        language: Language,
        counts: bool = True,
        reschedule: Reschedule = schedule.review,
    ) -> None:
        self.bank, self.store, self._clock, self._reschedule = bank, store, clock, reschedule
        self.queue = [Entry(id) for id in questions]
        self.ask_confidence, self.language, self.counts = confidence, language, counts
        self.place = 0
        self.phase: Phase = "asking" if self.queue else "over"
        self.reviewed: list[str] = []
        self.right: dict[str, bool] = {}
        self._drilled: list[tuple[Undone, Drilled | None, Answer]] = []
        self.answering: Answering
        self._changed: datetime.datetime | None
        self.answer: Answer | None
        self.grade: Grade | None
        self.confidence: int | None
        self.follow_ups = 0
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
    def count(self) -> int:
        """How many questions the session has, second tries included."""
        return len(self.queue)

    @property
    def lapses(self) -> int:
        """How often the question was missed after it had been known, this time included if it is graded Again."""
        card = self.store.card(self.question.id)
        missed = self.counts and not self.again and self.grade is not None and self.grade.proposed == AGAIN
        return card.lapses + missed if card is not None else 0

    def choose(self, row: int) -> None:
        """Choose what stands in this row; see `Answering.choose`."""
        if self.phase == "asking":
            self.answering.choose(row)
            self._changed = self._clock()

    def type(self, text: str) -> None:
        """What stands in the answer's box now."""
        if self.phase == "asking" and text != self.answering.text:
            self.answering.text = text
            self._changed = self._clock()

    def tick(self) -> None:
        """Keep what was begun at each rest of two seconds."""
        if self._changed is not None and (self._clock() - self._changed).total_seconds() >= REST_SECONDS:
            self._keep_draft()

    def hand_in(self) -> Bilingual | None:
        """Grade what has been answered. Returns a sentence on what is missing, or None when that is nothing.

        The phase stays as it is while there is more to choose; see `Answering.hand_in`.
        """
        if self.phase != "asking":
            return None
        seconds = self._elapsed
        self.answering.fast = seconds / self.question.seconds < self._usual_pace
        result = self.answering.hand_in(synonyms.of(self.store, self.answering))
        if not isinstance(result, Grade):
            return result
        self.seconds = seconds
        self._keep_draft()
        self._take(result)
        self.phase = "confidence" if self.ask_confidence and not self.again else self._after_confidence
        return None

    def give_up(self) -> None:
        """Show the answer; the proposal is Again."""
        if self.phase == "asking":
            begun = self.answering.text if self.answering.in_words and self.answering.begun else ""
            self.answer, self.grade = GaveUp(begun), self.answering.give_up()
            self.seconds = self._elapsed
            self.phase = "graded"

    def answer_confidence(self, confidence: int) -> None:
        """1 guess, 2 not sure, 3 sure."""
        if self.phase == "confidence":
            self.confidence = confidence
            self.phase = self._after_confidence

    def tick_point(self, index: int) -> None:
        """Count a rubric point as covered, or no longer; the proposed grade follows."""
        if self.phase == "points":
            self.answering.tick_point(index)
            self._take(self.answering.regrade())

    def keep_synonym(self, index: int, phrase: str) -> None:
        """Remember a phrase that says this rubric point, and count the point as covered."""
        synonyms.keep(self.store, self.question.id, index, phrase)
        if self.answering.covered is not None and index not in self.answering.covered:
            self.tick_point(index)

    def accept_points(self) -> None:
        """The points stand as they are ticked; the grade is next."""
        if self.phase == "points":
            self.phase = "graded"

    def show_follow_up(self) -> None:
        """Show one thing more of the follow-ups: what is asked next, then what one would say."""
        if self.phase == "graded":
            self.follow_ups = min(self.follow_ups + 1, 2 * len(self.question.follow_ups))

    def outcomes(self) -> tuple[Card, ...]:
        """The card as each of the four grades would leave it."""
        card, day = self.store.card(self.question.id), self._clock().date()
        return tuple(self._reschedule(card, rating, day) for rating in (1, 2, 3, 4))

    def rate(self, rating: int) -> None:
        """Save the rating and go to the next question; Again returns at the end of the session, without counting."""
        if self.phase != "graded" or self.grade is None:
            return
        if not self.again:
            self._save(rating)
        if rating == AGAIN:
            self.queue.append(Entry(self.question.id, again=True))
        self.place += 1
        self._go_on()

    def keep(self) -> int | None:
        """Lose nothing on leaving: an answer that was handed in takes its proposed grade, which is returned; one that
        was begun is kept as a draft."""
        self._keep_draft()
        if self.phase not in ("confidence", "points", "graded") or self.grade is None or self.again:
            return None
        proposed = self.grade.proposed
        self.phase = "graded"
        self.rate(proposed)
        return proposed

    def bury(self) -> None:
        """Ask this question again tomorrow at the earliest."""
        self._set_aside("buried", Buried(self._clock().date() + datetime.timedelta(1)))

    def suspend(self, *, for_good: bool = False) -> None:
        """Ask this question no more until it is resumed."""
        self._set_aside("suspended", Suspended(for_good))

    def undo(self) -> Undone | None:
        """Take the last rating or setting aside back and ask that question of this session again; None if there is
        none. A question that was rated as it was set aside keeps its grade."""
        self._keep_draft()
        undone = take_back(self.store) if self.counts else self._take_back_drilled()
        if undone is not None and undone.grade is None and undone.question in self.right:
            self._take_up_again(undone.question)
            return undone
        if undone is not None and (first := Entry(undone.question)) in self.queue:
            self.queue = [each for each in self.queue if each != Entry(undone.question, again=True)]
            self.place = self.queue.index(first)
            self.reviewed = [each for each in self.reviewed if each != undone.question]
            self.right.pop(undone.question, None)
            self._open()
        return undone

    def _take_up_again(self, question: str) -> None:
        """Ask a question once more whose second try was set aside."""
        if self.phase == "over" or self.question.id != question:
            tries = [place for place, each in enumerate(self.queue) if each == Entry(question, again=True)]
            if tries:
                self.place = tries[-1]
                self._open()

    def _take_back_drilled(self) -> Undone | None:
        if not self._drilled:
            return None
        undone, earlier, answer = self._drilled.pop()
        if undone.grade is None:
            self.store.undo_aside()
        elif earlier is not None:
            self.store.keep("drills", undone.question, earlier)
        else:
            self.store.forget("drills", undone.question)
        _begin_again(self.store, undone.question, answer)
        return undone

    @property
    def _after_confidence(self) -> Phase:
        return "points" if self.answering.in_words else "graded"

    @property
    def _elapsed(self) -> float:
        """Seconds since the question was shown; none where the clock was set back meanwhile."""
        seconds = (self._clock() - self._began).total_seconds()
        return min(max(seconds, 0.0), float(LONGEST * self.question.seconds))

    @cached_property
    def _usual_pace(self) -> float:
        """The person's median of seconds spent to seconds needed, over right first tries; 0 while there are few."""
        questions = self.bank.questions
        paces = [
            review.seconds / questions[review.question].seconds
            for review in self.store.latest(LATEST)
            if review.right and review.question in questions
        ]
        return statistics.median(paces) if len(paces) >= ENOUGH_RIGHT else 0.0

    def _keep_draft(self) -> None:
        """Keep what was begun since the last time; where nothing is left of it, forget the draft."""
        changed, self._changed = self._changed, None
        if changed is None or self.phase != "asking":
            return
        if self.answering.begun:
            self.store.keep("drafts", self.question.id, Draft(self.answering.text, self.answering.picked))
        else:
            self.store.forget("drafts", self.question.id)

    def _open(self) -> None:
        self._changed = None
        self.answer = None
        self.grade = None
        self.confidence = None
        self.follow_ups = 0
        if not self.queue:
            return
        self.phase = "asking"
        self._began = self._clock()
        question = self.question
        draft = self.store.get("drafts", question.id, Draft) or Draft("")
        seed = self.store.times_answered(question.id)
        self.answering = Answering(self.bank, question, seed, draft.text, draft.picked)

    def _go_on(self) -> None:
        if self.place >= len(self.queue):
            self.place = len(self.queue) - 1
            self.phase = "over"
        else:
            self._open()

    def _set_aside(self, table: Aside, mark: msgspec.Struct) -> None:
        """Mark the question and go on without it; an answer that was handed in counts with its proposed grade."""
        if self.phase == "over":
            return
        self._keep_draft()
        id = self.question.id
        if self.phase != "asking" and not self.again and self.grade is not None:
            self._save(self.grade.proposed)
        self.store.set_aside(id, table, mark)
        if not self.counts:
            self._drilled.append((Undone(id, None), None, GaveUp()))
        self.place += 1
        self.queue[self.place :] = [each for each in self.queue[self.place :] if each.question != id]
        self._go_on()

    def _take(self, grade: Grade) -> None:
        self.answer, self.grade = self.answering.answer(), grade

    def _save(self, rating: int) -> None:
        assert self.grade is not None and self.answer is not None
        now = self._clock()
        question = self.question.id
        self.right[question] = self.grade.right
        self.reviewed.append(question)
        if not self.counts:
            earlier = self.store.get("drills", question, Drilled)
            self._drilled.append((Undone(question, rating), earlier, self.answer))
            self.store.keep("drills", question, Drilled(self.grade.right, now))
            self.store.forget("drafts", question)
            return
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
        self.store.record_review(review, self._reschedule(self.store.card(question), rating, now.date()))
