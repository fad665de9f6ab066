"""What the figures say of the past stays what it was."""

from datetime import UTC, date, datetime, timedelta

from fsrs.scheduler import DEFAULT_PARAMETERS

from mtl_tui.flows.figures import predictions
from mtl_tui.store.marks import FittedParameters
from mtl_tui.store.store import KeptReview
from quizzes import forecast
from quizzes.fitting import Fitted
from quizzes.grading import GaveUp
from quizzes.schedule import Card

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_fit_does_not_change_what_was_predicted_before_it():
    before = Card(date(2026, 2, 20), date(2026, 2, 10), 10.0, 5.0, reps=2, lapses=0)
    reviews = [
        KeptReview(
            question="q",
            answer=GaveUp(),
            right=False,
            proposed=1,
            grade=1,
            confidence=None,
            seconds=5.0,
            at=NOON + timedelta(days),
            language="zh",
            id=days,
            before=before,
            after=before,
        )
        for days in (0, 9)
    ]
    fitted = (*DEFAULT_PARAMETERS[:20], 0.8)
    fit = FittedParameters(Fitted(fitted, before=0.4, after=0.3, error=0.01, held_out=100), NOON + timedelta(1))
    early, late = (each.at.date() for each in reviews)
    expected = [forecast.retrievability(before, early), forecast.retrievability(before, late, fitted)]
    assert [chance for chance, _ in predictions(reviews, fit)] == expected
    assert expected[1] != forecast.retrievability(before, late)
