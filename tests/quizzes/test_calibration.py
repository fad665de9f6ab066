"""Promised against achieved: intervals, bins, forecast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizzes import forecast
from quizzes.calibration import ENOUGH, ConfidenceBin, confidence, recall, wilson
from quizzes.schedule import Card, review

MONDAY = date(2025, 11, 24)


@pytest.mark.parametrize("right, n, low, high", [(5, 12, 19, 68), (6, 11, 28, 79), (9, 16, 33, 77)])
def test_wilson_gives_the_known_intervals(right, n, low, high):
    assert tuple(round(100 * each) for each in wilson(right, n)) == (low, high)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share_and_narrows_with_more_answers(right, wrong):
    n = right + wrong
    low, high = wilson(right, n)
    assert 0 <= low < high <= 1
    if n:
        assert low <= right / n + 1e-12 and right / n <= high + 1e-12
        nearer = wilson(4 * right, 4 * n)
        assert nearer[1] - nearer[0] < high - low


def test_calibration_waits_for_a_hundred_reviews():
    reviews = [(0.93, at % 10 != 0) for at in range(ENOUGH)]
    assert recall(reviews[:-1]) == []
    (only,) = recall(reviews)
    assert (only.n, only.achieved) == (100, 0.9)
    assert only.predicted == pytest.approx(0.93) and only.low < 0.9 < only.high


def test_bins_go_up_and_take_their_upper_edge():
    found = recall([(chance, True) for chance in (0.2, 0.9, 0.9, 0.91, 0.99, 1.0) for _ in range(20)])
    assert [(round(each.predicted, 3), each.n) for each in found] == [(0.2, 20), (0.9, 40), (0.91, 20), (0.995, 40)]


def test_sure_and_wrong_is_counted_and_what_was_not_asked_is_not():
    answers = [(3, True)] * 7 + [(3, False)] * 3 + [(1, False), (None, True)]
    assert confidence(answers) == [ConfidenceBin(1, 0, 1, *wilson(0, 1)), ConfidenceBin(3, 7, 10, *wilson(7, 10))]


def test_recall_is_nine_tenths_after_as_many_days_as_the_stability_and_equals_that_of_fsrs():
    noon = datetime(2025, 11, 24, 12, tzinfo=UTC)
    same = fsrs.Card(card_id=1, state=fsrs.State.Review, stability=12.0, last_review=noon - timedelta(12))
    card = Card(MONDAY, MONDAY - timedelta(12), 12.0, 5.0, reps=3, lapses=0)
    assert forecast.retrievability(card, MONDAY) == pytest.approx(0.9)
    own = (*DEFAULT_PARAMETERS[:20], 0.5)
    for days in (0, 1, 30, 900):
        known = fsrs.Scheduler(parameters=own).get_card_retrievability(same, noon + timedelta(days))
        assert forecast.retrievability(card, MONDAY + timedelta(days), own) == pytest.approx(known)
    assert forecast.retrievability(card, MONDAY - timedelta(99)) == 1.0


def test_the_forecast_counts_what_is_overdue_as_today():
    card = review(None, 3, MONDAY)
    due = [each.due for each in (card, review(None, 4, MONDAY), review(None, 1, MONDAY - timedelta(9)))]
    assert forecast.load(due, MONDAY, 9) == [1, 0, 1, 0, 0, 0, 0, 0, 1]
    assert forecast.load(due, MONDAY, 8) == [1, 0, 1, 0, 0, 0, 0, 0]
