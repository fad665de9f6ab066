"""The plan of a person's day: bank, store and settings laid before `quizzes.plan` and `quizzes.schedule`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from mtl_tui.config import Settings
from mtl_tui.flows.fitting import parameters
from mtl_tui.store.marks import Buried, Suspended
from mtl_tui.store.store import Store
from quizzes import plan, schedule
from quizzes.bank import Bank
from quizzes.calibration import wilson
from quizzes.grading import AGAIN
from quizzes.plan import Limits, Pace, Today, Waiting, Work
from quizzes.question import Question
from quizzes.schedule import Card

RANKED_FROM = 10
"""Answers from which on a topic is ranked."""
WEAKEST = 3
PACED_BY = 50
"""The latest answers whose pace and grades foretell the minutes of the days to come."""


class TopicFigures:
    """Right and given answers of a topic, with the 95 % interval of the share."""

    def __init__(self, topic: str, right: int, answered: int) -> None:
        self.topic, self.right, self.answered = topic, right, answered
        self.low, self.high = wilson(right, answered)

    @property
    def share(self) -> float:
        """The share that was right; 0 where nothing was answered."""
        return self.right / self.answered if self.answered else 0.0

    @property
    def ranked(self) -> bool:
        """Whether there are answers enough to compare it."""
        return self.answered >= RANKED_FROM


class DayPlan:
    """What one local day holds."""

    def __init__(self, bank: Bank, store: Store, settings: Settings, day: date) -> None:
        self._bank, self._store, self._settings, self.day = bank, store, settings, day

    @cached_property
    def suspended(self) -> dict[str, Suspended]:
        """Questions that no session asks, in the order in which they were set aside."""
        known = self._bank.questions
        return {id: mark for id, mark in self._store.kept("suspended", Suspended).items() if id in known}

    @cached_property
    def cards(self) -> dict[str, Card]:
        """The cards of the questions that may be asked, as they come before the interview."""
        return schedule.before_interview(self._kept, self.day, self._settings.interview_date)

    def asked(self, topic: str | None = None) -> list[Question]:
        """Questions that may be asked, along the path of the topics: no drafts, none that is suspended."""
        return [each for each in self._bank.in_path() if topic in (None, each.topic) and each.id not in self.suspended]

    def due(self, topic: str | None = None) -> list[str]:
        """Questions due, whatever the limits of the day."""
        cards = {each.id: self.cards[each.id] for each in self.asked(topic) if each.id in self.cards}
        found = schedule.due(cards, self.day)
        return [id for id in found if id not in self._buried]

    def new(self, topic: str | None = None) -> list[str]:
        """Questions never rated."""
        return [each.id for each in self.asked(topic) if each.id not in self.cards]

    def today(self, topic: str | None = None) -> Today:
        """What is left to do today, of one topic if asked; the limits count what was done of all of them."""
        minutes = self._settings.minutes_per_day
        limits = Limits(self._settings.new_per_day, minutes or None)
        return plan.today(
            [Waiting(each.id, each.topic, each.sibling, self.seconds(each)) for each in self.asked(topic)],
            self.cards,
            self.day,
            limits,
            done=self._done,
            until=self._settings.interview_date,
            begun=self._begun,
            buried=self._buried,
            weak_topics=self._weak_topics,
        )

    def seconds(self, question: Question) -> float:
        """The time that a question takes this person."""
        return self._pace * question.seconds

    def topics(self) -> list[TopicFigures]:
        """The topics that were answered, along the path."""
        counts = self._store.answered({each.id: each.topic for each in self._bank.questions.values()})
        topics = dict.fromkeys(each.topic for each in self._bank.in_path())
        return [TopicFigures(topic, *counts[topic]) for topic in topics if topic in counts]

    def ranked(self) -> list[TopicFigures]:
        """The topics with answers enough, the weakest first."""
        return sorted((each for each in self.topics() if each.ranked), key=lambda each: each.share)

    def days_left(self) -> int | None:
        """Days until the interview; None where no date is set or it is over."""
        until = self._settings.interview_date
        return None if until is None or until < self.day else (until - self.day).days

    def final(self) -> bool:
        """Whether these are the last days before the interview, in which nothing new comes."""
        return plan.in_last_days(self.day, self._settings.interview_date, self._begun)

    def pace(self, today: Today) -> Pace | None:
        """What is reached before the interview, of all questions there are, with as many new ones a day as the limits
        allow; None without a date. `needed_per_day` reaches all of them."""
        until = self._settings.interview_date
        if until is None or self.days_left() is None:
            return None
        new, all_ = len(self.new()), self.asked()
        days = (plan.last_new(until, self._begun) - self.day).days
        per_day = self._settings.new_per_day
        found = plan.pace(new, len(today.new), days, per_day, full=today.full, work=self._work(today, days, until))
        return Pace(len(all_) - new + found.reachable, len(all_), found.needed_per_day)

    def _work(self, today: Today, days: int, until: date) -> Work | None:
        """What the minutes of the days to come hold besides new questions; None where they are no limit."""
        asked, minutes = self.asked(), self._settings.minutes_per_day
        if not minutes or not asked:
            return None
        first = [each.grade > AGAIN for each in self._store.latest(PACED_BY) if each.before is None]
        return Work(
            self._kept.values(),
            self.day,
            days,
            until,
            capacity=60 * minutes * len(asked) / sum(map(self.seconds, asked)),
            right=(sum(first) + 1) / (len(first) + 2),
            put_off=today.put_off,
            parameters=parameters(self._store),
        )

    def reschedule(self, card: Card | None, rating: int) -> Card:
        """The card after a rating, due on the least loaded day."""
        load = self._store.due_per_day()
        return schedule.review(card, rating, self.day, load=load, parameters=parameters(self._store))

    def coming(self) -> list[date]:
        """The day on which each question that was rated comes again, today for what is overdue. What the last days
        before an interview leave out comes after it."""
        return [self._comes(each) for each in self.asked() if each.id in self.cards]

    def _comes(self, question: Question) -> date:
        until, card = self._settings.interview_date, self.cards[question.id]
        day = max(card.due, self._buried.get(question.id, self.day), self.day)
        if until is not None and plan.left_out(card, question.topic, self._weak_topics, day, until, self._begun):
            return max(self._kept[question.id].due, until + timedelta(1))
        return day

    @cached_property
    def _kept(self) -> dict[str, Card]:
        """The cards of the questions that may be asked, as the store has them."""
        cards = self._store.cards()
        return {each.id: cards[each.id] for each in self.asked() if each.id in cards}

    @cached_property
    def _done(self) -> list[tuple[str, bool, float]]:
        """The reviews of the day: question, whether it was new, seconds."""
        return [
            (each.question, each.before is None and each.after is not None, each.seconds)
            for each in self._store.reviews_on(self.day)
        ]

    @cached_property
    def _weak_topics(self) -> set[str]:
        return {each.topic for each in self.ranked()[:WEAKEST]}

    @cached_property
    def _buried(self) -> dict[str, date]:
        marks = self._store.kept("buried", Buried)
        return {id: mark.until for id, mark in marks.items() if mark.until > self.day}

    @property
    def _begun(self) -> date:
        """The day of the first answer, which may be given today."""
        return min(self._store.per_day(), default=self.day)

    @cached_property
    def _pace(self) -> float:
        """The person's seconds for one that a prepared person needs, over the latest answers; 1 while there are few."""
        pairs = [
            (each.seconds, self._bank.questions[each.question].seconds)
            for each in self._store.latest(PACED_BY)
            if each.question in self._bank.questions
        ]
        spent, needed = sum(spent for spent, _ in pairs), sum(needed for _, needed in pairs)
        return min(max(spent / needed, 0.25), 4.0) if len(pairs) >= RANKED_FROM else 1.0
