"""Shared bottom."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.blocks.inputs import InputShape
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class SharedBottom(Network):
    """y_k = h_k(f(x)): one trunk f for all tasks, a tower h_k for each.

    Rich Caruana, Multitask Learning, Machine Learning 28, 1997; written as here in Ma et al., KDD 2018, equation 1.
    """

    def __init__(self, config: catalogue.SharedBottom, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.initial = config.initial
        layers = (self.inputs.width, *config.hidden)
        self.bottom = Mlps(1, layers, config.activation, last=True)
        self.tower = Mlps(len(tasks), (layers[-1], *config.tower, 1), config.activation)

    def initialise(self, seed: int) -> None:
        """As every network; `dead` then gives the units of the first layer a bias of -10."""
        super().initialise(seed)
        if self.initial == "dead":
            with torch.no_grad():
                self.bottom.bias[0].fill_(-10)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        shared = self.bottom(x)  # [S, 1, N, H]
        y: Tensor = self.tower(shared)
        return y
