"""Numbers computed at an evaluation only because a recipe names them in `training.probes`; all tasks at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from models.recipe import Probe
from models.seeding import generator
from models.training.conflict import conflicting_gradients, harmful_updates
from models.training.experts import expert_distance, last_expert_gradient, last_expert_movement, last_expert_use

if TYPE_CHECKING:
    from models.training.arm import Arm


def correlation(arm: Arm) -> float:
    """Pearson correlation of the predictions of the first two tasks on the held-out rows."""
    return float(torch.corrcoef(arm.predictions[:, :2].double().T)[0, 1])


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


def training_loss(arm: Arm) -> float:
    """Sum of the tasks' losses on all training rows."""
    return float(arm.fitted().sum())


def loss_of_both(arm: Arm) -> float:
    """Sum of the tasks' losses, mean over the held-out rows on which the labels of the first two tasks are 1."""
    return float(arm.held_out(arm.test.labels[:, :2].sum(1) == 2).sum())


def loss_of_neither(arm: Arm) -> float:
    """Sum of the tasks' losses, mean over the held-out rows on which the labels of the first two tasks are 0."""
    return float(arm.held_out(arm.test.labels[:, :2].sum(1) == 0).sum())


def append_padding(arm: Arm) -> float:
    """Mean absolute change of a prediction when 20 zeros are appended to the held-out histories."""
    padded = functional.pad(arm.test.inputs["history"], (0, 20))
    return float((arm.predict({"history": padded}) - arm.predictions).abs().mean())


def mean_loss(arm: Arm) -> float:
    """Mean of the tasks' losses on the held-out rows."""
    return sum(arm.history[-1]) / len(arm.tasks)


def remaining_loss(arm: Arm) -> float:
    """Weighted sum of the tasks' losses on the held-out rows, as a share of what it was before training."""
    weighted = torch.tensor([arm.history[0], arm.history[-1]]) @ arm.weights
    return float(weighted[1] / weighted[0])


def calibration_on_clicks(arm: Arm) -> float:
    """Mean prediction of the second task divided by its mean label, on held-out rows whose first label is 1."""
    clicked = arm.test.labels[:, 0] > 0
    return float(arm.predictions[clicked, 1].mean() / arm.test.labels[clicked, 1].mean())


def calibration(arm: Arm) -> list[float]:
    """Mean prediction divided by mean label on the held-out rows, per task."""
    return (arm.predictions.mean(0) / arm.test.labels.mean(0)).tolist()


def best_point(arm: Arm) -> list[float]:
    """Where in the run each task's held-out loss was lowest so far, as a share of all its steps."""
    points = sorted(arm.due)
    best = torch.tensor(arm.history).argmin(0).tolist()
    return [points[index] / arm.recipe.training.steps for index in best]


NEEDS: dict[Probe, tuple[str, ...]] = {"append_padding": ("history",), "shuffle_users": ("users",)}
EXPERTS: set[Probe] = {"expert_distance", "last_expert_gradient", "last_expert_movement", "last_expert_use"}
TRUNK: set[Probe] = {"conflicting_gradients", "harmful_updates"}
TASK_PROBES: dict[Probe, Callable[[Arm], list[float]]] = {"best_point": best_point, "calibration": calibration}
PROBES: dict[Probe, Callable[[Arm], float]] = {
    "append_padding": append_padding,
    "batch_loss": batch_loss,
    "calibration_on_clicks": calibration_on_clicks,
    "conflicting_gradients": conflicting_gradients,
    "correlation": correlation,
    "expert_distance": expert_distance,
    "harmful_updates": harmful_updates,
    "last_expert_gradient": last_expert_gradient,
    "last_expert_movement": last_expert_movement,
    "last_expert_use": last_expert_use,
    "loss_of_both": loss_of_both,
    "loss_of_neither": loss_of_neither,
    "mean_loss": mean_loss,
    "remaining_loss": remaining_loss,
    "shuffle_users": shuffle_users,
    "training_loss": training_loss,
}
