"""The link to what makes events: the worker process, or a run folder that is replayed. Both have one interface."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from models import events
from models.events import Event
from mtl_tui.lab import commands, folder
from mtl_tui.lab.commands import Command


class Gone(msgspec.Struct, frozen=True):
    """The process at the other end has ended on its own; `code` is its exit code, negative for a signal."""

    code: int


Receiver = Callable[[list[Event | Gone]], None]


class Link(Protocol):
    """Takes commands, hands events to the receiver in batches."""

    async def open(self) -> None: ...
    def send(self, command: Command) -> None: ...
    async def close(self) -> None: ...


class WorkerLink:
    """A worker process of our own. `log` takes its standard error."""

    def __init__(self, receive: Receiver, log: Path) -> None:
        self._receive, self._log = receive, log
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id while the worker lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def open(self) -> None:
        """Start the worker, if it is not running. Raises OSError if no process can be started."""
        if self.pid is not None:
            return
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
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

    async def close(self) -> None:
        """End the worker's standard input, and wait until it has written its run folder."""
        process, self._process = self._process, None
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), timeout=3)
        except TimeoutError:
            process.kill()
            await process.wait()

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
        self._events = list(folder.read(run_folder))
        first = self._events[0] if self._events else None
        if not isinstance(first, events.Hello):
            raise folder.RunFolderError(f"{run_folder / folder.EVENTS}: the run ended before its first step")
        self.hello = first
        self._pace, self._paused = pace, False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start playing; pace 0 hands over everything at once."""
        self._task = asyncio.create_task(self._play())

    def send(self, command: Command) -> None:
        """Pause, resume and pace work as on a live run; a replay's numbers cannot be changed."""
        match command:
            case commands.Pause():
                self._paused = True
            case commands.Resume():
                self._paused = False
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
            while waiting and (now := max(now, _step(waiting[-1]))) <= position:
                batch.append(waiting.pop())
            if batch:
                self._receive(batch)


def _step(event: Event) -> int:
    """The step at which an event had happened: for a block of losses, its last."""
    if isinstance(event, events.Metrics):
        return event.step + len(event.loss) - 1
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
