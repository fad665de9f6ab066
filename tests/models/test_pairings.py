import math

import pytest
import torch

from models.events import Evaluation
from models.pairings import PAIRINGS, Pairing, verdict
from models.recipe import Recipe
from models.recipes import RECIPES, override
from models.training.run import Run, train

torch.set_num_threads(1)


def with_few_evaluations(name: str) -> Recipe:
    recipe = RECIPES[name]
    if {"best_point", "step_time"}.intersection(recipe.training.probes):
        return recipe
    return override(recipe, {"training.evaluations": "3"})


def readings(pairing: Pairing, seed: int) -> dict[tuple[str, str, str | None], float]:
    arms = [(arm.key, arm.label, arm.recipe, with_few_evaluations(arm.recipe)) for arm in pairing.arms]
    last = {}
    for event in train(Run(arms, seed, "test", pairing.id)):
        if isinstance(event, Evaluation):
            last |= {(event.arm, name, event.task): value for name, value in event.metrics.items()}
    return last


@pytest.mark.parametrize("seed", [101, 102, 103, 104, 105])
@pytest.mark.parametrize("pairing", PAIRINGS.values(), ids=PAIRINGS)
def test_a_pairing_shows_what_it_says(pairing: Pairing, seed: int) -> None:
    outcome = verdict(pairing, readings(pairing, seed))
    assert outcome.held, [(check.check, check.value) for check in outcome.checks if not check.held]


@pytest.mark.parametrize("pairing", PAIRINGS.values(), ids=PAIRINGS)
def test_a_pairing_names_what_exists(pairing: Pairing) -> None:
    keys = [arm.key for arm in pairing.arms]
    assert keys == list("ABCD"[: len(keys)])
    assert all(arm.recipe in RECIPES for arm in pairing.arms)
    assert {reading.arm for reading in pairing.readings} <= set(keys)
    for check in pairing.checks:
        assert max(check.of, check.to or 0) < len(pairing.readings)
        assert (check.to is None) == (check.kind == "value")
    for arm in pairing.arms:
        assert len(arm.label.zh.encode("gbk")) <= 16 and len(arm.label.en) <= 14


def test_verdict_computes_each_check_and_refuses_what_is_missing() -> None:
    batch = PAIRINGS["listing1-batch"]
    values = {(arm, "batch_loss", None): value for arm, value in zip("ABCD", (200.0, 2400.0, 1.0, 2.0), strict=True)}
    grown, corrected = verdict(batch, values).checks
    assert (grown.value, grown.held) == (12.0, True)
    assert (corrected.value, corrected.held) == (2.0, False)
    for broken in ({}, values | {("B", "batch_loss", None): math.nan}):
        outcome = verdict(batch, broken)
        assert not outcome.held
        assert outcome.checks[0].value is None and outcome.checks[0].reason is not None
    zero = verdict(batch, values | {("A", "batch_loss", None): 0.0}).checks[0]
    assert not zero.held and zero.reason is not None
