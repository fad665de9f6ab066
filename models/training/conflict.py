"""Probes of the tasks' gradients of what they share, on the held-out rows in batches of training size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from models.training.seen import Seen


def harmful_updates(seen: Seen) -> float:
    """Share of batches whose combined gradient has a negative inner product with the gradient of a task.

    A small step of plain gradient descent along it would raise that task's loss on that batch.
    """
    weighting = seen.fresh_weighting()
    losses, gramians = seen.gramians()
    with torch.inference_mode():
        weights = [
            weighting.weights(loss[None], gramian[None])[0] for loss, gramian in zip(losses, gramians, strict=True)
        ]
        along = gramians @ torch.stack(weights).double().unsqueeze(2)
    return float((along < 0).any(dim=1).float().mean())


def conflicting_gradients(seen: Seen) -> float:
    """Share of batches on which the gradients of two tasks have a negative inner product."""
    return float((seen.gramians()[1] < 0).flatten(1).any(dim=1).float().mean())


def trunk_gradient(seen: Seen) -> float:
    """Norm of the gradient of the weighted sum of the losses by what the tasks share, mean over the batches."""
    return float(seen.gramians()[1].sum((1, 2)).clamp(min=0).sqrt().mean())
