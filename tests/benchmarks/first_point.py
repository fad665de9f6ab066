"""From the key to what it does: `t` to the first point on the terminal, warm and cold, and any key while training.

Warm means that the question has stood on the screen for some seconds; cold, that no worker runs. The first point is
the first braille dot written to the terminal. Keys enter where the terminal's driver hands them over, and are timed to
their action while a run goes flat out.

python tests/benchmarks/first_point.py [ROUNDS] [KEYS] [READING_SECONDS]
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable

from _report import report
from _terminal import UnseenTerminal
from textual import events
from textual.pilot import Pilot

from mtl_tui.app import MtlApp
from mtl_tui.bindings import Binding
from mtl_tui.config import Settings
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.lab import FIRST_SEED, recipe_spec
from mtl_tui.screens.lab import LabRunScreen
from mtl_tui.screens.session import SessionScreen

PAIRING, RECIPE = "half-the-parameters", "adult-mmoe"
SIZE = (140, 44)
WARM_BAR, COLD_BAR, KEY_BAR = 0.3, 4.0, 0.05
STEPS = 50_000
PATIENCE_SECONDS = 60

Play = Callable[[MtlApp], Awaitable[float]]


def press(app: MtlApp, key: str) -> None:
    """Hand a key to the app as its driver does."""
    driver = app._driver
    assert driver is not None
    driver.process_message(events.Key(key, key if len(key) == 1 else None))


class FirstPoint:
    """Set once a braille dot is written."""

    def __init__(self) -> None:
        self._seen = asyncio.Event()
        UnseenTerminal.saw = self._look

    def _look(self, data: str) -> None:
        if any("\u2801" <= character <= "\u28ff" for character in data):
            self._seen.set()

    async def wait(self) -> None:
        """Raises TimeoutError."""
        await asyncio.wait_for(self._seen.wait(), PATIENCE_SECONDS)
        UnseenTerminal.saw = None


async def answered(app: MtlApp) -> None:
    """Put the question of the pairing in front, and give it up: its explanation is on the screen."""
    question = next(each.id for each in app.desk.bank.questions.values() if each.pairing == PAIRING)
    screen = SessionScreen(app.desk.session_of([question]))
    await app.push_screen(screen)
    screen.session.give_up()
    screen.enter_phase()


def warm(reading: int) -> Play:
    """Seconds from `t` to the first point, the worker prepared while the question is read."""

    async def play(app: MtlApp) -> float:
        await answered(app)
        await asyncio.sleep(reading)
        return await to_first_point(app)

    return play


async def cold(app: MtlApp) -> float:
    """Seconds from `t` to the first point, the worker gone."""
    await answered(app)
    await asyncio.sleep(1.0)
    await app.desk.lab.close()
    return await to_first_point(app)


async def to_first_point(app: MtlApp) -> float:
    point = FirstPoint()
    begun = time.perf_counter()
    press(app, "t")
    await point.wait()
    return time.perf_counter() - begun


class TimedScreen(LabRunScreen):
    """Knows when a key reached its action."""

    acted = asyncio.Event()

    async def perform(self, binding: Binding, key: str) -> None:
        self.acted.set()
        await super().perform(binding, key)


def keys_while_training(count: int) -> Play:
    """The 95th percentile of the seconds from a key to its action."""

    async def play(app: MtlApp) -> float:
        screen = TimedScreen(RECIPE)
        await app.push_screen(screen)
        await app.desk.lab.begin(recipe_spec(RECIPE, FIRST_SEED, {"training.steps": str(STEPS)}))
        point = FirstPoint()
        screen.retext()
        await point.wait()
        waits = []
        for index in range(count):
            await asyncio.sleep(0.02 + 0.013 * (index % 7))
            screen.acted.clear()
            begun = time.perf_counter()
            press(app, "left" if index % 2 else "right")
            await asyncio.wait_for(screen.acted.wait(), PATIENCE_SECONDS)
            waits.append(time.perf_counter() - begun)
        assert app.desk.lab.live
        return statistics.quantiles(waits, n=20)[-1]

    return play


def in_program(play: Play) -> float:
    """Play in a freshly opened program with a home of its own."""
    found: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["MTL_TUI_HOME"] = home
        app = MtlApp(Desk.open(Settings(language="en", pace="full")))
        app.driver_class = UnseenTerminal

        async def run(pilot: Pilot[object]) -> None:
            await pilot.pause()
            found.append(await play(app))
            app.exit()

        asyncio.run(app.run_async(size=SIZE, auto_pilot=run))
    return found[0]


def main(rounds: int, keys: int, reading: int) -> bool:
    """Alternate warm and cold, then press keys; seconds stand where the others have ratios."""
    times = [(in_program(warm(reading)), in_program(cold)) for _ in range(rounds)]
    warm_seconds, cold_seconds = map(statistics.median, zip(*times, strict=True))
    kept = [
        report("seconds from t to the first point, warm", warm_seconds, "<=", WARM_BAR),
        report("seconds from t to the first point, cold", cold_seconds, "<=", COLD_BAR),
        report("seconds from key to action while training, p95", in_program(keys_while_training(keys)), "<=", KEY_BAR),
    ]
    return all(kept)


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(not main(*(arguments + [3, 200, 8][len(arguments) :])))
