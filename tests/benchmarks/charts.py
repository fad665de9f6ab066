"""CPU of one refresh of four charts of two series, 50 new points a series, against textual-plot with the same points.

Both run as a real app on 160x48 cells at 10 Hz until 5,000 points a series are drawn, with the whole run as the x axis
and y limits that follow the points. textual-plot is fed the least and the greatest value of each dot column.

python tests/benchmarks/charts.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import math
import random
import statistics
import sys
import time

import numpy as np
from _report import report
from _terminal import UnseenTerminal
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual_plot import HiResMode, PlotWidget

from mtl_tui.app import DARK
from mtl_tui.lab.record import Series
from mtl_tui.widgets.chart import Chart
from mtl_tui.widgets.plot import Curve

POINTS, NEW, REFRESHES = 5_000, 50, 20
CHARTS, SERIES = 4, 2
SIZE = (160, 48)
BAR = 0.2


def noisy_descent(seed: int) -> list[float]:
    """A loss as training gives it: falling, with noise of its own."""
    noise = random.Random(seed)
    return [math.exp(-step / 1_000) * 0.6 + 0.3 + noise.gauss(0, 0.05) for step in range(POINTS)]


VALUES = [[noisy_descent(chart * SERIES + index) for index in range(SERIES)] for chart in range(CHARTS)]


class Charts(App[None]):
    """Four charts in a grid; `draw(count)` lets them show the first points of each series."""

    CSS = "Screen { layout: grid; grid-size: 2 2; }"

    def draw(self, count: int) -> None:
        raise NotImplementedError


class Ours(Charts):
    """Each refresh adds the new points only."""

    CSS = Charts.CSS + "".join(f"Chart > .chart--tone-{tone} {{ color: $tone-{tone}; }}" for tone in range(SERIES))

    def __init__(self) -> None:
        super().__init__(driver_class=UnseenTerminal)
        self.register_theme(DARK)
        self.theme = DARK.name
        self.series = [[Series() for _ in range(SERIES)] for _ in range(CHARTS)]

    def compose(self) -> ComposeResult:
        for _ in range(CHARTS):
            yield Chart()

    def on_ready(self) -> None:
        for chart, series in zip(self.query(Chart), self.series, strict=True):
            chart.show([Curve(each, tone) for tone, each in enumerate(series)], POINTS)

    def draw(self, count: int) -> None:
        for chart, series, values in zip(self.query(Chart), self.series, VALUES, strict=True):
            for each, value in zip(series, values, strict=True):
                for step in range(len(each), count):
                    each.add(step, value[step])
            chart.update()


class TextualPlot(Charts):
    """Each refresh reduces all points anew and plots them."""

    def __init__(self) -> None:
        super().__init__(driver_class=UnseenTerminal)
        self.values = [[np.array(each) for each in values] for values in VALUES]

    def compose(self) -> ComposeResult:
        for _ in range(CHARTS):
            yield PlotWidget()

    def on_ready(self) -> None:
        for plot in self.query(PlotWidget):
            plot.set_xlimits(0, POINTS)

    def draw(self, count: int) -> None:
        columns = (SIZE[0] // 2 - 12) * 2
        starts = np.unique(np.arange(columns) * POINTS // columns)
        starts = starts[starts < count]
        x = np.repeat(starts, 2)
        for plot, values in zip(self.query(PlotWidget), self.values, strict=True):
            plot.clear()
            for value, color in zip(values, ("cyan", "yellow"), strict=True):
                seen = value[:count]
                y = np.column_stack((np.fmin.reduceat(seen, starts), np.fmax.reduceat(seen, starts))).ravel()
                plot.plot(x, y, line_style=color, hires_mode=HiResMode.BRAILLE)


def cpu_per_refresh(app: Charts) -> list[float]:
    """CPU seconds of this process from one tick to the next, over the last refreshes of the run."""
    spent: list[float] = []

    async def play(pilot: Pilot[object]) -> None:
        await pilot.pause()
        app.draw(POINTS - NEW * REFRESHES)
        await pilot.pause(0.3)
        for refresh in range(1, REFRESHES + 1):
            begun = time.process_time()
            app.draw(POINTS - NEW * (REFRESHES - refresh))
            await asyncio.sleep(0.1)
            spent.append(time.process_time() - begun)
        app.exit()

    asyncio.run(app.run_async(size=SIZE, auto_pilot=play))
    return spent


def main(rounds: int) -> bool:
    """Alternate the two and print the ratio of the medians."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours += cpu_per_refresh(Ours())
        theirs += cpu_per_refresh(TextualPlot())
    mine, other = statistics.median(ours), statistics.median(theirs)
    return report(
        "chart refresh / textual-plot", mine / other, "<=", BAR, ours_ms=mine * 1e3, textual_plot_ms=other * 1e3
    )


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
