"""Aligned-MTL: the gradients made orthogonal and of equal length before they are averaged."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector

DEPENDENT = 1e-13
"""An eigenvalue of the cosines that is taken to be 0."""
WELL_SCALED = 1e-6
"""Eigenvalues of a Gramian are exact enough down to this share of the largest."""

Array = NDArray[np.float64]


def solve(gramian: Matrix) -> Vector:
    """sqrt(lambda_min) G^(-1/2) times 1/T for all tasks, [T, T] -> [T].

    Senushkin et al., Independent Component Alignment for Multi-Task Learning, CVPR 2023, algorithm 1: every singular
    value of the matrix of gradients becomes the smallest one that is not 0, and the result is averaged with the tasks'
    own weights, here 1/T each. Of linearly dependent gradients only the space that they span counts. All weights are 0
    if all gradients are. Of two gradients that oppose each other exactly, or are parallel, the mean is left.
    """
    tasks = len(gramian)
    if tasks > 2:
        values, vectors = np.linalg.eigh(gramian)
        if values[0] > WELL_SCALED * values[-1]:
            weights: Vector = (vectors @ (vectors.sum(0) * np.sqrt(values[0] / values) / tasks)).tolist()
            return weights
    units = UnitGradients(gramian)
    if not units.norms:
        return units.weights([])
    cosine = units.cosines[0][-1]
    if len(units.norms) == 2 and abs(cosine) < 1 - DEPENDENT:
        return units.weights(_of_two(units.norms[0], units.norms[1], cosine))
    return units.weights(_of_any(np.array(units.cosines), np.array(units.norms)))


def _of_any(cosines: Array, norms: Array) -> Vector:
    """The same for gradients of very different lengths, whose Gramian does not hold its smallest eigenvalue: by the
    singular values of lengths times a root of the cosines. Multiples of the unit gradients, [K]."""
    values, vectors = np.linalg.eigh(cosines)
    kept = values > DEPENDENT
    root, vectors = np.sqrt(values[kept]), vectors[:, kept]
    left, singular, right = np.linalg.svd(norms[:, None] * vectors * root, full_matrices=False)
    mean = singular[-1] / len(norms) * left.sum(0) @ right
    x: Vector = (vectors @ (mean / root)).tolist()
    return x


def _of_two(a: float, b: float, cosine: float) -> Vector:
    """The same in closed form, for gradients of lengths a and b: multiples of the unit gradients, [2].

    The root of a 2 x 2 matrix G is (G + s I) / sqrt(trace + 2 s) with s the root of its determinant.
    """
    root = a * b * math.sqrt((1 - cosine) * (1 + cosine))
    trace = a * a + b * b
    largest = (trace + math.hypot(a * a - b * b, 2 * a * b * cosine)) / 2
    scale = 0.5 / math.sqrt(largest) / math.sqrt(trace + 2 * root)
    return [a * scale * (b * (b - a * cosine) + root), b * scale * (a * (a - b * cosine) + root)]


class AlignedMtl(Balancing):
    """Weights that shrink with the smallest singular value; T orthogonal gradients of one length have 1/T each."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian)
