"""The whole state of a run in one safetensors file, from which it goes on exactly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from models.recipes import dumps
from models.training.run import Run

FILE = "checkpoint.safetensors"


class CheckpointError(Exception):
    """A checkpoint that is missing, broken, or of another run; the message is one sentence for the person."""


def save(run: Run, folder: Path, offset: int) -> None:
    """Write `checkpoint.safetensors` in one step, with the recipes; `offset` is the size of the events file by then.

    Raises OSError.
    """
    recipes = {f"recipe-{key}": dumps(recipe) for key, _, _, recipe in run.arms}
    _write(folder / FILE, run.state(), {"seed": str(run.hello.seed), "offset": str(offset), **recipes})


def save_best(run: Run, folder: Path) -> None:
    """Write `best-ARM-TASK.safetensors`, the parameters at each task's lowest held-out loss. Raises OSError."""
    recipes = {key: dumps(recipe) for key, _, _, recipe in run.arms}
    for name, state in run.best().items():
        _write(folder / f"best-{name}.safetensors", state, {"recipe": recipes[name.partition("-")[0]]})


def load(run: Run, folder: Path) -> int:
    """Put a run, just made, into the state that was saved; returns `offset`. Raises CheckpointError."""
    path = folder / FILE
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{path} is missing: this run was not saved, so it cannot go on; train it anew."
        ) from error
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} is broken ({error}); train the run anew.") from error
    for key, _, _, recipe in run.arms:
        if about.get(f"recipe-{key}") != dumps(recipe):
            raise CheckpointError(f"{path} is of another recipe than arm {key} of this run; train the run anew.")
    run.load(state)
    return int(about["offset"])


def _write(path: Path, state: Mapping[str, Tensor], about: dict[str, str]) -> None:
    part = path.with_suffix(".part")
    try:
        save_file({name: torch.clone(value).contiguous() for name, value in state.items()}, part, about)
    except SafetensorError as error:
        raise OSError(str(error)) from error
    part.replace(path)
