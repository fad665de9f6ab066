"""Lines in braille dots, without a terminal: bins that never move once filled, limits that hold still, a grid of cells.

The x range is fixed by the length of the run, so a column is finished when the run has passed it and a refresh costs
the new points only. Each dot column keeps the least and greatest value seen in it, so a spike is never lost.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from mtl_tui.lab.record import Series

BLANK = 0x2800
LEFT = (0x01, 0x02, 0x04, 0x40)
RIGHT = (0x08, 0x10, 0x20, 0x80)
DOTTED_EVERY = 3


class Bin(NamedTuple):
    """One dot column of one curve: bounds, and the value in which it ends."""

    low: float
    high: float
    last: float


class Curve:
    """A series binned to dot columns. `tone` picks the colour, `dotted` and `dim` the drawing."""

    def __init__(self, series: Series, tone: int, *, dotted: bool = False, dim: bool = False, scale: int = 1) -> None:
        self.series, self.tone, self.dotted, self.dim, self.scale = series, tone, dotted, dim, scale
        self.bins: list[Bin | None] = []
        self._taken = 0

    def clear(self) -> None:
        """Forget the bins, as after a change of width."""
        self.bins, self._taken = [], 0

    def take(self, columns: int, length: float) -> bool:
        """Bin the points that are new; x runs from 0 to `length` over `columns` dot columns. True if any was new."""
        steps, values = self.series.steps, self.series.values
        if self._taken == len(steps):
            return False
        per_step = self.scale * (columns - 1) / length
        for index in range(self._taken, len(steps)):
            column = min(int(steps[index] * per_step + 0.5), columns - 1)
            self._put(column, values[index])
        self._taken = len(steps)
        return True

    def _put(self, column: int, value: float) -> None:
        bins = self.bins
        if not math.isfinite(value):
            bins.extend([None] * (column + 1 - len(bins)))
            return
        previous = bins[-1] if bins else None
        if column < len(bins):
            bins[column] = (
                Bin(min(previous.low, value), max(previous.high, value), value)
                if previous is not None
                else Bin(value, value, value)
            )
            return
        missing = column - len(bins)
        for index in range(missing):
            if previous is None:
                bins.append(None)
            else:
                between = previous.last + (value - previous.last) * (index + 1) / (missing + 1)
                bins.append(Bin(between, between, between))
        bins.append(Bin(value, value, value))


class Limits:
    """Limits of the y axis: round numbers that move only when the data leave them or fill less than 40 %."""

    def __init__(self) -> None:
        self.low, self.high = math.inf, -math.inf

    def fit(self, low: float, high: float) -> None:
        """Take in the data's bounds; bounds that are not finite mean that there are no data yet."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return
        inside = self.low <= low and high <= self.high
        if inside and high - low >= 0.4 * (self.high - self.low):
            return
        self.low, self.high = _round_limits(low, high)


def _round_limits(low: float, high: float) -> tuple[float, float]:
    span = high - low
    if span <= max(abs(low), abs(high)) * 1e-9:
        span = abs(high) * 0.5 or 1.0
        low, high = low - span / 2, high + span / 2
    unit = 10.0 ** math.floor(math.log10(span / 4))
    step = next(unit * factor for factor in (1, 2, 5, 10, 20) if unit * factor * 4 >= span)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def number(value: float, width: int = 5) -> str:
    """A value in at most `width` cells: .352, 12.4, 3187, 7e-9."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size and (size < 0.0005 or size >= 10 ** (width - (value < 0)) - 0.5):
        text = f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
        if len(text) <= width:
            return text
    decimals = 3 if size < 9.9995 else 2 if size < 99.995 else 1 if size < 999.95 else 0
    while decimals and len(f"{value:.{decimals}f}") > width:
        decimals -= 1
    return f"{value:.{decimals}f}"


class Cell(NamedTuple):
    """What stands in one cell: eight dots and the tone of the curve drawn last."""

    dots: int
    tone: int
    dim: bool


EMPTY = Cell(0, -1, False)


def draw(curves: list[Curve], limits: Limits, width: int, height: int, *, log: bool = False) -> list[list[Cell]]:
    """The grid of cells, [height][width]: later curves over earlier ones; a dim curve's cell is given up to others."""
    grid = [[EMPTY] * width for _ in range(height)]
    low, high = _axis(limits, log)
    if not high > low:
        return grid
    rows = height * 4 - 1
    scale = rows / (high - low)
    for curve in curves:
        before: int | None = None
        for column, bin_ in enumerate(curve.bins[: width * 2]):
            if bin_ is None or (log and bin_.low <= 0):
                before = None
                continue
            bottom, top, last = (_height(value, low, scale, rows, log) for value in bin_)
            if curve.dotted:
                if column % DOTTED_EVERY == 0:
                    _dot(grid, column, rows - last, curve)
                continue
            if before is not None:
                bottom, top = min(bottom, max(before, 0)), max(top, min(before, rows))
            for dot in range(bottom, top + 1):
                _dot(grid, column, rows - dot, curve)
            before = last
    return grid


def _axis(limits: Limits, log: bool) -> tuple[float, float]:
    if not log:
        return limits.low, limits.high
    return (math.log10(limits.low) if limits.low > 0 else math.log10(max(limits.high, 1e-12)) - 4), (
        math.log10(limits.high) if limits.high > 0 else 0.0
    )


def _height(value: float, low: float, scale: float, rows: int, log: bool) -> int:
    if log:
        value = math.log10(value) if value > 0 else low
    return min(max(round((value - low) * scale), 0), rows)


def _dot(grid: list[list[Cell]], column: int, row: int, curve: Curve) -> None:
    line = grid[row >> 2]
    mask = (RIGHT if column & 1 else LEFT)[row & 3]
    cell = line[column >> 1]
    dots = mask if cell.dim and not curve.dim else cell.dots | mask
    line[column >> 1] = Cell(dots, curve.tone, curve.dim)
