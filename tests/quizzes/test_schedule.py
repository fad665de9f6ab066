"""When a question comes back."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.schedule import Card, due, intervals, review

MONDAY = date(2025, 11, 24)


def test_a_new_question_is_due_sooner_the_worse_it_went():
    again, hard, good, easy = intervals(None, MONDAY)
    assert MONDAY < again <= hard <= good < easy
    assert again == MONDAY + timedelta(1)


def test_again_returns_the_next_day_and_counts_a_lapse():
    known = review(None, 3, MONDAY)
    lapsed = review(known, 1, known.due)
    assert lapsed.due == known.due + timedelta(1)
    assert (lapsed.lapses, lapsed.reps) == (1, 2)
    assert lapsed.stability < known.stability and lapsed.difficulty > known.difficulty
    assert review(None, 1, MONDAY).lapses == 0


def test_only_the_first_rating_of_a_day_counts():
    first = review(None, 1, MONDAY)
    assert review(first, 4, MONDAY) == first
    assert review(first, 4, MONDAY + timedelta(1)) != first


def test_a_clock_set_back_changes_nothing():
    card = review(None, 3, MONDAY)
    assert review(card, 1, MONDAY - timedelta(400)) == card
    assert set(intervals(card, MONDAY - timedelta(400))) == {card.due}


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-3, 400)), min_size=1, max_size=30))
def test_any_history_keeps_a_sound_card_that_survives_json(history):
    card, day = None, MONDAY
    for rating, days in history:
        day += timedelta(days)
        card = review(card, rating, day)
        assert card.due > card.last_review
        assert card.stability > 0 and 1 <= card.difficulty <= 10
        assert card.lapses < card.reps
    assert msgspec.json.decode(msgspec.json.encode(card), type=Card) == card


def test_due_gives_the_one_most_likely_forgotten_first():
    def card(stability: float, last: date, next_time: date) -> Card:
        return Card(next_time, last, stability, 5.0, reps=3, lapses=0)

    cards = {
        "fresh": card(10, MONDAY - timedelta(10), MONDAY),
        "later": card(10, MONDAY, MONDAY + timedelta(10)),
        "faded": card(2, MONDAY - timedelta(20), MONDAY - timedelta(18)),
        "today": card(1, MONDAY - timedelta(1), MONDAY),
        "half": card(8, MONDAY - timedelta(10), MONDAY - timedelta(2)),
    }
    assert due(cards, MONDAY) == ["faded", "half", "fresh", "today"]
    assert due(cards, MONDAY - timedelta(1)) == ["faded", "half"]


def test_a_rating_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="5"):
        review(None, 5, MONDAY)
