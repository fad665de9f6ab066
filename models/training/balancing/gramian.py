"""The Gramian of the tasks' gradients, taken apart into their lengths and the cosines between them."""

from __future__ import annotations

import math
from operator import mul

ZERO = 1e-200
"""The square of a length that is taken to be 0; those of float32 are 1e-90 and more."""

Vector = list[float]
Matrix = list[Vector]


def dot(a: Vector, b: Vector) -> float:
    """Inner product of [N] and [N]."""
    total: float = sum(map(mul, a, b))
    return total


def product(a: Matrix, x: Vector) -> Vector:
    """[M, N] times [N] -> [M]."""
    return [sum(map(mul, row, x)) for row in a]


class UnitGradients:
    """The task gradients that are not zero, at length 1: their `norms` [K] before that and their `cosines` [K, K]."""

    __slots__ = ("cosines", "kept", "norms", "tasks")

    def __init__(self, gramian: Matrix) -> None:
        self.tasks = len(gramian)
        self.kept = [t for t, row in enumerate(gramian) if row[t] > ZERO]
        self.norms: Vector = [math.sqrt(gramian[t][t]) for t in self.kept]
        self.cosines: Matrix = []
        for i, t in enumerate(self.kept):
            row, norm = gramian[t], self.norms[i]
            cosines = [row[s] / (norm * other) for s, other in zip(self.kept, self.norms, strict=True)]
            cosines[i] = 1.0
            self.cosines.append(cosines)

    def weights(self, x: Vector) -> Vector:
        """From multiples of the unit gradients, [K], to weights of the task gradients, [T]."""
        weights = [0.0] * self.tasks
        for t, multiple, norm in zip(self.kept, x, self.norms, strict=True):
            weights[t] = multiple / norm
        return weights
