"""Cross-stitch network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.mlps import Mlps
from models.blocks.stitch import Stitch
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class CrossStitch(Network):
    """One network per task; after every hidden layer each task goes on with a learned mixture of all tasks' layers.

    Ishan Misra, Abhinav Shrivastava, Abhinav Gupta, Martial Hebert, Cross-stitch Networks for Multi-task Learning, CVPR
    2016, with one unit a layer: x'_k = sum_j a_kj x_j. The mixture does not depend on the row. At first a task takes
    `own` of its own layer and the others share the rest.
    """

    stitches: Sequence[Stitch]

    def __init__(self, config: catalogue.CrossStitch, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.own, count = config.own, len(tasks)
        sizes = list(pairwise((self.inputs.width, *config.hidden)))
        self.layers = nn.ModuleList([Mlps(count, size, config.activation, last=True) for size in sizes])
        self.stitches = nn.ModuleList([Stitch(count) for _ in sizes])  # type: ignore[assignment]
        self.tower = Mlps(count, (config.hidden[-1], 1), config.activation)

    def initialise(self, seed: int) -> None:
        """As every network; the mixtures as told."""
        super().initialise(seed)
        others = len(self.binary) - 1
        with torch.no_grad():
            for stitch in self.stitches:
                stitch.weight.fill_((1 - self.own) / max(others, 1)).fill_diagonal_(self.own if others else 1.0)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        for layer, stitch in zip(self.layers, self.stitches, strict=True):
            x = stitch(layer(x))  # [S, T, N, H]
        y: Tensor = self.tower(x)
        return y
