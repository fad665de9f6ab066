"""IMTL-G: an update that projects equally on every task's gradient."""

from __future__ import annotations

import numpy as np

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector

ZERO = 1e-13
"""An eigenvalue of the cosines that is taken to be 0, and a sum of weights, as a share of the sum of their sizes."""
UNEVEN = 1e-6
"""A sum of the entries of an eigenvector that is no rounding error."""


def solve(gramian: Matrix) -> Vector:
    """The w with sum 1 and equal d . g_t / |g_t| for all t, [T, T] -> [T].

    Liu et al., Towards Impartial Multi-task Learning, ICLR 2021, section 3.1; for two tasks w_1 : w_2 = |g_2| : |g_1|.
    With three and more, weights may be negative, and even the projections, in which case d raises every loss: that is
    the method, whose weights sum to 1 whatever the sign. Where gradients are linearly dependent, the smallest multiples
    of the unit gradients are taken. Where they oppose each other exactly, the equal projections are 0 and so is d. All
    weights are 0 if no weights with sum 1 project equally.
    """
    units = UnitGradients(gramian)
    norms = units.norms
    if len(norms) <= 2:
        return units.weights([1 / sum(1 / norm for norm in norms) for _ in norms])
    values, vectors = np.linalg.eigh(units.cosines)
    sums = vectors.sum(0)
    lost = values < ZERO
    opposed = lost & (np.abs(sums) > UNEVEN)
    chosen, scale = (opposed, 1.0) if opposed.any() else (~lost, values[~lost])
    x = vectors[:, chosen] @ (sums[chosen] / scale)
    weights = x / norms
    total = weights.sum()
    if abs(total) <= ZERO * np.abs(weights).sum():
        total = np.inf
    return units.weights((x / total).tolist())


class ImtlG(Balancing):
    """Weights sum to 1; for two tasks none is negative."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
