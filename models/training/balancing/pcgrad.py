"""PCGrad: each gradient loses its component along every other gradient that it conflicts with."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, Vector, dot


def solve(gramian: Matrix, orders: Sequence[Sequence[int]]) -> Vector:
    """The sum of the projected copies, [T, T] -> [T]; orders[i] says in which order copy i meets the other tasks.

    Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020, algorithm 1: where the copy and the original of
    another task's gradient have a negative inner product, the copy loses its component along that original. A copy is
    kept as the multiples of the originals that it is the sum of. The weights are 1 or more; of two gradients that
    oppose each other exactly, nothing is left. Updates of two tasks never conflict with a task, those of three or more
    may.
    """
    weights = [0.0] * len(gramian)
    for i, order in enumerate(orders):
        if gramian[i][i] == 0:
            continue
        copy = [0.0] * len(gramian)
        copy[i] = 1.0
        for j in order:
            inner = dot(copy, gramian[j])
            if inner < 0 and j != i:
                copy[j] -= inner / gramian[j][j]
        for t, multiple in enumerate(copy):
            weights[t] += multiple
    return weights


def drawn(tasks: int, source: torch.Generator) -> list[list[int]]:
    """A random order of the tasks for each task; two tasks leave nothing to draw."""
    if tasks == 2:
        return [[1], [0]]
    orders: list[list[int]] = torch.rand(tasks, tasks, generator=source).argsort(1).tolist()
    return orders


class Pcgrad(Balancing):
    """Weights are 1 where nothing conflicts. The orders are drawn anew at every step."""

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian, drawn(len(gramian), self.sources[replica]))
