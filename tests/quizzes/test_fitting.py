"""Parameters fitted to a person: better for one who forgets otherwise, and only by more than chance gives."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
from datetime import date, timedelta

import msgspec
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizzes import fitting, forecast, schedule
from quizzes.fitting import Fitted, History, Progress, Request
from quizzes.schedule import Card

FIRST = date(2025, 1, 1)
QUICK_TO_FORGET = (0.05, 0.3, 0.8, 3.0, *DEFAULT_PARAMETERS[4:8], 1.2, *DEFAULT_PARAMETERS[9:20], 0.3)


def histories(memory: tuple[float, ...], questions: int, days: int, seed: int = 1) -> list[History]:
    """Reviews scheduled by the defaults of someone whose memory follows other parameters."""
    draw = random.Random(seed)
    believed: dict[str, Card] = {}
    true: dict[str, Card] = {}
    rated: dict[str, list[tuple[date, int]]] = {}
    for day in (FIRST + timedelta(ahead) for ahead in range(days)):
        for id in schedule.due(believed, day):
            recalled = draw.random() < forecast.retrievability(true[id], day, memory)
            rated[id].append((day, draw.choices((2, 3, 4), (1, 8, 1))[0] if recalled else 1))
        for id in map(str, range(len(rated), min(len(rated) + 10, questions))):
            rated[id] = [(day, draw.choices((1, 2, 3, 4), (4, 2, 3, 1))[0])]
        for id in (id for id, known in rated.items() if known[-1][0] == day):
            rating = rated[id][-1][1]
            believed[id] = schedule.review(believed.get(id), rating, day)
            true[id] = schedule.review(true.get(id), rating, day, parameters=memory)
    return [tuple(known) for known in rated.values()]


@pytest.fixture(scope="module")
def forgetful() -> list[History]:
    return histories(QUICK_TO_FORGET, questions=100, days=150)


def test_who_forgets_faster_gets_parameters_that_predict_the_held_out_reviews_better(forgetful):
    command = [sys.executable, "-P", "-m", "quizzes.fitting"]
    ran = subprocess.run(command, input=msgspec.json.encode(Request(forgetful)), capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    *told, fitted = map(fitting.decode, ran.stdout.splitlines())
    assert isinstance(fitted, Fitted)
    assert fitted.better and 0 < fitted.low < fitted.gain == fitted.before - fitted.after < fitted.high
    assert fitted.held_out == fitting.usable(forgetful)
    assert told[0] == Progress(0, told[-1].of) and told[-1].done == told[-1].of
    after_good = [schedule.review(None, 3, FIRST, parameters=each).due for each in (None, fitted.parameters)]
    assert after_good[1] < after_good[0]


def test_parameters_that_fit_already_are_not_bettered_by_fitting_again(forgetful):
    assert not fitting.fit(Request(forgetful, QUICK_TO_FORGET), lambda _: None).better


@pytest.mark.parametrize("seed", range(4))
def test_parameters_are_kept_for_another_memory_and_not_for_luck(seed):
    usual, forgetful = (
        fitting.fit(Request(histories(memory, questions=100, days=120, seed=seed)), lambda _: None)
        for memory in (DEFAULT_PARAMETERS, QUICK_TO_FORGET)
    )
    assert forgetful.better and not usual.better


def test_no_review_is_predicted_by_parameters_that_saw_it():
    """With a memory like the defaults, what is fitted does better on its own reviews, worse on others."""
    usual = histories(DEFAULT_PARAMETERS, questions=100, days=120)
    fitted = fitting.fit(Request(usual), lambda _: None)
    on_its_own = fitting.fit(Request(usual, fitted.parameters), lambda _: None).before
    assert on_its_own < fitted.before < fitted.after


def test_answers_of_one_question_count_as_one_where_they_are_the_same():
    one_each = fitting.standard_error([[0.1], [0.4], [-0.2], [0.3]])
    assert one_each == pytest.approx(statistics.stdev([0.1, 0.4, -0.2, 0.3]) / 2)
    assert fitting.standard_error([[0.1] * 9, [0.4] * 9, [-0.2] * 9, [0.3] * 9]) == pytest.approx(one_each)


def test_a_card_is_remembered_by_other_parameters_and_stays_due_on_its_day():
    history = [(FIRST, 3), (FIRST + timedelta(3), 1), (FIRST + timedelta(9), 4)]
    cards: list[Card | None] = [None, None]
    for day, rating in history:
        load = {FIRST + timedelta(ahead): 5 * (ahead % 2) for ahead in range(60)}
        cards = [
            schedule.review(card, rating, day, load=load, parameters=each)
            for card, each in zip(cards, (None, QUICK_TO_FORGET), strict=True)
        ]
    card, other = cards
    assert card is not None and other is not None and other.stability < card.stability
    again = schedule.remembered(card, history, QUICK_TO_FORGET)
    assert (again.stability, again.difficulty) == (other.stability, other.difficulty)
    assert (again.due, again.last_review, again.reps, again.lapses) == (card.due, card.last_review, 3, 1)
    assert schedule.remembered(again, history, None) == card
    assert schedule.remembered(card, history[:2], QUICK_TO_FORGET) == card, "not its own history"


def test_too_few_reviews_are_refused_before_the_optimiser_would_return_its_defaults():
    few = [((FIRST, 3), (FIRST + timedelta(2), 3))] * (fitting.ENOUGH - 1)
    with pytest.raises(ValueError, match="511 usable reviews, 512"):
        fitting.fit(Request(few), lambda _: None)
    with pytest.raises(ValueError, match="one question"):
        fitting.fit(Request([tuple((FIRST + timedelta(day), 3) for day in range(600))]), lambda _: None)


def test_the_same_parameters_but_for_rounding_are_not_better():
    assert not Fitted((), 0.53052, 0.530519, 1e-8, 1390).better
    assert Fitted((), 0.53, 0.52, 0.001, 1390).better and not Fitted((), 0.53, 0.52, 0.006, 1390).better
