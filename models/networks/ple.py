"""Progressive layered extraction."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.networks.cgc import Level


class Ple(Network):
    """Levels of experts as in CGC, each reading what the gates of the level below made.

    Tang, Liu, Zhao, Gong, RecSys 2020, section 4.2, equations 6 and 7. Below the last level a shared gate over all
    experts, those of the tasks too, makes what the next level's shared experts read: K + 1 gates, and K on the last
    level. On every level but the last, the experts of one task are therefore moved by the other tasks as well.
    """

    levels: Sequence[Level]

    def __init__(self, config: catalogue.Ple, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        count, below = len(tasks), config.levels - 1
        widths = [self.inputs.width] + [config.expert[-1]] * below
        self.levels = nn.ModuleList([Level(count, config, width) for width in widths])  # type: ignore[assignment]
        self.common = nn.ModuleList(
            [Mlps(1, (width, count * config.own + config.shared), config.activation) for width in widths[:-1]]
        )
        self.softmax, self.mix = Softmax(), Mix()
        self.tower = Mlps(count, (config.expert[-1], *config.tower, 1), config.activation)

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the last level's shared experts."""
        return list(self.levels[-1].shared.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, T * M + E], those of the last level: own experts of all tasks, then the shared ones."""
        tasks, _ = self._below(*columns)
        return self.levels[-1].gates(tasks)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        tasks, common = self._below(*columns)
        own, shared = self.levels[-1].experts(tasks, common)
        y: Tensor = self.tower(self.levels[-1].fuse(tasks, own, shared))
        return y

    def _below(self, *columns: Tensor) -> tuple[Tensor, Tensor]:
        """What the last level reads: for the tasks [S, T, N, H], or [S, 1, N, D] of an only level, and for all."""
        tasks = common = self.inputs(*columns)  # [S, 1, N, D]
        for level, gate in zip(self.levels, self.common, strict=False):
            own, shared = level.experts(tasks, common)  # [S, T * M, N, H], [S, E, N, H]
            tasks = level.fuse(tasks, own, shared)  # [S, T, N, H]
            common = self.mix(self.softmax(gate(common)), shared, own)  # [S, 1, N, H]
        return tasks, common
