"""Probes of the tasks' gradients with respect to what they share, on the held-out rows in batches of training size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from models.training.arm import Arm


def harmful_updates(arm: Arm) -> float:
    """Share of batches whose combined gradient has a negative inner product with the gradient of a task.

    A small step of plain gradient descent along it would raise that task's loss on that batch.
    """
    batches = _gradients(arm)
    return sum(bool((g @ arm.weighting.combine(g) < 0).any()) for g in batches) / len(batches)


def conflicting_gradients(arm: Arm) -> float:
    """Share of batches on which the gradients of two tasks have a negative inner product."""
    batches = _gradients(arm)
    return sum(bool((g @ g.T < 0).any()) for g in batches) / len(batches)


def _gradients(arm: Arm) -> Tensor:
    """[batches, T, P] in double precision: rounding must not decide a sign."""
    network, rows = arm.network, arm.test
    batch = min(arm.recipe.training.batch, len(rows))
    count = len(rows) // batch
    shared = {id(parameter) for parameter in network.trunk()}
    trunk = {name: value.detach() for name, value in network.named_parameters() if id(value) in shared}

    def batches(values: Tensor) -> Tensor:
        return values[: count * batch].view(count, batch, *values.shape[1:])

    def terms(parameters: dict[str, Tensor], columns: tuple[Tensor, ...], labels: Tensor, mask: Tensor) -> Tensor:
        outputs = torch.func.functional_call(network, parameters, columns)
        return arm.weighting.terms(arm.weights * network.losses(outputs, labels, mask))

    columns = tuple(batches(column) for column in network.arrange(rows.inputs))
    mask = torch.ones_like(rows.labels) if rows.mask is None else rows.mask
    jacobian = torch.func.vmap(torch.func.jacrev(terms), (None, 0, 0, 0))
    gradients = jacobian(trunk, columns, batches(rows.labels), batches(mask))
    flat: Tensor = torch.cat([gradients[name].flatten(2) for name in trunk], dim=2)
    return flat.detach().double()
