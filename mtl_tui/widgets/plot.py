"""Lines in braille dots, without a terminal: bins that never move once filled, limits that hold still, a grid of cells.

The x range is fixed by the length of the run, so a column is finished when the run has passed it and a refresh costs
the new points only, unless the limits move. Each dot column keeps the least and greatest value seen in it, so a spike
is never lost.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from mtl_tui.lab.record import Series

BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a cell's dots from top to bottom, in its left and its right column."""
SPANS = [[[sum(side[top : bottom + 1]) for bottom in range(4)] for top in range(4)] for side in DOTS]
"""Bits of the dots from `top` to `bottom` in one column, [side][top][bottom]."""
DOTTED_EVERY = 3
DASH, DASHES = 4, 7
"""Within a band a dotted curve is of dashes: so many dot columns of so many."""
BAND_EVERY = 4
"""A band has a dot in every second column and every fourth row."""


class Bin(NamedTuple):
    """One dot column of one curve: bounds, and the value in which it ends."""

    low: float
    high: float
    last: float


class Curve:
    """A series binned to dot columns. `tone` picks the colour, `dotted` and `dim` the drawing.

    `name` is what the curve's value is read out as, `end` stands beside its last point. Where the series is of several
    seeds, `edges` are the curves that bound its band. `changed` is the first dot column that differs from what a `Grid`
    has drawn, None if none does.
    """

    def __init__(
        self,
        series: Series,
        tone: int,
        *,
        dotted: bool = False,
        dim: bool = False,
        scale: int = 1,
        name: str = "",
        end: str = "",
    ) -> None:
        self.series, self.tone, self.dotted, self.dim, self.scale = series, tone, dotted, dim, scale
        self.name, self.end = name, end
        self.bins: list[Bin | None] = []
        self.edges: tuple[Curve, Curve] | None = None
        self.changed: int | None = 0
        self._taken = 0

    @property
    def low(self) -> float:
        """The least value drawn, that of the band where there is one."""
        return min(self.series.low, self.edges[0].low) if self.edges else self.series.low

    @property
    def high(self) -> float:
        """The greatest value drawn."""
        return max(self.series.high, self.edges[1].high) if self.edges else self.series.high

    def clear(self) -> None:
        """Forget the bins, as after a change of width."""
        self.bins, self.edges, self.changed, self._taken = [], None, 0, 0

    def take(self, columns: int, length: float) -> bool:
        """Bin the points that are new; x runs from 0 to `length` over `columns` dot columns. True if any was new."""
        steps, values = self.series.steps, self.series.values
        if self._taken == len(steps):
            return False
        per_step = self.scale * (columns - 1) / length

        def column_of(step: float) -> int:
            return min(int(step * per_step + 0.5), columns - 1)

        start = self._taken
        while start < len(steps):
            column = column_of(steps[start])
            end = bisect_right(steps, column, start, key=column_of)
            self._put(column, values[start:end])
            start = end
        self._taken = len(steps)
        below, above = self.series.below, self.series.above
        if below is not None and above is not None and not self.dim:
            self.edges = self.edges or (
                Curve(below, self.tone, scale=self.scale),
                Curve(above, self.tone, scale=self.scale),
            )
            for edge in self.edges:
                edge.take(columns, length)
        return True

    def _put(self, column: int, values: Sequence[float]) -> None:
        """Points of one column: the first may be joined to the column before."""
        self._point(column, values[0])
        rest, bin_ = values[1:], self.bins[column]
        if rest and bin_ is not None and math.isfinite(sum(rest)):
            self.bins[column] = Bin(min(bin_.low, *rest), max(bin_.high, *rest), rest[-1])
            return
        for value in rest:
            self._point(column, value)

    def _point(self, column: int, value: float) -> None:
        bins = self.bins
        first = min(column, len(bins))
        self.changed = first if self.changed is None else min(self.changed, first)
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
    """A value in at most `width` cells: 0.352, 12.4, 3187, 7e-9; zero has no sign."""
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
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


class Cell(NamedTuple):
    """What stands in one cell: eight dots and the tone of the curve drawn last."""

    dots: int
    tone: int
    dim: bool


EMPTY = Cell(0, -1, False)


class Frame(NamedTuple):
    """What a grid is drawn in: the ends of its y axis, logarithms where `log`, and its size in cells."""

    low: float
    high: float
    width: int
    height: int
    log: bool

    @property
    def rows(self) -> int:
        """The highest dot row; 0 is the lowest."""
        return self.height * 4 - 1

    def row(self, value: float) -> int:
        """The dot row of a value, within the frame."""
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        return min(max(round((value - self.low) * self.rows / (self.high - self.low)), 0), self.rows)


class Grid:
    """The cells of a chart. A drawing changes what is right of the first dot column that is new, and nothing else."""

    def __init__(self) -> None:
        self._cells: list[list[Cell]] = []
        self._frame: Frame | None = None

    def row(self, value: float) -> int:
        """The dot row of a value in the last drawing; 0 is the lowest."""
        return self._frame.row(value) if self._frame is not None else 0

    def draw(
        self, curves: Sequence[Curve], limits: Limits, width: int, height: int, *, log: bool = False
    ) -> list[list[Cell]]:
        """The cells, [height][width]: bands, then dim curves, solid ones, dotted ones over all. One grid draws the same
        curves always."""
        frame = Frame(*_axis(limits, log), width, height, log)
        start = min((curve.changed for curve in curves if curve.changed is not None), default=width * 2) >> 1
        if frame != self._frame:
            start, self._frame = 0, frame
            self._cells = [[EMPTY] * width for _ in range(height)]
        if frame.high > frame.low:
            for line in self._cells:
                line[start:] = [EMPTY] * (width - start)
            for curve in curves:
                self._shade(curve, start * 2, frame)
            for curve in sorted(curves, key=lambda curve: (not curve.dim, curve.dotted)):
                self._draw(curve, start * 2, frame)
                curve.changed = None
        return self._cells

    def _shade(self, curve: Curve, start: int, frame: Frame) -> None:
        """The band of a curve: dots far apart, dim, those of every tone in places of their own."""
        if curve.edges is None:
            return
        below, above = (edge.bins for edge in curve.edges)
        for column in range(start, min(len(below), len(above), frame.width * 2)):
            low, high = below[column], above[column]
            if low is None or high is None or column % 2 != curve.tone % 2:
                continue
            bottom, top = frame.row(low.low), frame.row(high.high)
            phase = column // 2 % 2 * 2
            for row in range(bottom + (phase - bottom) % BAND_EVERY, top + 1, BAND_EVERY):
                self._dots(column, frame.rows - row, frame.rows - row, curve.tone, dim=True)

    def _draw(self, curve: Curve, start: int, frame: Frame) -> None:
        before: int | None = None
        for column in range(max(start - 1, 0), min(len(curve.bins), frame.width * 2)):
            bin_ = curve.bins[column]
            if bin_ is None or (frame.log and bin_.low <= 0):
                before = None
                continue
            bottom, top, last = map(frame.row, bin_)
            if curve.dotted:
                bottom = top = last
            elif before is not None:
                bottom, top = min(bottom, before), max(top, before)
            before = last
            gap = curve.dotted and (column % DASHES >= DASH if curve.edges else column % DOTTED_EVERY)
            if column >= start and not gap:
                self._dots(column, frame.rows - top, frame.rows - bottom, curve.tone, dim=curve.dim)

    def _dots(self, column: int, top: int, bottom: int, tone: int, *, dim: bool) -> None:
        spans, x = SPANS[column & 1], column >> 1
        for y in range(top >> 2, (bottom >> 2) + 1):
            dots = spans[max(top - 4 * y, 0)][min(bottom - 4 * y, 3)]
            self._cells[y][x] = Cell(self._cells[y][x].dots | dots, tone, dim)


def _axis(limits: Limits, log: bool) -> tuple[float, float]:
    if not log:
        return limits.low, limits.high
    return (math.log10(limits.low) if limits.low > 0 else math.log10(max(limits.high, 1e-12)) - 4), (
        math.log10(limits.high) if limits.high > 0 else 0.0
    )
