"""When a question comes back."""

from datetime import date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizzes.schedule import Card, due, leech, review

MONDAY = date(2025, 11, 24)
CARDS = st.none() | st.builds(
    lambda stability, difficulty, elapsed, lapses: Card(
        due=MONDAY,
        last_review=MONDAY - timedelta(elapsed),
        stability=stability,
        difficulty=difficulty,
        reps=lapses + 1,
        lapses=lapses,
    ),
    st.floats(0.01, 3000),
    st.floats(1, 10),
    st.integers(1, 800),
    st.integers(0, 9),
)
LOADS = st.none() | st.dictionaries(st.integers(0, 60).map(lambda ahead: MONDAY + timedelta(ahead)), st.integers(0, 99))


def intervals(card: Card | None, day: date, **how) -> list[date]:
    """When it would be due after Again, Hard, Good and Easy."""
    return [review(card, rating, day, **how).due for rating in (1, 2, 3, 4)]


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


@given(CARDS, LOADS, st.none() | st.integers(-5, 90))
@example(None, {MONDAY + timedelta(ahead): 99 - ahead for ahead in range(60)}, None)
def test_a_better_rating_never_comes_back_sooner_nor_after_the_interview(card, load, ahead):
    until = None if ahead is None else MONDAY + timedelta(ahead)
    days = intervals(card, MONDAY, load=load, until=until)
    assert list(days) == sorted(days)
    assert days[0] > MONDAY
    if until is not None and until > MONDAY:
        assert days[3] <= until
    else:
        assert days == intervals(card, MONDAY, load=load)


@given(CARDS, LOADS, st.integers(1, 4))
def test_the_day_is_chosen_and_the_memory_is_not(card, load, rating):
    exact, chosen = review(card, rating, MONDAY), review(card, rating, MONDAY, load=load)
    assert chosen == msgspec.structs.replace(exact, due=chosen.due)
    interval = (exact.due - MONDAY).days
    assert abs((chosen.due - exact.due).days) <= (0 if interval < 2.5 else 4 + 0.05 * interval)
    assert review(card, rating, MONDAY, load=load) == chosen


def test_the_least_loaded_day_of_the_window_is_taken_and_of_equals_the_nearest():
    exact = review(None, 4, MONDAY).due
    assert (exact - MONDAY).days == 8
    full = {exact + timedelta(ahead): 5 for ahead in range(-2, 3)}
    assert review(None, 4, MONDAY, load={}).due == exact
    assert review(None, 4, MONDAY, load=full).due == exact
    assert review(None, 4, MONDAY, load=full | {exact + timedelta(2): 4}).due == exact + timedelta(2)
    assert review(None, 4, MONDAY, load=full | {exact + timedelta(3): 0}).due == exact


def test_everything_comes_once_more_in_the_two_weeks_before_an_interview_but_not_in_its_last_days():
    known = Card(MONDAY, MONDAY - timedelta(90), 90.0, 5.0, reps=6, lapses=0)

    def after(ahead: int, load: dict[date, int] | None = None) -> int:
        return (review(known, 3, MONDAY, load=load, until=MONDAY + timedelta(ahead)).due - MONDAY).days

    ordinary = (review(known, 3, MONDAY).due - MONDAY).days
    assert ordinary > 100
    assert after(40) == 36
    busy = {MONDAY + timedelta(days): 3 for days in range(27, 37)}
    assert after(40, busy) == 26
    assert after(40, busy | {MONDAY + timedelta(26): 4}) == 36
    assert [after(ahead) for ahead in (14, 4, 3, 2, 1)] == [13, 3, 3, 2, 1]
    assert after(14, {MONDAY + timedelta(13): 1}) == 12
    assert after(0) == after(-9) == ordinary


def test_what_was_brought_forward_for_an_interview_waits_from_that_day_on():
    known = Card(MONDAY, MONDAY - timedelta(90), 90.0, 5.0, reps=6, lapses=0)
    interview = MONDAY + timedelta(5)
    cards = {"sure": review(known, 3, MONDAY, until=interview), "shaky": review(None, 3, MONDAY, until=interview)}
    eve, after = interview - timedelta(1), interview + timedelta(1)
    assert set(due(cards, eve, interview)) == {"sure", "shaky"}
    assert due(cards, interview, interview) == due(cards, after, interview) == ["shaky"]
    assert set(due(cards, MONDAY + timedelta(400), interview)) == {"sure", "shaky"}


def test_a_question_forgotten_four_times_is_a_leech():
    card = review(None, 1, MONDAY)
    for lapses in range(1, 5):
        assert not leech(card)
        card = review(card, 1, card.due)
        assert card.lapses == lapses
    assert leech(card)


def test_parameters_and_retention_change_the_interval():
    from fsrs.scheduler import DEFAULT_PARAMETERS

    assert review(None, 3, MONDAY, parameters=DEFAULT_PARAMETERS) == review(None, 3, MONDAY)
    slow = (*DEFAULT_PARAMETERS[:2], 20.0, *DEFAULT_PARAMETERS[3:])
    assert review(None, 3, MONDAY, parameters=slow).due == MONDAY + timedelta(20)
    assert review(None, 3, MONDAY, retention=0.8).due > review(None, 3, MONDAY).due
    with pytest.raises(ValueError, match="bounds"):
        review(None, 3, MONDAY, parameters=(*DEFAULT_PARAMETERS[:20], 7.0))


def test_a_journey_over_time_zones_counts_local_days():
    breakfast = datetime(2025, 11, 25, 8, tzinfo=timezone(timedelta(hours=9)))
    card = review(None, 3, breakfast.date())
    landed = (breakfast + timedelta(hours=8)).astimezone(timezone(timedelta(hours=-8)))
    assert landed.date() == MONDAY < card.last_review
    assert review(card, 1, landed.date()) == review(card, 1, landed.date() + timedelta(1)) == card
    assert review(card, 1, landed.date() + timedelta(2)).lapses == 1
