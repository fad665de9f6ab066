"""Multiple-gradient descent: the shortest vector in the convex hull of the task gradients."""

from __future__ import annotations

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector, dot
from models.training.balancing.quadratic import cholesky, nonnegative, substitute


def solve(gramian: Matrix) -> Vector:
    """The w >= 0 with sum 1 that minimises w^T G w: no task gains less from d than |d|^2, [T, T] -> [T].

    Sener, Koltun, Multi-Task Learning as Multi-Objective Optimization, NeurIPS 2018, section 3. Theirs is the
    Frank-Wolfe method, which stops short of the optimum; this is exact. For directions w / sum(w) it is the same as the
    least w^T G w + (sum(w) - 1)^2 over w >= 0, which needs no search for the sum; where G^-1 1 > 0, it is that. All
    weights are 0 if all gradients are. Where gradients oppose each other exactly, the hull holds 0 and so d is 0; the
    weights still sum to 1.
    """
    units = UnitGradients(gramian)
    cosines, norms = units.cosines, units.norms
    if len(norms) == 2:
        first, second = (norm * (norm - cosines[0][1] * other) for norm, other in (norms, reversed(norms)))
        if first <= 0 or second <= 0:
            return units.weights([norms[0], 0.0] if first <= 0 else [0.0, norms[1]])
        return units.weights(
            [each / (first + second) * norm for each, norm in zip((second, first), norms, strict=True)]
        )
    shortest = min(norms, default=1.0)
    inverse = [shortest / norm for norm in norms]
    lower = cholesky(cosines)
    x = [] if lower is None else substitute(lower, inverse)
    if min(x, default=0.0) <= 0:
        penalised = [
            [cosine + a * b for cosine, b in zip(row, inverse, strict=True)]
            for row, a in zip(cosines, inverse, strict=True)
        ]
        x = nonnegative(penalised, inverse)
    total = dot(x, inverse)
    return units.weights([entry * shortest / total for entry in x])


class Mgda(Balancing):
    """Weights sum to 1."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
