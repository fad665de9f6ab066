"""Metrics of one task on held-out rows."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor


def auc(scores: Tensor, labels: Tensor) -> float:
    """Chance that a random positive scores above a random negative, ties counting half; scores and labels [N].

    NaN if a class is absent or a score is not finite.
    """
    positives = float(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives or not bool(scores.isfinite().all()):
        return math.nan
    _, place, counts = torch.unique(scores, return_inverse=True, return_counts=True)
    counts = counts.double()
    ranks = counts.cumsum(0) - (counts - 1) / 2
    return (float((ranks[place] * labels).sum()) - positives * (positives + 1) / 2) / (positives * negatives)


def accuracy(probabilities: Tensor, labels: Tensor) -> float:
    """Share of rows on the right side of 1/2; both [N]."""
    return float(((probabilities > 0.5) == (labels > 0.5)).float().mean())


def mse(values: Tensor, labels: Tensor) -> float:
    """Mean squared error; both [N]."""
    return float((values - labels).square().mean())


Metric = Callable[[Tensor, Tensor], float]
METRICS: dict[str, dict[str, Metric]] = {"binary": {"auc": auc, "accuracy": accuracy}, "regression": {"mse": mse}}
