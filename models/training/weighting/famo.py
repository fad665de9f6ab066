"""FAMO, fast adaptive multitask optimisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting.learned import Learned

SMALLEST = 1e-8
TINY = torch.finfo(torch.float32).tiny


class Famo(Learned):
    """sum_t z_t log L_t is followed, z = softmax(logits), scaled so that the weights of the losses sum to 1. After the
    parameters moved, the logits fall where log L fell most, so that all log losses come to fall at one rate.

    Liu, Feng, Stone, Liu, FAMO, NeurIPS 2023, sections 3.2 and 3.3, equations 10-12, algorithm 1; the logits move by
    Adam, as in the pseudocode of appendix C. Losses below 1e-8 count as 1e-8.
    """

    after: ClassVar[bool] = True

    def __init__(
        self, config: catalogue.Famo, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(
            config, replicas, binary, sources, start=0.0, learning_rate=config.learning_rate, decay=config.decay
        )
        self._before = torch.zeros(self.shape)

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """c z / L, [S, T], where c makes them sum to 1."""
        floored = losses.clamp(min=SMALLEST)
        self._before = floored.log()
        parts = self.numbers.softmax(1) / floored * (losses > 0)
        return parts / parts.sum(1, keepdim=True).clamp_(min=TINY)

    def after_step(self, losses: Tensor) -> None:
        """Move the logits by the change of log L that this step made."""
        z = self.numbers.softmax(1)
        fall = self._before - losses.clamp(min=SMALLEST).log()
        self.descend(z * (fall - (z * fall).sum(1, keepdim=True)), losses)
