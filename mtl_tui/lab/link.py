"""The link to what makes events: the worker process, or a run folder that is replayed. Both take the same commands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from models import events
from models.events import Done, Error, Event, Hello, Metrics, State
from mtl_tui import places
from mtl_tui.lab import commands, folder
from mtl_tui.lab.commands import Command


class Gone(msgspec.Struct, frozen=True):
    """The process at the other end has ended on its own.

    `code` is its exit code, negative for a signal, None where a run folder ends without its last event.
    """

    code: int | None = None


Receiver = Callable[[list[Event | Gone]], None]


class WorkerLink:
    """A worker process of our own. `log` takes its standard error."""

    def __init__(self, receive: Receiver, log: Path) -> None:
        self._receive, self._log = receive, log
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Process id while the worker lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def open(self) -> None:
        """Start the worker, if it is not running. Raises OSError if no process can be started."""
        async with self._opening:
            if self.pid is not None:
                return
            environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
            environment.setdefault("MTL_TUI_CACHE", str(places.cache()))
            with _opened(self._log) as log:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "mtl_tui.lab.worker"),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                    env=environment,
                    start_new_session=True,
                )
            self._reader = asyncio.create_task(self._read(self._process))

    def send(self, command: Command) -> None:
        """Write one command; a worker that is gone has already been reported to the receiver."""
        if self._process is not None and self._process.stdin is not None and self.pid is not None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._process.stdin.write(commands.encode(command))

    async def close(self, patience: float) -> None:
        """End the worker's standard input, hand over its last events, and kill it after `patience` seconds."""
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is None or reader is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        _, late = await asyncio.wait({reader}, timeout=patience)
        if late:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await reader

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        tail = b""
        while chunk := await process.stdout.read(1 << 16):
            *lines, tail = (tail + chunk).split(b"\n")
            if lines:
                self._receive([events.decode(line) for line in lines])
        code = await process.wait()
        self._receive([Gone(code)])


class ReplayLink:
    """A finished run, played again from its folder: the same events in the same order, without torch.

    Raises folder.RunFolderError when it is made.
    """

    def __init__(self, receive: Receiver, run_folder: Path, pace: float = 0.0) -> None:
        self._receive = receive
        self._events: list[Event | Gone] = [*folder.read(run_folder)]
        first = self._events[0] if self._events else None
        if not isinstance(first, Hello):
            raise folder.RunFolderError(f"{run_folder / folder.EVENTS}: the run ended before its first step")
        if not isinstance(self._events[-1], Done | Error):
            self._events.append(Gone())
        self.hello = first
        self._pace, self._paused = pace, False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start playing; pace 0 hands over everything at once."""
        self._task = asyncio.create_task(self._play())

    def send(self, command: Command) -> None:
        """Pause, resume and pace work as on a live run; a replay's numbers cannot be changed."""
        match command:
            case commands.Pause() | commands.Resume():
                self._paused = isinstance(command, commands.Pause)
                self._receive([State("paused" if self._paused else "running", pace=self._pace)])
            case commands.Pace(pace):
                self._pace = pace
            case commands.Stop():
                if self._task is not None:
                    self._task.cancel()

    async def close(self) -> None:
        """Stop playing."""
        if self._task is not None:
            self._task.cancel()

    async def _play(self) -> None:
        if self._pace == 0.0:
            self._receive(list(self._events))
            return
        steps = self.hello.steps
        now = position = 0.0
        last = time.perf_counter()
        waiting = list(reversed(self._events))
        while waiting:
            await asyncio.sleep(0.1)
            elapsed, last = time.perf_counter() - last, time.perf_counter()
            if not self._paused:
                position += elapsed * steps * self._pace / 15.0 if self._pace else steps
            batch: list[Event | Gone] = []
            while waiting and (now := max(now, self._step(waiting[-1]))) <= position:
                batch.append(waiting.pop())
            if batch:
                self._receive(batch)

    def _step(self, event: Event | Gone) -> int:
        """The step at which an event had happened: for a block of losses, its last."""
        if isinstance(event, Metrics):
            return event.step + (len(event.loss) - 1) * self.hello.window
        return getattr(event, "step", 0)


@contextlib.contextmanager
def _opened(log: Path) -> Iterator[BinaryIO]:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
    except OSError:
        log = Path(os.devnull)
    with log.open("ab") as file:
        yield file
