"""Random numbers by name: every use of chance in a run has a stream of its own, derived from the run's seed."""

from __future__ import annotations

import zlib

import torch


def generator(seed: int, name: str) -> torch.Generator:
    """The stream `name` of a run. Equal seed and name give equal numbers, whatever else the run draws."""
    return torch.Generator().manual_seed(zlib.crc32(f"{seed}/{name}".encode()))
