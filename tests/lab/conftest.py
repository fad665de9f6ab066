"""Short runs on the article's first listing, and a place to wait for what a process will do."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.events import Text
from mtl_tui.lab.commands import ArmSpec, RunSpec

DEADLINE = 30.0


def _spec(steps: int = 60, recipe: str = "listing1-corrected", seed: int = 7, **settings: str) -> RunSpec:
    overrides = {"training.steps": str(steps), "training.evaluations": "5"}
    overrides |= {key.replace("__", "."): value for key, value in settings.items()}
    return RunSpec("short", (ArmSpec("A", Text("短", "short"), recipe, overrides),), seed)


@pytest.fixture
def short_run() -> Callable[..., RunSpec]:
    """Makes the spec of a run of one arm: steps, recipe, seed, and settings as `training__optimizer="sgd"`."""
    return _spec


@pytest.fixture
def until() -> Callable[..., object]:
    """Awaits a condition; fails after a deadline."""

    async def wait(condition: Callable[[], bool], seconds: float = DEADLINE) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the condition did not come true in time"
            await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A run folder that does not exist yet."""
    return tmp_path / "runs" / "run"
