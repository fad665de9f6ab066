"""Uncertainty weighting."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue import weighting as catalogue
from models.training.weighting.learned import Learned


class Uncertainty(Learned):
    """The noise sigma of each task is learned: L / (2 sigma^2) + log sigma for a regression, L / sigma^2 + log sigma
    for a binary task.

    Kendall, Gal, Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses, CVPR 2018, equations 5-10. What is
    stored is s = log sigma^2, at first 0 or, with `start = "first-loss"`, where the objective is smallest for the first
    loss L > 0 of the task: sigma^2 = L for a regression, 2 L for a binary task.
    """

    def __init__(
        self, config: catalogue.Uncertainty, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]
    ) -> None:
        super().__init__(config, replicas, binary, sources, start=0.0, learning_rate=config.learning_rate)
        self._factor = torch.where(binary, 1.0, 0.5)
        self._fitted = self.buffer("fitted", torch.full(self.shape, config.start == "one"))

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """1 / (2 sigma^2) or 1 / sigma^2, [S, T]."""
        if not self._fitted.all():
            new = ~self._fitted & (losses > 0)
            self.numbers.copy_(torch.where(new, (2 * self._factor * losses).log(), self.numbers))
            self._fitted |= new
        weights = self._weights()
        self.descend(0.5 - weights * losses, losses)
        return weights

    def metrics(self) -> dict[str, Tensor]:
        """`sigma` of each task, and the `weight` that follows from it, [S, T]."""
        return {"sigma": (self.numbers / 2).exp(), "weight": self._weights()}

    def _weights(self) -> Tensor:
        return self._factor * (-self.numbers).exp()
