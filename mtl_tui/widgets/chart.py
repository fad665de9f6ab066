"""A chart: one quantity of one task, every arm overlaid, with marks and a cursor. Draws only what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.typeset import clip, width_of
from mtl_tui.widgets.plot import BLANK, Cell, Curve, Grid, Limits, number

GUTTER = 6
TONES = ("tone-0", "tone-1", "tone-2", "tone-3")
MARK, CURSOR = "┊", "│"


class Row(NamedTuple):
    """All that decides how a row of the plot looks: `verticals` are marks and the cursor by column of cells."""

    tick: str
    cells: tuple[Cell, ...]
    verticals: dict[int, str]
    end: tuple[int, str] | None
    width: int


class Chart(Widget):
    """Title line, plot, and where asked for an axis line. `length` is the x range, in the units of `axis_label`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"chart--{tone}" for tone in TONES),
        "chart--frame",
        "chart--mark",
        "chart--cursor",
        "chart--title",
    }

    def __init__(self, title: str = "", *, axis: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title, self.readout = title, ""
        self.axis, self.axis_label = axis, ""
        self.length = 1.0
        self.curves: list[Curve] = []
        self.ends: dict[int, str] = {}
        self.marks: list[float] = []
        self.cursor: float | None = None
        self.log_scale = False
        self._limits, self._grid = Limits(), Grid()
        self._strips: list[Strip] = []
        self._rows: dict[int, tuple[Row, Strip]] = {}
        self._styles: dict[tuple[str, bool], Style] = {}
        self._columns = 0

    def show(self, curves: list[Curve], length: float, ends: dict[int, str] | None = None) -> None:
        """Put other curves in the chart; `ends` names a curve's tone at the right edge."""
        self.curves, self.length, self.ends = curves, max(length, 1.0), ends or {}
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

    def value_at_cursor(self, curve: Curve) -> float | None:
        """The curve's value where the cursor stands, or its last one."""
        return curve.series.last if self.cursor is None else curve.series.at(int(self.cursor / curve.scale))

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
        ends = max((width_of(name) + 1 for name in self.ends.values()), default=0)
        return self.size.width - GUTTER - 1 - ends

    def _fit(self) -> None:
        low = min((curve.series.low for curve in self.curves), default=float("inf"))
        high = max((curve.series.high for curve in self.curves), default=float("-inf"))
        if self.log_scale and low <= 0:
            positive = [bin_.low for curve in self.curves for bin_ in curve.bins if bin_ and bin_.low > 0]
            low = min(positive, default=high)
        self._limits.fit(low, high)

    def _build(self, width: int, height: int) -> Iterable[Strip]:
        title, frame = self._style("title"), self._style("frame")
        room = width - width_of(self.readout) - 1
        name = clip(self.title, room)
        yield Strip(
            [
                Segment(name, title),
                Segment(" " * (width - width_of(name) - width_of(self.readout)), frame),
                Segment(self.readout, title),
            ],
            width,
        )
        rows = height - 1 - self.axis
        grid = self._grid.draw(self.curves, self._limits, self._plot_width, rows, log=self.log_scale)
        verticals = {self._column(x): MARK for x in self.marks}
        if self.cursor is not None:
            verticals[self._column(self.cursor)] = CURSOR
        edge = self._edge(rows)
        for y, cells in enumerate(grid):
            row = Row(self._tick(y, rows), tuple(cells), verticals, edge.get(y), width)
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
            if cell.dots:
                char, here = chr(BLANK + cell.dots), self._style(TONES[cell.tone], dim=cell.dim)
            else:
                char = row.verticals.get(column, " ")
                here = style if char == " " else self._style("mark" if char == MARK else "cursor")
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
            if curve.tone not in self.ends or last is None or not span > 0 or curve.dim:
                continue
            wish = min(max(round((self._limits.high - last) / span * (rows - 1)), 0), rows - 1)
            free = [row for row in range(rows) if row not in placed]
            if free:
                placed[min(free, key=lambda row: abs(row - wish))] = (curve.tone, self.ends[curve.tone])
        return placed

    def _column(self, x: float) -> int:
        return min(int(x / self.length * (self._plot_width * 2 - 1) + 0.5), self._plot_width * 2 - 1) >> 1

    def _style(self, name: str, *, dim: bool = False) -> Style:
        if (name, dim) not in self._styles:
            self._styles[name, dim] = self.get_component_rich_style(f"chart--{name}") + Style(dim=dim or None)
        return self._styles[name, dim]
