"""Training flat out with four live charts against the same training that nobody watches; what the drawing costs.

Both sides run the same worker with the same commands: adult-mmoe, lengthened. One side is the program on 140x44 cells,
its run panel drawing at 10 Hz; the other reads the events and throws them away.

python tests/benchmarks/live.py [ROUNDS] [STEPS]
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from typing import NamedTuple

from _report import report
from _terminal import UnseenTerminal
from _worker import PATIENCE_SECONDS, alone
from textual.pilot import Pilot

from mtl_tui import places
from mtl_tui.app import MtlApp
from mtl_tui.config import Settings
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.lab import FIRST_SEED, recipe_spec
from mtl_tui.lab.commands import RunSpec
from mtl_tui.screens.lab import LabRunScreen
from mtl_tui.widgets.chart import Chart

RECIPE = "adult-mmoe"
SIZE = (140, 44)
SPEED_BAR, SHARE_BAR = 0.95, 0.15


class Watched(NamedTuple):
    """Steps a second by the worker's clock, and the CPU of the program as a share of one core."""

    speed: float
    share: float


def lengthened(steps: int) -> RunSpec:
    """The recipe with more steps, so that a run lasts for seconds."""
    return recipe_spec(RECIPE, FIRST_SEED, {"training.steps": str(steps)})


async def with_program(spec: RunSpec) -> Watched:
    """Train in the program, its screen of this run in front."""
    desk = Desk.open(Settings(language="en", pace="full"))
    app = MtlApp(desk)
    app.driver_class = UnseenTerminal
    found: list[Watched] = []

    async def play(pilot: Pilot[object]) -> None:
        screen = LabRunScreen(RECIPE)
        await app.push_screen(screen)
        await desk.lab.begin(spec)
        screen.retext()
        record = desk.lab.record
        assert record is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while record.hello is None:
                await asyncio.sleep(0.01)
            begun, cpu = time.perf_counter(), time.process_time()
            while record.live:
                await asyncio.sleep(0.1)
            share = (time.process_time() - cpu) / (time.perf_counter() - begun)
        assert record.done is not None, record.error
        assert sum(bool(chart.display) for chart in screen.query(Chart)) >= 4
        found.append(Watched(record.done.step / record.done.seconds, share))
        app.exit()

    await app.run_async(size=SIZE, auto_pilot=play)
    return found[0]


def main(rounds: int, steps: int) -> bool:
    """Alternate the two and print the ratio of the medians, and the median share of a core."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["MTL_TUI_HOME"] = home
        spec = lengthened(steps)
        watched, unwatched = [], []
        for index in range(rounds):
            watched.append(asyncio.run(with_program(spec)))
            done, _ = asyncio.run(alone(spec, places.runs() / f"alone-{index}"))
            unwatched.append(done.step / done.seconds)
    speed, speed_alone = statistics.median(each.speed for each in watched), statistics.median(unwatched)
    share = statistics.median(each.share for each in watched)
    kept = [
        report(
            "steps/s with four charts / alone",
            speed / speed_alone,
            ">=",
            SPEED_BAR,
            watched_steps_per_second=speed,
            alone_steps_per_second=speed_alone,
        ),
        report("CPU of the program / one core", share, "<=", SHARE_BAR),
    ]
    return all(kept)


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(not main(*(arguments + [3, 6_000][len(arguments) :])))
