"""What the answers of a person show, in figures: for Home, for the page of figures and for `mtl-tui stats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from mtl_tui.flows.desk import Desk
from mtl_tui.flows.fitting import in_use
from mtl_tui.flows.interview import finished
from mtl_tui.flows.today import DayPlan
from mtl_tui.store.marks import FittedParameters
from mtl_tui.store.store import KeptReview, Review
from quizzes import calibration, forecast, schedule
from quizzes.calibration import ConfidenceBin, RecallBin
from quizzes.interview import report

LATEST = 10_000
"""Confidence and recall are counted over so many of the latest answers."""
FORECAST_DAYS = 14


class TopicShare(Struct, frozen=True):
    """Right answers of those given; `low` and `high` are the 95 % interval of the share (Wilson). `ranked` from ten
    answers on."""

    topic: str
    right: int
    answered: int
    low: float
    high: float
    ranked: bool


class DayLoad(Struct, frozen=True):
    """Reviews that are due on a day."""

    day: date
    due: int


class Leech(Struct, frozen=True):
    """A question that was forgotten again and again."""

    question: str
    lapses: int


class LastInterview(Struct, frozen=True):
    """The mock interview that ended last: answers right of those asked, rubric points, seconds taken and suggested."""

    begun: datetime
    minutes: int
    asked: int
    right: int
    covered: int
    points: int
    seconds: float
    suggested: int


class Figures(Struct, frozen=True):
    """Everything that is counted, on one day; the keys of `mtl-tui stats --json`.

    `gone` answers were to questions that no bank has any more. `retention` is the recall aimed at; `recall` compares
    predicted with achieved recall in bins and is empty below 100 predictions. `forecast` begins with `day`, on which
    overdue reviews are counted too. `days_left` and `interview_name` are of the interview that is ahead, null and empty
    without one; `reachable` questions of `questions` are met before it at the present pace, `needed_per_day` new ones a
    day would reach all.
    """

    day: date
    questions: int
    due: int
    new: int
    put_off: int
    seconds: int
    answered: int
    right: int
    gone: int
    streak: int
    longest_streak: int
    per_day: dict[date, int]
    topics: list[TopicShare]
    retention: float
    recall: list[RecallBin]
    predictions: int
    confidence: list[ConfidenceBin]
    forecast: list[DayLoad]
    leeches: list[Leech]
    suspended: list[str]
    days_left: int | None
    interview_name: str
    reachable: int | None
    needed_per_day: int | None
    last_interview: LastInterview | None


def gather(desk: Desk) -> Figures:
    """Count everything."""
    store, plan = desk.store, desk.day()
    today = plan.today()
    pace = plan.pace(today)
    topics = plan.topics()
    streak, longest = store.streak(plan.day)
    latest = store.latest(LATEST)
    answered, per_day = sum(each.answered for each in topics), store.per_day()
    predicted = list(predictions(latest, in_use(store)))
    return Figures(
        day=plan.day,
        questions=len(plan.asked()),
        due=len(today.due),
        new=len(today.new),
        put_off=today.put_off,
        seconds=today.seconds,
        answered=answered,
        right=sum(each.right for each in topics),
        gone=sum(per_day.values()) - answered,
        streak=streak,
        longest_streak=longest,
        per_day=dict(sorted(per_day.items())),
        topics=[
            TopicShare(each.topic, each.right, each.answered, each.low, each.high, each.ranked)
            for each in sorted(topics, key=lambda each: (not each.ranked, each.share))
        ],
        retention=schedule.RETENTION,
        recall=calibration.recall(predicted),
        predictions=len(predicted),
        confidence=confidence(latest),
        forecast=ahead(plan),
        leeches=leeches(plan),
        suspended=list(plan.suspended),
        days_left=plan.days_left(),
        interview_name=desk.settings.interview_name if plan.days_left() is not None else "",
        reachable=pace.reachable if pace else None,
        needed_per_day=pace.needed_per_day if pace else None,
        last_interview=last_interview(desk),
    )


def confidence(reviews: Iterable[Review]) -> list[ConfidenceBin]:
    """How often one was right when guessing, not sure, sure."""
    return calibration.confidence((each.confidence, each.right) for each in reviews)


def predictions(reviews: Iterable[KeptReview], fit: FittedParameters | None) -> Iterator[tuple[float, bool]]:
    """What FSRS predicted for each review that fed the schedule, and whether it was recalled."""
    for each in reviews:
        day = each.at.date()
        fitted = fit.fitted.parameters if fit is not None and each.at >= fit.at else None
        if each.before is not None and day > each.before.last_review:
            yield forecast.retrievability(each.before, day, fitted), each.grade > 1


def last_interview(desk: Desk) -> LastInterview | None:
    """The figures of the last mock interview, None before the first one has ended."""
    last = next(iter(finished(desk.store)), None)
    if last is None:
        return None
    total = report(last, desk.bank).total
    return LastInterview(
        last.begun, last.minutes, total.asked, total.right, total.covered, total.points, total.seconds, total.suggested
    )


def ahead(plan: DayPlan, days: int = FORECAST_DAYS) -> list[DayLoad]:
    """Reviews due on each of the coming days, today first."""
    load = forecast.load(plan.coming(), plan.day, days)
    return [DayLoad(plan.day + timedelta(n), due) for n, due in enumerate(load)]


def leeches(plan: DayPlan) -> list[Leech]:
    """Questions forgotten four times or more, the most often first."""
    found = [
        Leech(each.id, plan.cards[each.id].lapses)
        for each in plan.asked()
        if each.id in plan.cards and schedule.leech(plan.cards[each.id])
    ]
    return sorted(found, key=lambda each: -each.lapses)
