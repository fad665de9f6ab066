"""Categories as ids: those of the training rows, one for what is missing, one for what is new."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.tasks.cells import category

LARGEST = 50_000
"""Ids of one column; a larger vocabulary is hashed to this many."""
UNSEEN, MISSING = 0, 1


@dataclass
class Codes:
    """Cells as whole numbers: each word gets one when it first comes. An empty cell is the word None."""

    known: dict[str | None, int] = field(default_factory=dict)

    def __call__(self, cell: Any) -> int:
        return self.known.setdefault(category(cell), len(self.known))


def ids(codes: np.ndarray[Any, Any], words: Sequence[str | None], train: Tensor) -> tuple[Tensor, int, bool]:
    """Codes [N], places in `words`, and the training rows -> ids [N], how many ids there may be, whether hashed.

    Id 0 is a word that no training row has, id 1 a missing one (None). If there are more than 50,000 words, the others
    are numbered by the CRC-32 of the word.
    """
    seen = np.zeros(len(words), dtype=bool)
    seen[codes[train.numpy()]] = True
    hashed = len(words) > LARGEST
    if hashed:
        size = LARGEST
        places = np.array([2 + zlib.crc32((word or "").encode()) % (LARGEST - 2) for word in words])
    else:
        missing = np.array([word is None for word in words])
        present = seen & ~missing
        size = 2 + int(present.sum())
        places = 1 + np.cumsum(present)
    places[~seen] = UNSEEN
    if None in words:
        places[list(words).index(None)] = MISSING
    return torch.from_numpy(places[codes]).long(), size, hashed
