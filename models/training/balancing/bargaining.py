"""The positive combination of gradients that weighs each by a falling function of what it gains from it."""

from __future__ import annotations

from models.training.balancing.gramian import Matrix, Vector, dot, product
from models.training.balancing.quadratic import cholesky, substitute

CONVERGED = 1e-12
ROUNDING = 1e-14
"""Relative error of a gain whose terms do not cancel; the more they do, the larger it is."""
STATIONARY = 1e-12
"""Square of the length of a convex combination of unit gradients that is taken to be 0."""
ITERATIONS = 100
HALVINGS = 50
UPHILL = 0.1
"""How steeply the objective may rise where a step ends, as a share of how steeply it fell where it began."""


def bargain(cosines: Matrix, scale: Vector, power: float) -> Vector | None:
    """The x > 0 with cosines x = scale x^(-power), [K, K], [K] -> [K]; None if a convex combination of the gradients
    is 0, for then there is none.

    Newton's method on the strictly convex x^T cosines x / 2 - sum(integral of scale x^(-power)), whose only stationary
    point this is. Before each step x is stretched to the best multiple of itself, which is what makes opposed
    gradients, with their long x, quick; a step stays among positive x and is halved while it goes far uphill.
    """
    x = [each ** (1 / (1 + power)) for each in scale]
    last = float("inf")
    for _ in range(ITERATIONS):
        gains = product(cosines, x)
        squared = dot(x, gains)
        if squared <= STATIONARY * sum(x) ** 2:
            return None
        prices = [each * entry**-power for each, entry in zip(scale, x, strict=True)]
        stretch = (dot(prices, x) / squared) ** (1 / (1 + power))
        x = [stretch * entry for entry in x]
        gains = [stretch * entry for entry in gains]
        prices = [stretch**-power * entry for entry in prices]
        error = max(abs(gain / price - 1) for gain, price in zip(gains, prices, strict=True))
        rounding = ROUNDING * sum(x) / min(prices)
        if error < CONVERGED or (last < rounding and error > last / 2):
            break
        last = error
        moved = _step(cosines, scale, power, x, gains, prices)
        if moved is None:
            return None
        x = moved
    return x


def _step(cosines: Matrix, scale: Vector, power: float, x: Vector, gains: Vector, prices: Vector) -> Vector | None:
    """One damped Newton step from x, where gains = cosines x and prices = scale x^(-power)."""
    bend = [power * price / entry for price, entry in zip(prices, x, strict=True)]
    hessian = [[*row[:i], row[i] + bend[i], *row[i + 1 :]] for i, row in enumerate(cosines)]
    lower = cholesky(hessian)
    if lower is None:
        return None
    descent = [price - gain for price, gain in zip(prices, gains, strict=True)]
    d = substitute(lower, descent)
    fall = dot(d, descent)
    flat = dot(d, gains)
    curvature = fall - sum(each * entry * entry for each, entry in zip(bend, d, strict=True))
    allowed = UPHILL * fall + ROUNDING * sum(abs(entry) * price for entry, price in zip(d, prices, strict=True))
    step = min(1.0, 0.9 / max(1e-300, max(-entry / at for entry, at in zip(d, x, strict=True))))
    for _ in range(HALVINGS):
        new = [at + step * entry for at, entry in zip(x, d, strict=True)]
        paid = sum(entry * each * at**-power for entry, each, at in zip(d, scale, new, strict=True))
        if flat + step * curvature - paid <= allowed:
            break
        step /= 2
    return new
