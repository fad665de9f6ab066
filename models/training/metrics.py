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
    return (float((_ranks(scores) * labels).sum()) - positives * (positives + 1) / 2) / (positives * negatives)


def gauc(scores: Tensor, labels: Tensor, groups: Tensor) -> float:
    """Mean over the groups of the AUC within each, weighted by its rows; scores, labels and group numbers [N].

    Guorui Zhou et al., Deep Interest Network for Click-Through Rate Prediction, KDD 2018, section 6.3, equation 10.
    Groups of one class have no AUC and are left out; NaN if that leaves none, or if a score is not finite.
    """
    if not bool(scores.isfinite().all()):
        return math.nan
    _, place = torch.unique(scores, return_inverse=True)
    rows = groups.bincount().double()
    before = rows.cumsum(0) - rows
    ranks = _ranks(groups * (int(place.max()) + 1) + place) - before[groups]
    positives = groups.bincount(labels, minlength=len(rows)).double()
    pairs = positives * (rows - positives)
    wins = groups.bincount(ranks * labels, minlength=len(rows)) - positives * (positives + 1) / 2
    both = pairs > 0
    return float((rows * wins / pairs)[both].sum() / rows[both].sum())


def _ranks(scores: Tensor) -> Tensor:
    """Ranks from 1, the mean rank where scores tie; [N]."""
    _, place, counts = torch.unique(scores, return_inverse=True, return_counts=True)
    counts = counts.double()
    ranks: Tensor = counts.cumsum(0) - (counts - 1) / 2
    return ranks[place]


def accuracy(probabilities: Tensor, labels: Tensor) -> float:
    """Share of rows on the right side of 1/2; both [N]."""
    return float(((probabilities > 0.5) == (labels > 0.5)).float().mean())


def log_loss(probabilities: Tensor, labels: Tensor) -> float:
    """Mean cross-entropy of probabilities, which are kept 1e-7 away from 0 and 1; both [N]."""
    p = probabilities.double().clamp(1e-7, 1 - 1e-7)
    return float(-(labels * p.log() + (1 - labels) * (1 - p).log()).mean())


def calibration(probabilities: Tensor, labels: Tensor) -> float:
    """Mean prediction divided by mean label, 1 where they agree; NaN if no label is positive. Both [N]."""
    mean = float(labels.double().mean())
    return float(probabilities.double().mean()) / mean if mean else math.nan


def mse(values: Tensor, labels: Tensor) -> float:
    """Mean squared error; both [N]."""
    return float((values - labels).square().mean())


def rmse(values: Tensor, labels: Tensor) -> float:
    """Root of the mean squared error, in the unit of the labels; both [N]."""
    return math.sqrt(mse(values, labels))


Metric = Callable[[Tensor, Tensor], float]
METRICS: dict[str, dict[str, Metric]] = {
    "binary": {"auc": auc, "accuracy": accuracy, "log_loss": log_loss, "calibration": calibration},
    "regression": {"mse": mse, "rmse": rmse},
}
