"""Numbers computed at an evaluation only because a recipe names them in `training.probes`; all tasks at once."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from models.recipe import Probe
from models.seeding import generator
from models.training.conflict import conflicting_gradients, harmful_updates, trunk_gradient
from models.training.experts import expert_distance, last_expert_gradient, last_expert_movement, last_expert_use

if TYPE_CHECKING:
    from models.training.seen import Seen


def correlation(seen: Seen) -> float:
    """Pearson correlation of the predictions of the first two tasks on the held-out rows."""
    return float(torch.corrcoef(seen.predictions[:, :2].double().T)[0, 1])


def shuffle_users(seen: Seen) -> float:
    """Mean absolute change of a prediction when the held-out rows exchange their users."""
    inputs = seen.test.inputs
    order = torch.randperm(len(seen.test), generator=generator(seen.seed, "shuffle_users"))
    shuffled = seen.predict({**inputs, "users": inputs["users"][order]})
    return float((shuffled - seen.predict(inputs)).abs().mean())


def batch_loss(seen: Seen) -> float:
    """Sum of the tasks' losses on a batch of the recipe's size: mean over the whole batches in the held-out rows."""
    batch = min(seen.recipe.training.batch, len(seen.test))
    starts = range(0, len(seen.test) - batch + 1, batch)
    return sum(float(seen.held_out(slice(start, start + batch)).sum()) for start in starts) / len(starts)


def training_loss(seen: Seen) -> float:
    """Sum of the tasks' losses on all training rows."""
    return float(seen.fitted().sum())


def loss_of_both(seen: Seen) -> float:
    """Sum of the tasks' losses, mean over the held-out rows on which the labels of the first two tasks are 1."""
    return float(seen.held_out(seen.test.labels[:, :2].sum(1) == 2).sum())


def loss_of_neither(seen: Seen) -> float:
    """Sum of the tasks' losses, mean over the held-out rows on which the labels of the first two tasks are 0."""
    return float(seen.held_out(seen.test.labels[:, :2].sum(1) == 0).sum())


def append_padding(seen: Seen) -> float:
    """Mean absolute change of a prediction when 20 zeros are appended to the held-out histories."""
    padded = functional.pad(seen.test.inputs["history"], (0, 20))
    return float((seen.predict({"history": padded}) - seen.predictions).abs().mean())


def mean_loss(seen: Seen) -> float:
    """Mean of the tasks' losses on the held-out rows."""
    return sum(seen.history[-1]) / len(seen.history[-1])


def remaining_loss(seen: Seen) -> float:
    """Weighted sum of the tasks' losses on the held-out rows, as a share of what it was before training."""
    weighted = torch.tensor([seen.history[0], seen.history[-1]]) @ seen.weights
    return float(weighted[1] / weighted[0])


def above_click(seen: Seen) -> float:
    """Share of held-out rows on which click & second label is predicted to be likelier than the click alone."""
    return float((seen.predictions[:, 1] > 1).float().mean())


def unclicked_gradient(seen: Seen) -> float:
    """Mean absolute derivative of a row's loss by the second output, on training rows whose first label is 0."""
    slopes, labels = seen.slopes()
    return float(slopes[1, labels[0] == 0].abs().mean())


def parameters(seen: Seen) -> float:
    """Numbers that are learned."""
    return float(seen.learner.parameters.count)


def step_time(seen: Seen) -> float:
    """Median milliseconds of a training step so far; of all replicas at once. The one number that no seed decides."""
    return 1000 * statistics.median(seen.learner.seconds) if seen.learner.seconds else math.nan


def calibration_on_clicks(seen: Seen) -> float:
    """Mean prediction of the second task divided by its mean label, on held-out rows whose first label is 1."""
    clicked = seen.test.labels[:, 0] > 0
    return float(seen.predictions[clicked, 1].mean() / seen.test.labels[clicked, 1].mean())


def best_point(seen: Seen) -> list[float]:
    """Where in the run each task's held-out loss was lowest so far, as a share of all its steps."""
    best = torch.tensor(seen.history).argmin(0).tolist()
    return [seen.steps[index] / seen.recipe.training.steps for index in best]


NEEDS: dict[Probe, tuple[str, ...]] = {"append_padding": ("history",), "shuffle_users": ("users",)}
EXPERTS: set[Probe] = {"expert_distance", "last_expert_gradient", "last_expert_movement", "last_expert_use"}
TWO_TASKS: set[Probe] = {"above_click", "calibration_on_clicks", "correlation", "unclicked_gradient"}
TRUNK: set[Probe] = {"conflicting_gradients", "harmful_updates", "trunk_gradient"}
TASK_PROBES: dict[Probe, Callable[[Seen], list[float]]] = {"best_point": best_point}
PROBES: dict[Probe, Callable[[Seen], float]] = {
    "above_click": above_click,
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
    "parameters": parameters,
    "remaining_loss": remaining_loss,
    "shuffle_users": shuffle_users,
    "step_time": step_time,
    "training_loss": training_loss,
    "trunk_gradient": trunk_gradient,
    "unclicked_gradient": unclicked_gradient,
}
