"""Small linear systems and quadratic programs in plain floats."""

from __future__ import annotations

import math

from models.training.balancing.gramian import Matrix, Vector, product

DEPENDENT = 1e-13
"""A unit gradient is taken to lie in the span of others if the square of its distance from it is no more."""
SATISFIED = 1e-14


def cholesky(a: Matrix) -> Matrix | None:
    """Rows of the lower triangle L with L L^T = a, of a symmetric [N, N] with a diagonal of about 1; None if a column
    depends on those before it."""
    lower: Matrix = []
    for row in a:
        new: Vector = []
        pivot = row[len(lower)]
        for j, other in enumerate(lower):
            entry = row[j]
            for k in range(j):
                entry -= new[k] * other[k]
            entry /= other[j]
            new.append(entry)
            pivot -= entry * entry
        if not pivot > DEPENDENT:
            return None
        new.append(math.sqrt(pivot))
        lower.append(new)
    return lower


def substitute(lower: Matrix, b: Vector) -> Vector:
    """x with L L^T x = b, [N]."""
    x: Vector = []
    for i, row in enumerate(lower):
        entry = b[i]
        for k in range(i):
            entry -= row[k] * x[k]
        x.append(entry / row[i])
    for i in range(len(x) - 1, -1, -1):
        entry = x[i]
        for k in range(i + 1, len(x)):
            entry -= lower[k][i] * x[k]
        x[i] = entry / lower[i][i]
    return x


def solved(a: Matrix, b: Vector, chosen: list[int]) -> Vector | None:
    """The system of the rows and columns `chosen` of a x = b; None if a column depends on those before it."""
    lower = cholesky([[a[i][j] for j in chosen] for i in chosen])
    return None if lower is None else substitute(lower, [b[i] for i in chosen])


def nonnegative(a: Matrix, b: Vector) -> Vector:
    """The x >= 0, [N], that minimises x^T a x / 2 - b^T x; a [N, N] positive semi-definite, b in its range.

    Lawson, Hanson, Solving Least Squares Problems, 1974, chapter 23, begun where b is positive if that is feasible:
    entries above 0 enter one by one, and those that would fall below leave. A column that depends on theirs stays out.
    """
    tolerance = SATISFIED * max(map(abs, b), default=0.0)
    free = [i for i, entry in enumerate(b) if entry > tolerance]
    y = solved(a, b, free) or []
    if min(y, default=0.0) <= 0:
        free, y = [], []
    dependent: set[int] = set()
    x: Vector = []
    for _ in range(8 * len(b)):
        x = [0.0] * len(b)
        for i, entry in zip(free, y, strict=True):
            x[i] = entry
        slope = [entry - gained for entry, gained in zip(b, product(a, x), strict=True)]
        while True:
            rising = [i for i, entry in enumerate(slope) if entry > tolerance and i not in free and i not in dependent]
            if not rising:
                return x
            entering = max(rising, key=slope.__getitem__)
            trial = [*free, entering]
            y = solved(a, b, trial) or []
            if y and y[-1] > 0:
                break
            dependent.add(entering)
        while min(y, default=1.0) <= 0:
            step, leaving = min((x[i] / (x[i] - entry), i) for i, entry in zip(trial, y, strict=True) if entry <= 0)
            for i, entry in zip(trial, y, strict=True):
                x[i] += step * (entry - x[i])
            x[leaving] = 0.0
            trial = [i for i in trial if x[i] > 0]
            y = solved(a, b, trial) or []
        free = trial if y else []
        dependent.clear()
    return x
