"""The model that has learned nothing but how often each label is 1."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class _Bias(Local):
    batched = True

    def __init__(self, tasks: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.empty(tasks))

    def compute(self, *inputs: Tensor) -> Tensor:
        s, _, n, _ = inputs[0].shape
        return self.bias.view(s, -1, 1, 1).expand(-1, -1, n, -1)


class Constant(Network):
    """One number per task, the same for every row: what any metric has to be compared with."""

    def __init__(self, _: catalogue.Constant, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.same = _Bias(len(tasks))

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        y: Tensor = self.same(self.inputs(*columns))
        return y
