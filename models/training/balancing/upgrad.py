"""UPGrad: the mean of the gradients, each projected on the cone of updates that harm no task."""

from __future__ import annotations

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector
from models.training.balancing.quadratic import nonnegative


def solve(gramian: Matrix) -> Vector:
    """The mean of the projections of the gradients on {d: g_t . d >= 0 for all t}, [T, T] -> [T].

    Quinton, Rey, Jacobian Descent for Multi-Objective Optimization, 2024: the projection, equation 3, of g_i is
    sum_t v_t g_t with the least v^T G v of all v >= e_i (proposition 1). It is linear in |g_i|, so each is found for a
    gradient of length 1. The weights are positive; their sum is 1 if nothing conflicts, else more. Of two gradients
    that oppose each other exactly, what is left is 0.
    """
    units = UnitGradients(gramian)
    x = [0.0] * len(units.norms)
    for i, (row, norm) in enumerate(zip(units.cosines, units.norms, strict=True)):
        share = norm / len(x)
        x[i] += share
        if min(row) < 0:
            for j, added in enumerate(nonnegative(units.cosines, [-cosine for cosine in row])):
                x[j] += share * added
    return units.weights(x)


class Upgrad(Balancing):
    """Weights sum to 1 where nothing conflicts."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
