"""FairGrad: the alpha-fair division of the improvement among the tasks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.balancing import Balancing
from models.training.balancing.bargaining import bargain
from models.training.balancing.gramian import Matrix, UnitGradients, Vector


def solve(gramian: Matrix, alpha: float) -> Vector:
    """The a > 0 with G a = a^(-1 / alpha), [T, T] -> [T].

    Ban, Ji, Fair Resource Allocation in Multi-Task Learning, ICML 2024, equation 4: the direction d = sum_t a_t g_t
    maximises sum_t (g_t . d)^(1 - alpha) / (1 - alpha) in a ball. alpha = 1 is Nash-MTL; a small one favours the sum of
    the gains, a large one the smallest gain. All weights are 0 where a convex combination of the gradients is 0 (for
    two tasks: exact opposition): there is no solution, and no update helps every task. So they are where the solution
    is out of the range of floats, which takes a small alpha and lengths dozens of orders of magnitude apart.
    """
    units = UnitGradients(gramian)
    try:
        scale = [norm ** (1 / alpha - 1) for norm in units.norms]
        x = bargain(units.cosines, scale, 1 / alpha)
    except (OverflowError, ZeroDivisionError):
        x = None
    return units.weights(x or [0.0] * len(units.norms))


class FairGrad(Balancing):
    """Positive weights: of orthogonal gradients, each adds |g_t|^((1 - alpha) / (1 + alpha)) to the update."""

    def __init__(
        self, config: catalogue.FairGrad, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._alpha = config.alpha

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian, self._alpha)
