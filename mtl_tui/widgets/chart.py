"""A chart: one quantity of one task, every arm overlaid, with marks and a cursor. Draws only what has changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.typeset import clip, fill, width_of
from mtl_tui.widgets.plot import BLANK, Cell, Curve, Grid, Limits, number

GUTTER = 6
SHORT = 8
"""Cells that are left of a subject's name where the curves' values need the room."""
TONES = ("tone-0", "tone-1", "tone-2", "tone-3")
MARK, CURSOR, RULE, STAR = "┊", "│", "-", "*"
BEHIND = {MARK: "mark", CURSOR: "cursor", RULE: "frame"}


class Star(NamedTuple):
    """A point that stands out, drawn over its curve."""

    x: float
    y: float
    tone: int


class Row(NamedTuple):
    """All that decides how a row of the plot looks, by column of cells: `behind` are rule, marks and cursor."""

    tick: str
    cells: tuple[Cell, ...]
    behind: dict[int, str]
    stars: dict[int, int]
    end: tuple[int, str] | None
    width: int


class Chart(Widget):
    """Title line, plot, and where asked for an axis line.

    The title is of the `subject`, a task say, which is cut where room is short, and of the `quantity`. `length` is the
    x range, in the units of `axis_label`; `bounds` are values that are always in view, `rule` one with a line across.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"chart--{tone}" for tone in TONES),
        "chart--frame",
        "chart--mark",
        "chart--cursor",
        "chart--title",
    }

    def __init__(self, *, axis: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.subject = self.quantity = ""
        self.axis, self.axis_label = axis, ""
        self.length = 1.0
        self.curves: Sequence[Curve] = ()
        self.rule: float | None = None
        self.bounds: tuple[float, ...] = ()
        self.marks: list[float] = []
        self.stars: list[Star] = []
        self.cursor: float | None = None
        self.log_scale = False
        self._limits, self._grid = Limits(), Grid()
        self._strips: list[Strip] = []
        self._rows: dict[int, tuple[Row, Strip]] = {}
        self._styles: dict[tuple[str, bool], Style] = {}
        self._columns = 0

    def show(self, curves: Sequence[Curve], length: float) -> None:
        """Put other curves in the chart."""
        self.curves, self.length = curves, max(length, 1.0)
        self._limits, self._grid = Limits(), Grid()
        self._columns = 0
        self.update()

    def update(self) -> None:
        """Take in new points and redraw the rows that differ."""
        width, height = self.size
        columns = self._plot_width * 2
        if columns < 8 or height < 3:
            self._strips = []
            return
        if columns != self._columns:
            self._columns = columns
            for curve in self.curves:
                curve.clear()
        for curve in self.curves:
            curve.take(columns, self.length)
        self._fit()
        before, self._strips = self._strips, list(self._build(width, height))
        if len(before) != len(self._strips):
            self.refresh()
        else:
            changed = [row for row, strip in enumerate(self._strips) if strip != before[row]]
            if changed:
                self.refresh(*(Region(0, row, width, 1) for row in changed))

    @property
    def readout(self) -> str:
        """Every curve's value where the cursor stands, or its last one; as many as leave room for a short title."""
        parts = []
        for curve in self.curves:
            if not curve.dim:
                value = curve.series.at(None if self.cursor is None else int(self.cursor / curve.scale))
                parts.append(f"{curve.name} {'-' if value is None else number(value)}".strip())
        subject = min(width_of(self.subject), SHORT) + 2 if self.subject else 0
        room = self.size.width - 1 - subject - width_of(self.quantity)
        while len(parts) > 1 and width_of("  ".join(parts)) > room:
            parts.pop()
        return "  ".join(parts)

    def on_resize(self) -> None:
        self.update()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._rows.clear()
        if self._strips:
            self.update()

    def render_line(self, y: int) -> Strip:
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    @property
    def _plot_width(self) -> int:
        ends = max((width_of(curve.end) + 1 for curve in self.curves if curve.end), default=0)
        return self.size.width - GUTTER - 1 - ends

    def _fit(self) -> None:
        low = min((curve.low for curve in self.curves), default=math.inf)
        if self.rule is None and min((curve.series.low for curve in self.curves), default=math.inf) >= 0:
            low = max(low, 0.0)  # a band ends where what is never negative ends
        high = max((curve.high for curve in self.curves), default=-math.inf)
        if low <= high:
            low, high = min((low, *self.bounds)), max((high, *self.bounds))
        if self.log_scale and low <= 0:
            positive = [bin_.low for curve in self.curves for bin_ in curve.bins if bin_ and bin_.low > 0]
            low = min(positive, default=high)
        self._limits.fit(low, high)

    def _build(self, width: int, height: int) -> Iterable[Strip]:
        title, frame = self._style("title"), self._style("frame")
        readout, quantity = self.readout, f"  {self.quantity}" if self.subject else self.quantity
        subject = clip(self.subject, max(width - width_of(readout) - width_of(quantity) - 1, 0))
        yield Strip([Segment(fill(subject + quantity, readout, width), title)], width)
        rows = height - 1 - self.axis
        grid = self._grid.draw(self.curves, self._limits, self._plot_width, rows, log=self.log_scale)
        verticals = {self._column(x): MARK for x in self.marks}
        if self.cursor is not None:
            verticals[self._column(self.cursor)] = CURSOR
        ruled = dict.fromkeys(range(self._plot_width), RULE) | verticals
        edge, rule = self._edge(rows), self._row_of(self.rule, rows)
        stars: dict[int, dict[int, int]] = {}
        for star in self.stars:
            if (at := self._row_of(star.y, rows)) is not None:
                stars.setdefault(at, {})[self._column(star.x)] = star.tone
        for y, cells in enumerate(grid):
            behind = ruled if y == rule else verticals
            row = Row(self._tick(y, rows), tuple(cells), behind, stars.get(y, {}), edge.get(y), width)
            if y not in self._rows or self._rows[y][0] != row:
                self._rows[y] = row, self._strip(row)
            yield self._rows[y][1]
        if self.axis:
            yield self._axis_strip(width, frame)

    def _strip(self, row: Row) -> Strip:
        frame = self._style("frame")
        segments = [Segment(f"{row.tick:>{GUTTER - 1}} │", frame)]
        run, style = "", frame
        for column, cell in enumerate(row.cells):
            if column in row.stars:
                char, here = STAR, self._style(TONES[row.stars[column]])
            elif cell.dots:
                char, here = chr(BLANK + cell.dots), self._style(TONES[cell.tone], dim=cell.dim)
            else:
                char = row.behind.get(column, " ")
                here = style if char == " " else self._style(BEHIND[char])
            if here is not style:
                segments.append(Segment(run, style))
                run, style = "", here
            run += char
        segments.append(Segment(run, style))
        if row.end is not None:
            tone, name = row.end
            segments.append(Segment(f" {name}", self._style(TONES[tone])))
        return Strip(segments).simplify().adjust_cell_length(row.width, frame)

    def _axis_strip(self, width: int, frame: Style) -> Strip:
        plot = self._plot_width
        line = [" "] * (GUTTER + 1 + plot)
        for share in (0.0, 0.5, 1.0):
            text = f"{self.length * share:.0f}"
            at = GUTTER + 1 + round((plot - 1) * share) - (len(text) - 1 if share == 1.0 else len(text) // 2)
            line[max(at, 0) : max(at, 0) + len(text)] = text
        text = "".join(line)
        label = clip(self.axis_label, GUTTER)
        text = label + text[width_of(label) :]
        return Strip([Segment(text, frame)]).adjust_cell_length(width, frame)

    def _tick(self, row: int, rows: int) -> str:
        if not self._limits.high > self._limits.low:
            return ""
        if row == 0:
            return number(self._limits.high, GUTTER - 1)
        return number(self._limits.low, GUTTER - 1) if row == rows - 1 else ""

    def _edge(self, rows: int) -> dict[int, tuple[int, str]]:
        """Row of each end label: that of the curve's last value, or the nearest row that is free."""
        placed: dict[int, tuple[int, str]] = {}
        span = self._limits.high - self._limits.low
        for curve in self.curves:
            last = curve.series.last
            if not curve.end or last is None or not span > 0:
                continue
            wish = min(max(round((self._limits.high - last) / span * (rows - 1)), 0), rows - 1)
            free = [row for row in range(rows) if row not in placed]
            if free:
                placed[min(free, key=lambda row: abs(row - wish))] = (curve.tone, curve.end)
        return placed

    def _row_of(self, value: float | None, rows: int) -> int | None:
        """The row of cells in which a value lies."""
        if value is None or not self._limits.high > self._limits.low or (self.log_scale and value <= 0):
            return None
        return rows - 1 - (self._grid.row(value) >> 2)

    def _column(self, x: float) -> int:
        return min(int(x / self.length * (self._plot_width * 2 - 1) + 0.5), self._plot_width * 2 - 1) >> 1

    def _style(self, name: str, *, dim: bool = False) -> Style:
        if (name, dim) not in self._styles:
            self._styles[name, dim] = self.get_component_rich_style(f"chart--{name}") + Style(dim=dim or None)
        return self._styles[name, dim]
