"""Shared bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class SharedBottom(Network):
    """y_k = h_k(f(x)): one trunk f for all tasks, a tower h_k for each.

    Rich Caruana, Multitask Learning, Machine Learning 28, 1997; written as here in Ma et al., KDD 2018, equation 1.
    """

    def __init__(self, config: catalogue.SharedBottom, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        layers = (sum(widths.values()), *config.hidden)
        self.bottom = Mlps(1, layers, config.activation, last=True)
        self.tower = Mlps(len(tasks), (layers[-1], *config.tower, 1), config.activation)

    def trunk(self) -> list[nn.Parameter]:
        """The bottom."""
        return list(self.bottom.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> [N, T]."""
        shared = self.bottom(x)  # [1, N, H]
        y: Tensor = self.tower(shared)  # [T, N, 1]
        return y.squeeze(2).T
