"""SDMGrad: the minimum-norm direction, kept near the mean gradient, found a few steps at a time."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.balancing.gramian import Matrix, Vector, product
from models.training.weighting import Combiner


def nearest_on_simplex(x: Vector) -> Vector:
    """The w >= 0 with sum 1 that is nearest to x, [T] -> [T]: max(x - shift, 0), the shift found by sorting."""
    total, shift = 0.0, 0.0
    for count, entry in enumerate(sorted(x, reverse=True), start=1):
        total += entry
        if entry <= (total - 1) / count:
            break
        shift = (total - 1) / count
    return [max(entry - shift, 0.0) for entry in x]


def descend(gramian: Matrix, weights: Vector, regularisation: float, rate: float, iterations: int) -> Vector:
    """Steps of projected gradient descent on |g_w + regularisation g_0|^2 / 2 over the simplex, [K, K], [K] -> [K].

    The Gramian is taken at trace 1, so that a rate of up to 1 never overshoots.
    """
    step = rate / sum(row[t] for t, row in enumerate(gramian))
    share = regularisation / len(weights)
    weights = nearest_on_simplex(weights)
    for _ in range(iterations):
        slope = product(gramian, [weight + share for weight in weights])
        weights = nearest_on_simplex([weight - step * entry for weight, entry in zip(weights, slope, strict=True)])
    return weights


class Sdmgrad(Combiner):
    """The update is (g_w + regularisation g_0) / (1 + regularisation), with g_0 the mean gradient: weights sum to 1.

    Xiao, Ban, Ji, Direction-oriented Multi-objective Learning, NeurIPS 2023, algorithm 1: w goes on from step to step.
    There w is moved by the inner products of gradients of two independent batches, which leaves it without bias; here
    one batch serves for all, as this is all that a step has. Division by 1 + regularisation is from the authors' code.
    """

    def __init__(
        self, config: catalogue.Sdmgrad, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._config = config
        self._weights = self.buffer("weights", torch.full(self.shape, 1 / len(binary), dtype=torch.float64))

    def combine(self, jacobian: Tensor) -> Tensor:
        """[S, T, P] -> [S, P]."""
        config = self._config
        gradients = jacobian.double()
        gramians = torch.bmm(gradients, gradients.transpose(1, 2))
        mixed = torch.zeros(self.shape, dtype=torch.float64)
        for replica, gramian in enumerate(gramians):
            kept = gramian.diagonal() > 0
            if kept.any():
                weights = descend(
                    gramian[kept][:, kept].tolist(),
                    self._weights[replica, kept].tolist(),
                    config.regularisation,
                    config.rate,
                    config.iterations,
                )
                self._weights[replica, kept] = torch.tensor(weights, dtype=torch.float64)
                share = config.regularisation / len(weights)
                mixed[replica, kept] = (self._weights[replica, kept] + share) / (1 + config.regularisation)
        return torch.bmm(mixed.unsqueeze(1), gradients).squeeze(1).to(jacobian)

    def metrics(self) -> dict[str, Tensor]:
        """The `weight` of each task in the update, [S, T], when no gradient is zero."""
        regularisation = self._config.regularisation
        return {"weight": (self._weights + regularisation / self.shape[1]) / (1 + regularisation)}
