"""A worker process that trains with nobody watching."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from models.events import Done, Error, Event
from mtl_tui import places
from mtl_tui.lab import commands
from mtl_tui.lab.commands import RunSpec
from mtl_tui.lab.link import Gone, WorkerLink

PATIENCE_SECONDS = 120


async def alone(spec: RunSpec, folder: Path) -> tuple[Done, float]:
    """Train flat out into `folder`: how it ended, and the megabytes of memory that the process held at most."""
    ended: asyncio.Future[Done] = asyncio.get_running_loop().create_future()

    def receive(batch: list[Event | Gone]) -> None:
        for event in batch:
            if isinstance(event, Done):
                ended.set_result(event)
            elif isinstance(event, Error):
                ended.set_exception(RuntimeError(event.message))

    link = WorkerLink(receive, places.worker_log())
    await link.open()
    link.send(commands.Start(spec, folder.name, str(folder), pace=0.0))
    done = await asyncio.wait_for(ended, PATIENCE_SECONDS)
    status = Path(f"/proc/{link.pid}/status").read_text(encoding="ascii")
    await link.close(3.0)
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak is not None
    return done, int(peak[1]) / 1024
