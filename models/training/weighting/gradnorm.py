"""GradNorm, gradient normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting.learned import Learned

TINY = torch.finfo(torch.float32).tiny


class GradNorm(Learned):
    """Weights w are learned so that G_i, the norm of w_i times a task's gradient by the last shared layer, approaches
    the target mean(G) r_i^alpha. r_i = L~_i / mean(L~), where L~ = L / L(0): a task that lags gets more gradient.

    Chen et al., GradNorm, ICML 2018, section 3.2, equations 1 and 2, algorithm 1. The gradient of |G_i - target_i| by
    w_i holds the target constant. After each step, weights below 0 are set to 0, and all are scaled to sum to T.
    """

    needs: ClassVar[Literal["losses", "last-layer", "gramian", "jacobian"]] = "last-layer"

    def __init__(
        self, config: catalogue.GradNorm, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources, start=1.0, learning_rate=config.learning_rate)
        self._alpha = config.alpha
        self._first = self.buffer("first", torch.zeros(self.shape))

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """w, [S, T]; 1 if there is one task."""
        weights = self.numbers.clone()
        if gramian is None:
            return weights
        self._first.copy_(torch.where(self._first > 0, self._first, losses))
        count = (losses > 0).sum(1, keepdim=True).clamp_(min=1)
        lengths = gramian.diagonal(dim1=1, dim2=2).sqrt().to(losses.dtype)
        norms = weights * lengths
        ratio = losses / self._first.clamp(min=TINY)
        rate = ratio * count / ratio.sum(1, keepdim=True).clamp_(min=TINY)
        target = norms.sum(1, keepdim=True) / count * rate**self._alpha
        self.descend((norms - target).sign_() * lengths, losses)
        self.numbers.clamp_(min=0)
        self.numbers.mul_(self.shape[1] / self.numbers.sum(1, keepdim=True))
        return weights
