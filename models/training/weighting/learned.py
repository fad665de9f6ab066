"""Weightings whose numbers are learned beside the network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.catalogue.row import Row
from models.training.optimizer import Optimizer
from models.training.weighting import Weighting


class Learned(Weighting):
    """A weighting with one number a task, [S, T], which Adam moves from `start` at a rate of its own."""

    def __init__(
        self,
        config: Row,
        replicas: int,
        binary: Tensor,
        sources: Sequence[torch.Generator],
        *,
        start: float,
        learning_rate: float,
        decay: float = 0.0,
    ) -> None:
        super().__init__(config, replicas, binary, sources)
        self.numbers = self.buffer("numbers", torch.full(self.shape, start))
        self._learning_rate = learning_rate
        self._gradient = torch.zeros(self.shape)
        self._adam = Optimizer("adam", self.numbers.view(-1), self._gradient.view(-1), decay)
        for name, value in self._adam.state().items():
            self.buffer(name, value)

    def descend(self, gradient: Tensor, losses: Tensor) -> None:
        """One step of Adam against `gradient` [S, T], taken as 0 where the loss is 0."""
        torch.mul(gradient, losses > 0, out=self._gradient)
        self._adam.step(self._learning_rate)
