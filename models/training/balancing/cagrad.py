"""CAGrad: the update that helps the worst-off task most, not far from the mean gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.balancing import Balancing
from models.training.balancing.gramian import Matrix, UnitGradients, Vector, dot, product
from models.training.balancing.quadratic import nonnegative, solved

STATIONARY = 1e-12
"""Square of the length of a convex combination of unit gradients that is taken to be 0."""
EXACT = 1e-13
"""Relative error of |z|^2 that ends the search."""
PIECES = 100
"""More pieces than eight tasks pass through."""


def solve(gramian: Matrix, c: float) -> Vector:
    """The d that maximises min_t g_t . d subject to |d - g_0| <= c |g_0|, g_0 the mean of the gradients, [T, T] -> [T].

    Liu et al., Conflict-Averse Gradient Descent, NeurIPS 2021, algorithm 1: d = g_0 + c |g_0| g_w / |g_w|, with w the
    point of the simplex that minimises g_w . g_0 + c |g_0| |g_w|, so the weights are 1/T and something on top. Nothing
    here divides by |g_w|, which may be tiny: `_towards_worst` follows d - g_0 from 0 to the edge of the ball.

    Where no d in the ball is better for the worst-off task than doing nothing (g_w = 0), many d are best, and the one
    next to g_0 is returned. Of two gradients that oppose each other exactly, the longer one wins, shortened by c.
    """
    units = UnitGradients(gramian)
    norms = units.norms
    mean = [norm / len(norms) for norm in norms]
    along = product(units.cosines, mean)
    radius = c * math.sqrt(max(dot(mean, along), 0.0))
    if radius == 0:
        return units.weights(mean)
    change = _of_two if len(norms) == 2 else _towards_worst
    added = change(units.cosines, norms, along, radius)
    return units.weights([a + b for a, b in zip(mean, added, strict=True)])


def _of_two(cosines: Matrix, norms: Vector, along: Vector, radius: float) -> Vector:
    """d - g_0 in unit gradients, [2]: along the shorter one, unless that task is then no longer the worst off.

    In that case d is equally good for both, so it is a multiple of the foot of the perpendicular on g_1 - g_2.
    """
    cosine = max(-1.0, min(1.0, cosines[0][1]))
    short = int(norms[1] < norms[0])
    long = 1 - short
    a, b = norms
    bend = 1 - cosine
    nearer_a, nearer_b = b * (b - a + a * bend), a * (a - b + b * bend)
    apart = nearer_a + nearer_b
    foot = a * b * math.sqrt(bend * (1 + cosine) / apart) if apart > 0 else 0.0
    if foot == 0 or norms[short] * (along[short] + radius) <= norms[long] * (along[long] + radius * cosine):
        return [radius * (1 - short), radius * short]
    off = abs(a - b) * (a + b) / 2 / math.sqrt(apart)
    stretch = (1 + math.sqrt(max(radius**2 - off**2, 0.0)) / foot) / apart
    return [a * (stretch * nearer_a - 0.5), b * (stretch * nearer_b - 0.5)]


def _towards_worst(cosines: Matrix, norms: Vector, along: Vector, radius: float) -> Vector:
    """d - g_0 in unit gradients, z [K], for three and more.

    The shortest z that lifts every g_t . d to a level m solves a quadratic program; |z| grows with m, in pieces on
    which the tasks that hold it up stay the same and z is linear. Finding the piece on which |z| is the radius is all
    that is left. It is led by kappa = m + sum of z / |g|, because m itself has a bound, which kappa has not.
    """
    inverse = [min(norms) / norm for norm in norms]
    program = [
        [cosine + a * b for cosine, b in zip(row, inverse, strict=True)]
        for row, a in zip(cosines, inverse, strict=True)
    ]
    kappa, worst = min((a / b, t) for t, (a, b) in enumerate(zip(along, inverse, strict=True)))
    low, high = kappa, math.inf
    kappa += program[worst][worst] * radius / inverse[worst]
    held: list[int] = []
    for _ in range(PIECES):
        z = nonnegative(program, [kappa * b - a for a, b in zip(along, inverse, strict=True)])
        holding = [t for t, entry in enumerate(z) if entry > 0]
        excess = dot(z, product(cosines, z)) / radius**2 - 1
        if holding == held or abs(excess) <= EXACT:
            break
        held = holding
        if excess < 0:
            low = kappa
        else:
            high = kappa
        slope, offset = ([0.0] * len(z) for _ in range(2))
        for t, a, b in zip(held, solved(program, inverse, held) or [], solved(program, along, held) or [], strict=True):
            slope[t], offset[t] = a, b
        turned = product(cosines, slope)
        squared, mixed = dot(slope, turned), dot(offset, turned)
        if squared > STATIONARY * sum(map(abs, slope)) ** 2:
            rest = dot(offset, product(cosines, offset)) - radius**2
            root = (mixed + math.sqrt(max(mixed**2 - squared * rest, 0.0))) / squared
        else:
            root = math.inf
        if low < root < high:
            kappa = root
        elif high == math.inf or math.isclose(root, kappa, rel_tol=EXACT):
            break
        else:
            kappa, held = (low + high) / 2, []
    return z


class Cagrad(Balancing):
    """Weights are 1/T and more."""

    def __init__(
        self, config: catalogue.Cagrad, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._c = config.c

    def solve(self, gramian: Matrix, replica: int) -> Vector:
        """[T, T] -> [T]."""
        return solve(gramian, self._c)
