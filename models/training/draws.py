"""Which rows each step looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from models.seeding import generator

BLOCK = 64
"""Steps drawn at once."""


class Draws:
    """Rows with replacement for several arms: in every step the arms look at the first of one common draw, and each
    seed draws for itself. `batches` and `rows` give each arm's batch and number of rows."""

    def __init__(self, seeds: Sequence[int], batches: Sequence[int], rows: Sequence[int]) -> None:
        self._sources = [generator(seed, "batches") for seed in seeds]
        self._arms = list(zip(batches, rows, strict=True))
        self._size = max(batches)
        self._use(torch.empty(len(seeds), 0, self._size, dtype=torch.float64))

    def step(self) -> list[Tensor]:
        """Row numbers [S, batch] for each arm."""
        if not self._left:
            size = BLOCK * self._size
            drawn = [torch.rand(size, dtype=torch.float64, generator=source) for source in self._sources]
            self._use(torch.stack(drawn).view(len(drawn), BLOCK, self._size))
        self._left -= 1
        at = self._block.shape[1] - 1 - self._left
        return [numbers[at] for numbers in self._numbers]

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        sources = {f"source.{index}": source.get_state() for index, source in enumerate(self._sources)}
        return sources | {"left": self._block[:, self._block.shape[1] - self._left :]}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        for index, source in enumerate(self._sources):
            source.set_state(state[f"source.{index}"].clone())
        self._use(state["left"])

    def _use(self, block: Tensor) -> None:
        self._block, self._left = block, block.shape[1]
        self._numbers = [(block[:, :, :batch] * rows).long().unbind(1) for batch, rows in self._arms]
