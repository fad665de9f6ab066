"""Parameters fitted to a person: better for one who forgets otherwise, compared on reviews that were held out."""

from __future__ import annotations

import random
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


def histories(memory: tuple[float, ...], questions: int, days: int) -> list[History]:
    """Reviews scheduled by the defaults of someone whose memory follows other parameters."""
    draw = random.Random(1)
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
    assert fitted.better and fitted.after < fitted.before - 0.01
    assert fitted.held_out == pytest.approx(0.2 * fitting.usable(forgetful), rel=0.1)
    assert told[0] == Progress(0, told[-1].of) and told[-1].done == told[-1].of
    after_good = [schedule.review(None, 3, FIRST, parameters=each).due for each in (None, fitted.parameters)]
    assert after_good[1] < after_good[0]


def test_parameters_that_fit_already_are_not_bettered_by_fitting_again(forgetful):
    assert not fitting.fit(Request(forgetful, QUICK_TO_FORGET), lambda _: None).better


def test_reviews_that_were_held_out_do_not_move_the_parameters(forgetful):
    days = sorted(day for history in forgetful for day, _ in history[1:])
    late = days[int(0.8 * len(days))]
    turned = [tuple((day, 1 if day >= late else rating) for day, rating in history) for history in forgetful]
    whole, other = (fitting.fit(Request(each), lambda _: None) for each in (forgetful, turned))
    assert other.parameters == whole.parameters
    assert other.after > whole.after


def test_too_few_reviews_are_refused_before_the_optimiser_would_return_its_defaults():
    few = [((FIRST, 3), (FIRST + timedelta(2), 3))] * (fitting.ENOUGH - 1)
    with pytest.raises(ValueError, match="511 usable reviews, 512"):
        fitting.fit(Request(few), lambda _: None)
    with pytest.raises(ValueError, match="one day"):
        fitting.fit(Request([*few, few[0]]), lambda _: None)
