"""Runs whose program was killed before it could note them are there at the next start."""

import shutil
from pathlib import Path

from mtl_tui import places
from mtl_tui.flows.desk import Desk

RUNS = Path(__file__).parent / "runs"


async def test_a_run_that_nobody_noted_is_listed_once_and_judged() -> None:
    shutil.copytree(RUNS / "one-gate", places.runs() / "20261124-120000-one-gate-s7")
    (places.runs() / "broken").mkdir()
    unfinished = places.runs() / "unfinished"
    shutil.copytree(RUNS / "one-gate", unfinished)
    lines = (unfinished / "events.jsonl").read_bytes().splitlines(keepends=True)
    (unfinished / "events.jsonl").write_bytes(b"".join(lines[:-1]))
    for _ in range(2):
        desk = Desk.open()
        [run] = desk.store.runs()
        assert (run.run, run.name, run.held) == ("20261124-120000-one-gate-s7", "one-gate", True)
        assert "As the explanation says" in run.summary.en and run.summary.zh
        await desk.close()
