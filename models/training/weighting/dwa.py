"""DWA, dynamic weight average."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting import Weighting


class Dwa(Weighting):
    """T softmax(r / temperature), where r is a task's mean loss over the last `period` steps by that over the period
    before: the slower a loss falls, the larger its weight. All weights are 1 until two periods are over.

    Liu, Johns, Davison, End-to-End Multi-Task Learning with Attention, CVPR 2019, section 4.1.3, equation 7; there a
    period is an epoch. Where a period says nothing of a task, its mean is the one before; r is 1 if there is none.
    """

    def __init__(
        self, config: catalogue.Dwa, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._temperature, self._period = config.temperature, config.period
        self._weights = self.buffer("weights", torch.ones(self.shape))
        self._mean = self.buffer("mean", torch.zeros(self.shape))
        self._total = self.buffer("total", torch.zeros(self.shape))
        self._counts = self.buffer("counts", torch.zeros(self.shape))
        self._steps = self.buffer("steps", torch.zeros((), dtype=torch.int64))

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """Those of the last two finished periods, [S, T]; they sum to T."""
        weights = self._weights.clone()
        self._total += losses
        self._counts += losses > 0
        self._steps += 1
        if int(self._steps) % self._period == 0:
            self._close()
        return weights

    def _close(self) -> None:
        mean = torch.where(self._counts > 0, self._total / self._counts, self._mean)
        ratio = torch.where(self._mean > 0, mean / self._mean, 1.0)
        self._weights.copy_(self.shape[1] * (ratio / self._temperature).softmax(1))
        self._mean.copy_(mean)
        self._total.zero_()
        self._counts.zero_()
