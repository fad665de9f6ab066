"""Clicks and conversions: their order, who is taught by what, delays, lost negatives; and what a step costs."""

import math

import pytest
import torch

from models import catalogue
from models.catalogue.networks import Dfm, Division, Recalibrated
from models.events import Evaluation, Task, Text
from models.recipe import CLOCKED
from models.recipes import RECIPES, override
from models.tasks import impressions, late_labels
from models.training.learner import Learner
from models.training.probes import above_click, unclicked_gradient
from models.training.run import Run, train
from models.training.seen import Seen

from .conftest import Build


def seen_of(name: str) -> Seen:
    recipe = override(RECIPES[name], {"tasks.train": "2000", "tasks.test": "500"})
    dataset = catalogue.builder(recipe.tasks)(recipe.tasks, 0)
    return Seen(Learner(recipe, [dataset], ["x"], [0]), 0, dataset, 0)


def test_an_unclicked_row_teaches_the_conversion_in_esmm_alone() -> None:
    assert unclicked_gradient(seen_of("impressions-clicked")) == 0
    seen = seen_of("impressions-esmm")
    rows = seen.dataset.train
    a, b = seen.predict(rows.inputs)[rows.labels[:, 0] == 0].T
    assert unclicked_gradient(seen) == pytest.approx(float((a * b * (1 - b) / (1 - a * b)).mean()), rel=1e-4)


def test_the_quotient_of_two_heads_is_above_1_where_the_second_is_above_the_first(build: Build) -> None:
    network = build(Division(), {"x": 12}, impressions.TASKS)
    click, conversion = network.predict(torch.tensor([[0.5, 0.5], [0.4, 0.6]]).logit().view(1, 2, 2, 1))[0]
    torch.testing.assert_close(click, torch.tensor([0.5, 0.5]))
    torch.testing.assert_close(conversion, torch.tensor([0.8, 1.2]))
    seen = seen_of("impressions-keen-division")
    seen.predictions = torch.stack([click, conversion], dim=1)
    assert above_click(seen) == 0.5


def test_dfm_is_the_likelihood_of_what_was_seen(build: Build) -> None:
    network = build(Dfm(), {"x": 12}, late_labels.TASKS)
    p, rate, days = 0.3, 0.5, 4.0
    outputs = torch.tensor([math.log(p / (1 - p)), math.log(rate)]).view(1, 2, 1, 1)

    def loss(seen: float, waited: float) -> float:
        return float(network.losses(outputs, torch.tensor([[[seen], [waited]]]), None).sum())

    assert loss(1, days) == pytest.approx(-math.log(p * rate * math.exp(-rate * days)))
    assert loss(0, days) == pytest.approx(-math.log(1 - p + p * math.exp(-rate * days)))
    assert loss(0, 0) == pytest.approx(0, abs=1e-6) and loss(0, 1000) == pytest.approx(-math.log(1 - p))
    torch.testing.assert_close(network.predict(outputs), torch.tensor([[[p], [1 / rate]]]))


def test_lost_negatives_are_put_back_into_the_odds_of_binary_tasks_only(build: Build) -> None:
    tasks = [Task(kind, Text("", ""), kind) for kind in ("binary", "regression")]
    network = build(Recalibrated(kept=0.1), {"x": 12}, tasks)
    p = torch.tensor([0.2, 0.5, 0.9])
    q, value = network.predict(torch.stack([p.logit(), p]).view(1, 2, 3, 1))[0]
    torch.testing.assert_close(q, p / (p + (1 - p) / 0.1))
    assert torch.equal(value, p)


def test_a_clock_is_read_and_changes_nothing() -> None:
    def once() -> list[Evaluation]:
        arms = [(key, Text(name, name), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)]
        return [event for event in train(Run(arms, 0, "test")) if isinstance(event, Evaluation)]

    def decided(events: list[Evaluation]) -> list[dict[str, float | None]]:
        return [{name: value for name, value in event.metrics.items() if name not in CLOCKED} for event in events]

    names = ("two-heads", "two-networks")
    first, again = once(), once()
    assert decided(first) == decided(again)
    times = [event.metrics["step_time"] for event in first if event.task is None]
    assert all(math.isnan(time) for time in times[:2]) and all(0 < time < 10_000 for time in times[2:])
    assert {event.metrics["parameters"] for event in first if event.task is None} == {106_882, 211_650}
