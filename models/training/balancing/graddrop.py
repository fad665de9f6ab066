"""GradDrop: where tasks disagree about the sign of a gradient entry, one sign is drawn and the other is dropped."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting import Combiner


class GradDrop(Combiner):
    """The update is the sum of what passes.

    Chen et al., Just Pick a Sign, NeurIPS 2020, algorithm 1, on the gradients of the shared parameters: of each entry
    the positive parts pass with probability P = (1 + sum_t g_t / sum_t |g_t|) / 2, the sign purity, and the negative
    ones otherwise. Of what is dropped a share `leak` passes all the same; here it is one for all tasks. Expected, an
    entry is P times its positive parts plus 1 - P times its negative ones.
    """

    def __init__(
        self, config: catalogue.GradDrop, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._leak = config.leak

    def combine(self, jacobian: Tensor) -> Tensor:
        """[S, T, P] -> [S, P]."""
        positive, negative = jacobian.clamp(min=0).sum(1), jacobian.clamp(max=0).sum(1)
        drawn = torch.stack([torch.rand(jacobian.shape[2], generator=source) for source in self.sources])
        passes = torch.where(drawn * (positive - negative) < positive, positive, negative)  # P = positive / sum |g|
        return passes + self._leak * (positive + negative - passes)
