"""IMTL-G: an update that projects equally on every task's gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector
from models.training.balancing.quadratic import cholesky, substitute

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
    lower = cholesky(units.cosines)
    ones = [1.0] * len(norms)
    x = _of_dependent(np.array(units.cosines)) if lower is None else substitute(lower, ones)
    parts = [entry / norm for entry, norm in zip(x, norms, strict=True)]
    total = sum(parts)
    if abs(total) <= ZERO * sum(map(abs, parts)):
        return units.weights([0.0] * len(norms))
    return units.weights([entry / total for entry in x])


def _of_dependent(cosines: NDArray[np.float64]) -> Vector:
    """The least x with cosines x = 1 or, if there is none, one with cosines x = 0 whose entries do not sum to 0."""
    values, vectors = np.linalg.eigh(cosines)
    sums = vectors.sum(0)
    lost = values < ZERO
    opposed = lost & (np.abs(sums) > UNEVEN)
    chosen, scale = (opposed, 1.0) if opposed.any() else (~lost, values[~lost])
    x: Vector = (vectors[:, chosen] @ (sums[chosen] / scale)).tolist()
    return x


class ImtlG(Balancing):
    """Weights sum to 1; for two tasks none is negative."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
