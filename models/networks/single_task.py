"""One network per task."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from models.blocks.inputs import Inputs, InputShape
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class SingleTask(Network):
    """y_k = h_k(f_k(x)): T networks side by side; no task's gradient reaches another task's layers.

    `bottom` and `tower` are cut as in the shared bottom, so that both start from the same numbers: the first task's
    layers here are the shared layers there. Ids are embedded in one table, or in one per task.
    """

    def __init__(self, config: catalogue.SingleTask, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if config.tables == "own":
            self.inputs = Inputs(shape, tables=len(tasks))
        layers = (self.inputs.width, *config.hidden)
        self.bottom = Mlps(len(tasks), layers, config.activation, last=True)
        self.tower = Mlps(len(tasks), (layers[-1], 1), config.activation)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1 or T, N, D]
        hidden = self.bottom(x)  # [S, T, N, H]
        y: Tensor = self.tower(hidden)
        return y
