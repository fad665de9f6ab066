"""Which rows are held out."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.seeding import generator
from models.tasks import DataError


def split(path: Path, rows: int, held_out: float, seed: int, times: Tensor | None) -> tuple[Tensor, Tensor]:
    """Training and held-out rows of a file: a random share, or the last by `times` [rows].

    Raises DataError if there are too few rows for both.
    """
    last = round(held_out * rows)
    if not 0 < last < rows:
        raise DataError(
            f"{path} has {rows} rows: a share of {held_out:g} held out leaves nothing to train on or nothing to test; "
            "add rows, or change tasks.held_out."
        )
    if times is None:
        order = torch.randperm(rows, generator=generator(seed, "split"))
    else:
        order = torch.argsort(times, stable=True)
    return order[: rows - last], order[rows - last :]
