"""RLW, random loss weighting."""

from __future__ import annotations

import torch
from torch import Tensor

from models.training.weighting import Weighting


class Rlw(Weighting):
    """T softmax(z), with z ~ N(0, 1) drawn anew for every task at every step.

    Lin, Ye, Zhang, Tsang, Reasonable Effectiveness of Random Weighting, TMLR 2022. The weights there sum to 1; here to
    T, so that a task's mean weight is 1, as under equal weights.
    """

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """A new draw, [S, T]."""
        tasks = self.shape[1]
        return tasks * torch.stack([torch.randn(tasks, generator=source) for source in self.sources]).softmax(1)
