"""The laboratory: one run at a time, live or replayed, and what a person can do to it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from models.events import Error, Event, Hello, Mark, State, Text
from models.pairings import PAIRINGS, Pairing
from models.recipes import RECIPES, TITLES
from mtl_tui import trust
from mtl_tui.config import PACES
from mtl_tui.flows.recipes import OwnRecipes
from mtl_tui.lab import commands, folder
from mtl_tui.lab.commands import ArmSpec, Command, RunSpec
from mtl_tui.lab.link import Gone, ReplayLink, WorkerLink
from mtl_tui.lab.record import TRAIN, RunRecord
from mtl_tui.lab.specs import arm_spec, title
from mtl_tui.locale import later, pick

FIRST_SEED = 7
CLOSING_SECONDS = 3.0
SILENT_SECONDS = 3
METRICS = {
    TRAIN: later("training loss"),
    "train_loss": later("loss on training rows"),
    "loss": later("loss"),
    "auc": later("AUC"),
    "gauc": later("GAUC"),
    "log_loss": later("log loss"),
    "mse": later("MSE"),
    "rmse": later("RMSE"),
    "accuracy": later("metric\x04accuracy"),
    "calibration": later("calibration"),
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
    """A run of one recipe, by its name or by its file. Raises RecipeError."""
    arm = arm_spec("A", title(name), name, overrides or {})
    return RunSpec(Path(name).stem, (arm,), seed, trusted=trust.hashes())


def spec_named(name: str, seed: int = FIRST_SEED) -> RunSpec:
    """The run of a pairing or a recipe by name. Raises KeyError."""
    if name in PAIRINGS:
        return pairing_spec(PAIRINGS[name], seed)
    if name in RECIPES:
        return recipe_spec(name, seed)
    raise KeyError(name)


def kept_spec(at: Path) -> RunSpec:
    """The run that a run folder holds, to be trained again with its interventions. Raises folder.RunFolderError."""
    known = list(folder.read(at))
    hello = next((event for event in known if isinstance(event, Hello)), None)
    if hello is None:
        raise folder.RunFolderError(f"{at / folder.EVENTS}: the run ended before its first step")
    arms = tuple(kept_arm(ArmSpec(arm.key, arm.label, arm.recipe), at) for arm in hello.arms)
    name = hello.pairing or hello.arms[0].recipe
    marks = tuple(event for event in known if isinstance(event, Mark) and not event.planned)
    return RunSpec(name, arms, hello.seed, hello.pairing, trust.hashes(), marks)


class Lab:
    """Owns the worker and the run in front. `record` is what screens read; it is None until something is started.

    `ended` is called once for each live run that has ended, with its id, spec and record; `heard`, if it is set, with
    every batch of a live run's events once the record holds them. `own` holds the person's recipes.
    """

    def __init__(
        self,
        runs: Path,
        log: Path,
        pace: str,
        ended: Callable[[str, RunSpec, RunRecord], None],
        own: OwnRecipes | None = None,
    ) -> None:
        self._runs, self._ended, self._own = runs, ended, own
        self._worker = WorkerLink(self._receive, log)
        self._replay: ReplayLink | None = None
        self._seeds: dict[str, int] = {}
        self.spec: RunSpec | None = None
        self.run = ""
        self.record: RunRecord | None = None
        self.overlay: RunRecord | None = None
        self.overlay_run = ""
        self.pace = pace
        self.clock: Callable[[], float] = time.monotonic
        self._heard_at = 0.0
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

    @property
    def silent(self) -> int:
        """Whole seconds for which a worker that should be training has told nothing; 0 while that is no trouble."""
        record = self.record
        if not self.live or self.paused or record is None or record.hello is None:
            return 0
        seconds = int(self.clock() - self._heard_at)
        return seconds if seconds >= SILENT_SECONDS else 0

    async def warm(self, name: str) -> None:
        """Have the worker ready, with the data of this run loaded. Raises OSError if it cannot be started."""
        if self.live:
            return
        await self._worker.open()
        self._worker.send(commands.Prepare(self._next(name)))

    def next_seed(self, name: str) -> int:
        """The seed that the next run of this name will have."""
        return self._seeds.get(name, FIRST_SEED)

    async def start(self, name: str) -> bool:
        """Train a pairing or a recipe by name; False if another run is live. Raises OSError, KeyError."""
        if self.live:
            return False
        await self.begin(self._next(name))
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

    async def resume(self) -> int | None:
        """Go on with the ended run in front from its last checkpoint: to its end if it was cut short, else longer.

        Returns by how many steps longer; None if the run has no checkpoint, or another is live. Raises OSError if the
        worker cannot be started, folder.RunFolderError if the recipes of the run cannot be read.
        """
        record, spec = self.record, self.spec
        if record is None or spec is None or self.live or record.checkpoint is None:
            return None
        whole = record.done is not None and not record.done.stopped
        more = self.quarter if whole else 0
        at = self._runs / self.run
        arms = tuple(kept_arm(arm, at) for arm in spec.arms)
        again = msgspec.structs.replace(spec, arms=arms, trusted=trust.hashes())
        await self._end_replay()
        self._front(spec)
        await self._worker.open()
        self._worker.send(commands.Continue(again, self.run, str(at), pace_of(self.pace), more))
        return more

    def load_overlay(self, run: str) -> None:
        """Lay an earlier run under the charts; none if it is not named. Raises folder.RunFolderError."""
        record = RunRecord()
        if run:
            record.fold(folder.read(self._runs / run))
        self.overlay, self.overlay_run = record if run else None, run

    def pause(self) -> None:
        """Pause, or go on."""
        self._send(commands.Resume() if self.paused else commands.Pause())

    def step(self) -> None:
        """Train one step of a paused run."""
        self._send(commands.Step())

    @property
    def quarter(self) -> int:
        """A quarter of the steps that the run was planned with: by so many it is made longer at a time."""
        return max(self.record.hello.steps // 4, 1) if self.record is not None and self.record.hello is not None else 0

    def extend(self) -> None:
        """Make the live run longer by a quarter; it leaves a mark."""
        self._send(commands.Extend(self.quarter))

    def save(self) -> None:
        """Save the state of the live run to its folder."""
        self._send(commands.Save())

    def stop(self) -> None:
        """End the run here and keep it."""
        self._send(commands.Stop())

    async def abandon(self) -> None:
        """Kill a worker that no longer answers; the run keeps what it has."""
        await self._worker.close(0.0)

    def change_pace(self, by: int) -> str:
        """One notch slower (-1) or faster (+1); returns the new pace."""
        self.set_pace(PACES[min(max(PACES.index(self.pace) + by, 0), len(PACES) - 1)])
        return self.pace

    def set_pace(self, pace: str) -> None:
        """This pace from now on, also of the run that is live."""
        self.pace = pace
        self._send(commands.Pace(pace_of(pace)))

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

    def _next(self, name: str) -> RunSpec:
        """The next run of this name. Raises KeyError."""
        seed = self.next_seed(name)
        if self._own is not None and name in self._own.recipes:
            return self._own.spec(name, seed)
        return spec_named(name, seed)

    def _front(self, spec: RunSpec) -> None:
        """Another run is in front; an earlier one stays laid under it only if it is of the same name."""
        if self.spec is None or self.spec.name != spec.name:
            self.overlay, self.overlay_run = None, ""
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
        self._heard_at = self.clock()
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


def kept_arm(arm: ArmSpec, at: Path) -> ArmSpec:
    """The arm with its recipe as the run folder has it."""
    path = at / f"recipe-{arm.key}.toml"
    try:
        return msgspec.structs.replace(arm, text=path.read_text(encoding="utf-8"), overrides={})
    except (OSError, ValueError) as error:
        raise folder.RunFolderError(f"{path}: {error}") from error


def task_label(record: RunRecord, task: str | None) -> Text:
    """The name of a task for people; all tasks at once have an empty one."""
    tasks = record.hello.tasks if record.hello else []
    return next((each.label for each in tasks if each.name == task), Text(task or "", task or ""))


def say_name(name: str) -> str:
    """The title of a pairing or a recipe; one of the person's own goes by its name."""
    if name in PAIRINGS:
        return pick(PAIRINGS[name].title)
    return pick(TITLES[name]) if name in TITLES else name
