"""IMTL-L, impartial learning of the losses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting.learned import Learned


class ImtlL(Learned):
    """Each task adds e^s L - s, with s learned from 0 on, so that all scaled losses e^s L approach 1.

    Liu et al., Towards Impartial Multi-task Learning, ICLR 2021, section 3.2, equation 6.
    """

    def __init__(
        self, config: catalogue.ImtlL, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources, start=0.0, learning_rate=config.learning_rate)

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """e^s, [S, T]."""
        weights = self.numbers.exp()
        self.descend(weights * losses - 1, losses)
        return weights
