"""When a question comes back."""

from collections import Counter
from datetime import date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizzes.schedule import Card, before_interview, due, leech, review

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


@given(CARDS, LOADS)
@example(None, {MONDAY + timedelta(ahead): 99 - ahead for ahead in range(60)})
@example(
    Card(MONDAY, MONDAY - timedelta(20), 0.5, 5.0, reps=3, lapses=0),
    {MONDAY + timedelta(ahead): int(ahead != 2) for ahead in range(60)},
)
def test_a_better_rating_never_comes_back_sooner(card, load):
    days = intervals(card, MONDAY, load=load)
    assert days == sorted(days)
    assert days[0] > MONDAY


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


INTERVIEW = MONDAY + timedelta(40)


def known(last: date, due: date, stability: float = 90.0) -> Card:
    return Card(due, last, stability, 5.0, reps=6, lapses=0)


def test_what_would_come_after_an_interview_comes_once_more_in_the_two_weeks_before_it_but_not_in_its_last_days():
    def coming(last: int, due: int, seen: int = 0) -> int:
        card, day = known(MONDAY + timedelta(last), MONDAY + timedelta(due)), MONDAY + timedelta(seen)
        return (before_interview({"a": card}, day, INTERVIEW)["a"].due - MONDAY).days

    assert coming(-90, 130) == 26
    assert coming(-90, 130, seen=30) == 30
    assert coming(-90, 36) == 36 and coming(-90, 37) == 26
    assert coming(30, 130, seen=30) == 37, "looked at in these two weeks: once more, if it is weak, in the last days"
    assert coming(30, 40, seen=30) == 40
    assert coming(38, 130, seen=38) == 40
    assert coming(40, 130, seen=40) == 130
    assert coming(-90, 130, seen=41) == 130


def test_a_date_set_late_brings_everything_forward_evenly_the_most_forgotten_first():
    days = [INTERVIEW - timedelta(ahead) for ahead in range(10, 3, -1)]
    cards = {str(n): known(MONDAY - timedelta(n), MONDAY + timedelta(100)) for n in range(1, 64)}
    cards |= {f"on the first {n}": known(MONDAY, days[0]) for n in range(7)}
    coming = before_interview(cards, days[0], INTERVIEW)
    assert Counter(each.due for each in coming.values()) == dict.fromkeys(days, 10)
    assert coming["63"].due == days[1] < coming["1"].due == days[-1]
    assert [msgspec.structs.replace(each, due=cards[id].due) for id, each in coming.items()] == list(cards.values())


def test_without_an_interview_or_after_it_the_ordinary_schedule_returns():
    cards = {"a": known(MONDAY - timedelta(90), MONDAY + timedelta(130))}
    assert before_interview(cards, MONDAY, INTERVIEW) != cards
    assert before_interview(cards, MONDAY, None) == cards
    assert before_interview(cards, INTERVIEW + timedelta(1), INTERVIEW) == cards


@given(st.dictionaries(st.integers(), CARDS.filter(bool)), st.integers(0, 60))
def test_no_interval_passes_the_interview_and_nothing_is_brought_into_the_past(cards, ahead):
    until = MONDAY + timedelta(ahead)
    coming = before_interview(cards, MONDAY, until)
    for id, card in coming.items():
        assert card.due <= until
        assert card == cards[id] or MONDAY <= card.due < cards[id].due


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
