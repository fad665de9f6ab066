"""Numbers computed at an evaluation only because a recipe names them in `training.probes`; all tasks at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch

from models.recipe import Probe
from models.seeding import generator

if TYPE_CHECKING:
    from models.training.arm import Arm


def correlation(arm: Arm) -> float:
    """Pearson correlation of the predictions of the first two tasks on the held-out rows."""
    predictions = arm.predict(arm.test.inputs)
    return float(torch.corrcoef(predictions[:, :2].double().T)[0, 1])


def shuffle_users(arm: Arm) -> float:
    """Mean absolute change of a prediction when the held-out rows exchange their users."""
    inputs = arm.test.inputs
    order = torch.randperm(len(arm.test), generator=generator(arm.seed, "shuffle_users"))
    shuffled = arm.predict({**inputs, "users": inputs["users"][order]})
    return float((shuffled - arm.predict(inputs)).abs().mean())


def batch_loss(arm: Arm) -> float:
    """Sum of the tasks' losses on a batch of the recipe's size: mean over the whole batches in the held-out rows."""
    batch = min(arm.recipe.training.batch, len(arm.test))
    starts = range(0, len(arm.test) - batch + 1, batch)
    return sum(float(arm.held_out(slice(start, start + batch)).sum()) for start in starts) / len(starts)


NEEDS: dict[Probe, tuple[str, ...]] = {"shuffle_users": ("users",)}
PROBES: dict[Probe, Callable[[Arm], float]] = {
    "batch_loss": batch_loss,
    "correlation": correlation,
    "shuffle_users": shuffle_users,
}
