"""The laboratory: one run at a time, live or replayed, and what a person can do to it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from models.events import Error, Event, State, Text
from models.pairings import PAIRINGS, Pairing
from models.recipes import RECIPES, TITLES
from mtl_tui.config import PACES
from mtl_tui.lab import commands, folder
from mtl_tui.lab.commands import ArmSpec, Command, RunSpec
from mtl_tui.lab.link import Gone, ReplayLink, WorkerLink
from mtl_tui.lab.record import TRAIN, RunRecord
from mtl_tui.locale import later, pick

FIRST_SEED = 7
CLOSING_SECONDS = 3.0
METRICS = {
    TRAIN: later("training loss"),
    "loss": later("loss"),
    "auc": later("AUC"),
    "gauc": later("GAUC"),
    "mse": later("MSE"),
    "accuracy": later("accuracy"),
}
"""What people call the numbers of a run; others go by their own name."""


def pace_of(name: str) -> float:
    """The worker's number for a pace: 1 takes about 15 s, 0 is flat out."""
    return 0.0 if name == "full" else float(name)


def pairing_spec(pairing: Pairing, seed: int) -> RunSpec:
    """The run that a pairing asks for."""
    arms = tuple(ArmSpec(arm.key, arm.label, arm.recipe) for arm in pairing.arms)
    return RunSpec(pairing.id, arms, seed, pairing.id)


def recipe_spec(name: str, seed: int, overrides: dict[str, str] | None = None) -> RunSpec:
    """A run of one recipe."""
    return RunSpec(name, (ArmSpec("A", TITLES[name], name, overrides or {}),), seed)


def spec_named(name: str, seed: int = FIRST_SEED) -> RunSpec:
    """The run of a pairing or a recipe by name. Raises KeyError."""
    if name in PAIRINGS:
        return pairing_spec(PAIRINGS[name], seed)
    if name in RECIPES:
        return recipe_spec(name, seed)
    raise KeyError(name)


class Lab:
    """Owns the worker and the run in front. `record` is what screens read; it is None until something is started.

    `ended` is called once for each live run that has ended, with its id, spec and record; `heard`, if it is set, with
    every batch of a live run's events once the record holds them.
    """

    def __init__(self, runs: Path, log: Path, pace: str, ended: Callable[[str, RunSpec, RunRecord], None]) -> None:
        self._runs, self._ended = runs, ended
        self._worker = WorkerLink(self._receive, log)
        self._replay: ReplayLink | None = None
        self._seeds: dict[str, int] = {}
        self.spec: RunSpec | None = None
        self.run = ""
        self.record: RunRecord | None = None
        self.overlay: RunRecord | None = None
        self.pace = pace
        self.asked: datetime.datetime | None = None
        self.heard: Callable[[list[Event | Gone]], None] | None = None

    @property
    def live(self) -> bool:
        """A run is being trained now."""
        return self._replay is None and self.record is not None and self.record.live

    @property
    def replaying(self) -> bool:
        """A finished run is being played again, or has been."""
        return self._replay is not None

    @property
    def paused(self) -> bool:
        """The run in front is paused."""
        return self.record is not None and self.record.live and self.record.state.phase == "paused"

    async def warm(self, name: str) -> None:
        """Have the worker ready, with the data of this run loaded. Raises OSError if it cannot be started."""
        if self.live:
            return
        await self._worker.open()
        self._worker.send(commands.Prepare(spec_named(name, self.next_seed(name))))

    def next_seed(self, name: str) -> int:
        """The seed that the next run of this name will have."""
        return self._seeds.get(name, FIRST_SEED)

    async def start(self, name: str) -> bool:
        """Train a pairing or a recipe by name; False if another run is live. Raises OSError, KeyError."""
        if self.live:
            return False
        await self.begin(spec_named(name, self.next_seed(name)))
        return True

    async def begin(self, spec: RunSpec) -> None:
        """Train; no other run may be live. Raises OSError if the worker cannot be started."""
        await self._end_replay()
        self._front(spec)
        self.asked = datetime.datetime.now()
        self.run = self._free_name(f"{self.asked:%Y%m%d-%H%M%S}-{spec.name}-s{spec.seed}")
        await self._worker.open()
        self._worker.send(commands.Start(spec, self.run, str(self._runs / self.run), pace_of(self.pace)))

    async def replay(self, name: str, run: str, pace: str) -> None:
        """Play a finished run of this name again from its folder. Raises folder.RunFolderError."""
        link = ReplayLink(self._receive_replay, self._runs / run, pace_of(pace))
        await self._end_replay()
        self._replay, self.run = link, run
        hello = link.hello
        arms = tuple(ArmSpec(arm.key, arm.label, arm.recipe) for arm in hello.arms)
        self._front(RunSpec(name, arms, hello.seed, hello.pairing))
        await link.open()

    def load_overlay(self, run: str) -> None:
        """Lay an earlier run under the charts. Raises folder.RunFolderError."""
        record = RunRecord()
        record.fold(folder.read(self._runs / run))
        self.overlay = record

    def pause(self) -> None:
        """Pause, or go on."""
        self._send(commands.Resume() if self.paused else commands.Pause())

    def step(self) -> None:
        """Train one step of a paused run."""
        self._send(commands.Step())

    def stop(self) -> None:
        """End the run here and keep it."""
        self._send(commands.Stop())

    def change_pace(self, by: int) -> str:
        """One notch slower (-1) or faster (+1); returns the new pace."""
        index = min(max(PACES.index(self.pace) + by, 0), len(PACES) - 1)
        self.pace = PACES[index]
        self._send(commands.Pace(pace_of(self.pace)))
        return self.pace

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate of every arm; it leaves a mark."""
        self._send(commands.LearningRate(factor))

    def set_task_weights(self, weights: list[float]) -> None:
        """Set the task weights of every arm; it leaves a mark."""
        self._send(commands.TaskWeights(weights))

    async def close(self) -> None:
        """End the worker; a live run is stopped and kept."""
        await self._end_replay()
        await self._worker.close(CLOSING_SECONDS if self.live else 0.0)

    def _front(self, spec: RunSpec) -> None:
        """Another run is in front; an earlier one stays laid under it only if it is of the same name."""
        if self.spec is None or self.spec.name != spec.name:
            self.overlay = None
        self.spec, self.record = spec, RunRecord()

    def _free_name(self, name: str) -> str:
        free, n = name, 1
        while (self._runs / free).exists():
            n += 1
            free = f"{name}-{n}"
        return free

    def _send(self, command: Command) -> None:
        (self._replay or self._worker).send(command)

    async def _end_replay(self) -> None:
        if self._replay is not None:
            await self._replay.close()
            self._replay = None

    def _receive(self, batch: list[Event | Gone]) -> None:
        if self.record is None or not self.record.live or self.replaying:
            return
        self.record.fold(event for event in batch if not (isinstance(event, State) and event.phase == "ready"))
        if self.heard is not None:
            self.heard(batch)
        if not self.record.live and self.spec is not None:
            failed = isinstance(self.record.error, Error) or self.record.gone is not None
            self._seeds[self.spec.name] = self.spec.seed + (0 if failed else 1)
            self._ended(self.run, self.spec, self.record)

    def _receive_replay(self, batch: list[Event | Gone]) -> None:
        if self.record is not None:
            self.record.fold(batch)


def task_label(record: RunRecord, task: str | None) -> Text:
    """The name of a task for people; all tasks at once have an empty one."""
    tasks = record.hello.tasks if record.hello else []
    return next((each.label for each in tasks if each.name == task), Text(task or "", task or ""))


def say_name(name: str) -> str:
    """The title of a pairing or a recipe; one of the person's own goes by its name."""
    if name in PAIRINGS:
        return pick(PAIRINGS[name].title)
    return pick(TITLES[name]) if name in TITLES else name
