"""Nash-MTL: the Nash bargaining solution between the tasks."""

from __future__ import annotations

import math

from models.training.balancing import Balancing
from models.training.balancing.bargaining import STATIONARY, bargain
from models.training.balancing.gramian import Matrix, UnitGradients, Vector


def solve(gramian: Matrix) -> Vector:
    """The a > 0 with G a = 1 / a, [T, T] -> [T].

    Navon et al., Multi-Task Learning as a Bargaining Game, ICML 2022, section 3: the update direction that maximises
    sum_t log(g_t . d) is d = sum_t a_t g_t up to its length. With these a the length of d is sqrt(T) whatever the
    gradients, so the learning rate alone decides the step; the authors' code clips it to 1 on top, this does not. For
    two tasks a_t = 1 / (|g_t| sqrt(1 + cosine)). All weights are 0 where a convex combination of the gradients is 0
    (for two tasks: exact opposition): there is no solution, and no update helps every task.
    """
    units = UnitGradients(gramian)
    if len(units.norms) == 2:
        room = 1 + units.cosines[0][1]
        return units.weights([1 / math.sqrt(room)] * 2 if room > STATIONARY else [0.0, 0.0])
    ones = [1.0] * len(units.norms)
    return units.weights(bargain(units.cosines, ones, 1.0) or [0.0] * len(ones))


class NashMtl(Balancing):
    """Positive weights, inversely proportional to the lengths of the gradients: scaling a loss changes nothing."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
