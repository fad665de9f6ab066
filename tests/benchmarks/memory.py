"""Peak memory of the worker while it trains the census recipe: a started process, its VmHWM at the end.

python tests/benchmarks/memory.py
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from _report import report

from models.events import Done, Error, Event
from mtl_tui.flows.lab import FIRST_SEED, recipe_spec
from mtl_tui.lab import commands
from mtl_tui.lab.link import Gone, WorkerLink

RECIPE, BAR = "adult-mmoe", 450.0
PATIENCE_SECONDS = 120


async def peak(folder: Path) -> float:
    """Megabytes of resident memory at most, from start to the end of a run."""
    ended: asyncio.Future[Done] = asyncio.get_running_loop().create_future()

    def receive(batch: list[Event | Gone]) -> None:
        for event in batch:
            if isinstance(event, Done):
                ended.set_result(event)
            elif isinstance(event, Error):
                ended.set_exception(RuntimeError(event.message))

    link = WorkerLink(receive, folder / "worker.log")
    await link.open()
    link.send(commands.Start(recipe_spec(RECIPE, FIRST_SEED), "memory", str(folder / "memory"), pace=0.0))
    await asyncio.wait_for(ended, PATIENCE_SECONDS)
    status = Path(f"/proc/{link.pid}/status").read_text(encoding="ascii")
    await link.close(3.0)
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def main() -> bool:
    """Print megabytes against the bar."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["MTL_TUI_HOME"] = home
        return report("peak memory of the worker on adult, MB", asyncio.run(peak(Path(home))), "<=", BAR)


if __name__ == "__main__":
    sys.exit(not main())
