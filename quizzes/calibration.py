"""Whether the promises hold: predicted against achieved recall, and being right against being sure."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

ENOUGH = 100
"""Predictions below which nothing is shown."""
EDGES = (0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


class RecallBin(Struct, frozen=True):
    """Reviews whose predicted recall lay together: their mean prediction, the achieved share, its 95 % interval."""

    predicted: float
    achieved: float
    n: int
    low: float
    high: float


class ConfidenceBin(Struct, frozen=True):
    """Answers given with one confidence (1 guess, 2 not sure, 3 sure): the share that was right, its 95 % interval."""

    confidence: int
    right: int
    n: int
    low: float
    high: float


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (E. B. Wilson, 1927); (0, 1) where n is 0. Raises ValueError if right > n."""
    if not 0 <= right <= n:
        raise ValueError(f"{right} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    z = 1.959963984540054
    share = right / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0)


def recall(reviews: Iterable[tuple[float, bool]]) -> list[RecallBin]:
    """Reviews as (predicted recall, recalled) in bins of prediction, the lowest first; none below 100 reviews."""
    known = list(reviews)
    if len(known) < ENOUGH:
        return []
    bins: list[list[tuple[float, bool]]] = [[] for _ in EDGES[1:]]
    for each in known:
        bins[sum(each[0] > edge for edge in EDGES[1:-1])].append(each)
    found = []
    for members in filter(None, bins):
        n, recalled = len(members), sum(right for _, right in members)
        found.append(RecallBin(sum(chance for chance, _ in members) / n, recalled / n, n, *wilson(recalled, n)))
    return found


def confidence(answers: Iterable[tuple[int | None, bool]]) -> list[ConfidenceBin]:
    """Answers as (confidence, right) by confidence from 1 to 3; what was not asked (None) is left out."""
    known = [each for each in answers if each[0] is not None]
    found = []
    for level in (1, 2, 3):
        n = sum(each == level for each, _ in known)
        right = sum(each == level and hit for each, hit in known)
        if n:
            found.append(ConfidenceBin(level, right, n, *wilson(right, n)))
    return found
