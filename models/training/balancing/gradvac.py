"""Gradient Vaccine: a gradient whose cosine with another is below a moving target is turned until it meets it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, Vector, dot, product
from models.training.balancing.pcgrad import drawn

NARROWEST = 1e-6
"""Sine of the narrowest angle that a target asks for: no finite multiple of a gradient turns another one onto it."""


def solve(gramian: Matrix, targets: Matrix, decay: float, orders: Sequence[Sequence[int]]) -> Vector:
    """The sum of the turned copies, [T, T] -> [T]. Moves the `targets` [T, T]; orders[i] is the order of copy i.

    Wang, Tsvetkov, Firat, Cao, Gradient Vaccine, ICLR 2021, equation 2 for the multiple of g_j, equation 3 for the
    target, which moves at every meeting, by the share `decay`, towards the cosine that was found. As in PCGrad, copies
    meet the originals of the others; a target of 0 that never moves is PCGrad. The weights are 1 or more. A copy that
    has vanished, as exact opposition may bring about, is left as it is. Targets of a zero gradient stay.
    """
    weights = [0.0] * len(gramian)
    norms = [math.sqrt(row[t]) for t, row in enumerate(gramian)]
    for i, order in enumerate(orders):
        if norms[i] == 0:
            continue
        copy = [0.0] * len(gramian)
        copy[i] = 1.0
        for j in order:
            inner = product(gramian, copy)
            length = math.sqrt(max(dot(copy, inner), 0.0))
            if j == i or norms[j] == 0 or length <= NARROWEST * norms[i]:
                continue
            cosine = max(-1.0, min(1.0, inner[j] / length / norms[j]))
            target = targets[i][j]
            if cosine < target:
                sine = math.sqrt(1 - cosine * cosine)
                wanted = max(math.sqrt(1 - target * target), NARROWEST)
                copy[j] += length * (target * sine / wanted - cosine) / norms[j]
            targets[i][j] += decay * (cosine - target)
        for t, multiple in enumerate(copy):
            weights[t] += multiple
    return weights


class GradVac(Balancing):
    """Weights are 1 where every cosine reaches its target. Targets [S, T, T] are 0 at first and kept from step to
    step."""

    def __init__(
        self, config: catalogue.GradVac, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._decay = config.decay
        self._targets = self.buffer("targets", torch.zeros(replicas, len(binary), len(binary), dtype=torch.float64))

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        targets = cast(Matrix, self._targets[replica].tolist())
        weights = solve(gramian, targets, self._decay, drawn(len(gramian), self.sources[replica]))
        self._targets[replica] = torch.tensor(targets, dtype=torch.float64)
        return weights
