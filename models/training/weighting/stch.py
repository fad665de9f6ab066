"""STCH, smooth Tchebycheff scalarisation."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting import Weighting


class Stch(Weighting):
    """mu log sum_t exp(w_t L_t / mu), with fixed task weights w and an ideal point of 0, is minimised. As mu falls it
    approaches the largest weighted loss, from above by at most mu log T.

    Lin et al., Smooth Tchebycheff Scalarization for Multi-Objective Optimization, ICML 2024.
    """

    def __init__(
        self, config: catalogue.Stch, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self._mu = config.mu

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """softmax(L / mu), [S, T]; they sum to 1."""
        return self._scaled(losses).softmax(1)

    def _scaled(self, losses: Tensor) -> Tensor:
        return (losses / self._mu).masked_fill_(losses == 0, torch.finfo(losses.dtype).min)
