"""The process that trains: commands as JSON lines on standard input, events as JSON lines on standard output.

It is started as `python -P -m mtl_tui.lab.worker`, imports torch at once so that the first run starts warm, writes the
run folder itself so that a killed program keeps its run, and ends when its standard input ends.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from models import events
from models.events import Checkpoint, Done, Error, Event, State
from mtl_tui.lab import commands
from mtl_tui.lab.commands import Command, RunSpec
from mtl_tui.lab.folder import EVENTS, Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.training.run import Run

    Send = Callable[[list[Event]], None]

FLUSH_SECONDS = 0.1
RUN_SECONDS = 15.0
BURST_SECONDS = 0.02
"""Flat out, commands are looked for this often."""


class Worker:
    """Trains one run at a time; `inbox` holds commands, None once standard input has ended, `out` takes events."""

    def __init__(self, inbox: queue.SimpleQueue[Command | None], out: BinaryIO) -> None:
        self._inbox, self._out = inbox, out
        self._prepared: tuple[RunSpec, Run, list[Event]] | None = None

    def serve(self) -> None:
        """Handle commands until standard input ends."""
        self._send([State("ready")])
        while (command := self._inbox.get()) is not None:
            if isinstance(command, commands.Prepare):
                with contextlib.suppress(_Failed):
                    self._prepare(command.spec)
            elif isinstance(command, commands.Start | commands.Continue):
                self._start(command)

    def _prepare(self, spec: RunSpec) -> tuple[Run, list[Event]]:
        """A run, and its evaluation before the first step."""
        if self._prepared is None or self._prepared[0] != spec:
            run = self._build(spec)
            self._prepared = spec, run, run.begin()
        return self._prepared[1:]

    def _build(self, spec: RunSpec) -> Run:
        from models import own
        from models.recipe import RecipeError
        from models.tasks import DataError
        from models.training.run import Run

        try:
            own.TRUSTED.update(spec.trusted)
            arms = [(arm.key, arm.label, arm.recipe, arm.build()) for arm in spec.arms]
            return Run(arms, seed=spec.seed, run_id="", pairing=spec.pairing, marks=spec.marks)
        except RecipeError as error:
            raise _Failed(Error("recipe", str(error))) from error
        except DataError as error:
            raise _Failed(Error("data", str(error))) from error

    def _start(self, start: commands.Start | commands.Continue) -> None:
        self._send([State("loading", pace=start.pace)])
        try:
            if isinstance(start, commands.Continue):
                run = self._build(start.spec)
                offset, opening = self._restore(run, Path(start.folder)), list[Event]()
            else:
                run, opening = self._prepare(start.spec)
                offset, self._prepared = 0, None
        except _Failed as failed:
            self._send([failed.error])
            return
        run.hello = msgspec.structs.replace(run.hello, run=start.run)
        Training(run, start, self._inbox, self._send, opening, offset).train()

    def _restore(self, run: Run, folder: Path) -> int:
        """Put the run where its checkpoint left it, and send the events up to there."""
        from models.training.checkpoint import CheckpointError, load

        try:
            offset = load(run, folder)
            earlier = (folder / EVENTS).read_bytes()[:offset]
        except (CheckpointError, OSError) as error:
            raise _Failed(Error("checkpoint", str(error))) from error
        self._send([events.decode(line) for line in earlier.splitlines()])
        return offset

    def _send(self, batch: list[Event]) -> None:
        """Hand over events. Once the program is gone nobody hears them, but the run folder still wants its end."""
        try:
            self._out.write(b"".join(events.encode(event) + b"\n" for event in batch))
            self._out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())


class Training:
    """One run: paced, paused, stepped and stopped by commands; every 100 ms its events go out together."""

    def __init__(
        self,
        run: Run,
        start: commands.Start | commands.Continue,
        inbox: queue.SimpleQueue[Command | None],
        send: Send,
        opening: list[Event],
        offset: int,
    ) -> None:
        from models.recipes import dumps

        self._run, self._inbox, self._send = run, inbox, send
        self._folder = Path(start.folder)
        self._writer = Writer(self._folder, {key: dumps(recipe) for key, _, _, recipe in run.arms}, offset)
        self._pace, self._paused, self._stopped, self._failed = start.pace, False, False, False
        self._due: list[Event] = [] if offset else [run.hello, *opening]
        if isinstance(start, commands.Continue) and start.more:
            self._due.append(run.extend(start.more))
        self._flushed_at, self._flushed_step = time.perf_counter(), run.now

    def train(self) -> None:
        """Step until done, stopped, failed, or standard input ends. What a step raises ends run and worker."""
        begun = self._clock = time.perf_counter()
        self._clock_step = self._run.now
        self._flush()
        burst = 1
        try:
            while not (self._run.done or self._stopped):
                if not self._ready():
                    continue
                before, begun_step = time.perf_counter(), self._run.now
                self._step(1 if self._pace else burst)
                took = (time.perf_counter() - before) / max(self._run.now - begun_step, 1)
                burst = max(1, min(2 * burst, int(BURST_SECONDS / took)))
                if time.perf_counter() - self._flushed_at >= FLUSH_SECONDS:
                    self._flush()
            if not self._failed:
                self._save()
                self._due.append(Done(self._run.now, time.perf_counter() - begun, stopped=not self._run.done))
        except Exception as error:
            self._due.append(Error("crash", f"{type(error).__name__}: {error}", step=self._run.now))
            raise
        finally:
            self._flush()
            self._writer.close()

    def _step(self, most: int = 1) -> None:
        fallen = self._run.advance(most)
        self._due += fallen
        self._failed = any(isinstance(event, Error) for event in fallen)

    def _save(self) -> None:
        """Write the checkpoint, and the best parameters of each task; the events up to it name it."""
        from models.training.checkpoint import FILE, save, save_best

        self._due.append(Checkpoint(self._run.now, FILE))
        self._flush()
        if not self._writer.saved:
            return
        try:
            save(self._run, self._folder, self._writer.offset)
            save_best(self._run, self._folder)
        except OSError:
            self._writer.saved = False

    def _ready(self) -> bool:
        """Handle what is in the inbox; True when the next step is due."""
        wait = 0.0
        if self._paused:
            wait = FLUSH_SECONDS
        elif self._pace:
            rate = self._run.hello.steps * self._pace / RUN_SECONDS
            wait = self._clock + (self._run.now + 1 - self._clock_step) / rate - time.perf_counter()
        if wait > 0 and time.perf_counter() - self._flushed_at >= FLUSH_SECONDS:
            self._flush()
        try:
            command = self._inbox.get(timeout=min(wait, FLUSH_SECONDS)) if wait > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return not self._paused and wait <= FLUSH_SECONDS
        self._obey(command)
        return False

    def _obey(self, command: Command | None) -> None:
        match command:
            case None | commands.Stop():
                self._stopped = True
                if command is None:
                    self._inbox.put(None)
            case commands.Pause():
                self._paused = True
            case commands.Resume():
                self._paused = False
            case commands.Step() if self._paused:
                self._step()
            case commands.Pace(pace):
                self._pace = pace
            case commands.LearningRate(factor):
                self._due.append(self._run.set_learning_rate(factor))
            case commands.TaskWeights(weights):
                self._due.append(self._run.set_task_weights(weights))
            case commands.Extend(steps):
                self._due.append(self._run.extend(steps))
            case commands.Save():
                self._save()
        self._clock, self._clock_step = time.perf_counter(), self._run.now
        self._flush()

    def _flush(self) -> None:
        now = time.perf_counter()
        lasting: list[Event] = [*self._due, *self._run.flush()]
        lasting.sort(key=_order)
        speed = (self._run.now - self._flushed_step) / max(now - self._flushed_at, 1e-9)
        self._writer.write([events.encode(event) for event in lasting])
        ended = any(isinstance(event, Done | Error) for event in lasting)
        state = State(
            "paused" if self._paused else "running",
            self._run.now,
            0.0 if self._paused else speed,
            self._pace,
            saved=self._writer.saved,
            samples=0.0 if self._paused else speed * self._run.samples,
        )
        self._send(lasting if ended else [*lasting, state])
        self._due, self._flushed_at, self._flushed_step = [], now, self._run.now


def _order(event: Event) -> int:
    """Hello first, losses before what was computed after them, the end last."""
    return {"Hello": 0, "Metrics": 1, "Done": 3, "Error": 3}.get(type(event).__name__, 2)


def _read(inbox: queue.SimpleQueue[Command | None]) -> None:
    try:
        for line in sys.stdin.buffer:
            inbox.put(commands.decode(line))
    finally:
        inbox.put(None)


def main() -> None:
    """Warm up and serve. A crash writes its traceback to standard error, which is the log file; so goes whatever a
    person's own network prints.
    """
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    with contextlib.suppress(OSError):
        os.nice(5)
    inbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(inbox,), daemon=True).start()
    import torch

    torch.set_num_threads(1)
    Worker(inbox, out).serve()


class _Failed(Exception):
    def __init__(self, error: Error) -> None:
        super().__init__(error.message)
        self.error = error


if __name__ == "__main__":
    main()
