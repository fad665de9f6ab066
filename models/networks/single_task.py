"""One network per task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class SingleTask(Network):
    """y_k = h_k(f_k(x)): T networks side by side; no task's gradient reaches another task's parameters.

    `bottom` and `tower` are cut as in the shared bottom, so that both start from the same numbers: the first task's
    layers here are the shared layers there.
    """

    def __init__(self, config: catalogue.SingleTask, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        layers = (sum(widths.values()), *config.hidden)
        self.bottom = Mlps(len(tasks), layers, config.activation, last=True)
        self.tower = Mlps(len(tasks), (layers[-1], 1), config.activation)

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> [N, T]."""
        hidden = self.bottom(x)  # [T, N, H]
        y: Tensor = self.tower(hidden)  # [T, N, 1]
        return y.squeeze(2).T
