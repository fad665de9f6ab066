"""How tasks are weighed against each other by their gradients: one method a file, each a `solve` and its Weighting.

g_t is the gradient of task t by what the tasks share, G [T, T] the Gramian of inner products, n_t the length of g_t. A
solver gives the weights w of the update d = sum_t w_t g_t. It works in plain floats, which for two to eight tasks is
faster than any call into a tensor library, and on unit gradients, so that no gradient is lost beside one that is 1e8
times as long. A gradient that is zero takes no part: its weight is 0 and the others are weighed as if the task were not
there. No solver raises, and none gives a weight that is not finite.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.training.balancing.gramian import Matrix, Vector
from models.training.weighting import Weighting


class Balancing(Weighting):
    """A Weighting by the Gramian: each replica is solved for itself."""

    needs: ClassVar[Literal["losses", "last-layer", "gramian", "jacobian"]] = "gramian"

    @abstractmethod
    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """Weights of the tasks of one replica from its Gramian, [T, T] -> [T]."""

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """Weights [S, T] from the Gramian [S, T, T], both float64. Of a Gramian that is not finite they are NaN, for
        the run's watch on divergence to find."""
        if gramian is None:
            return super().weights(losses, None)
        return torch.tensor(
            [
                self.solve(each, replica) if math.isfinite(sum(map(sum, each))) else [math.nan] * len(each)
                for replica, each in enumerate(gramian.tolist())
            ],
            dtype=torch.float64,
        )
