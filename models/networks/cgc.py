"""Customized gate control."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class Level(nn.Module):
    """M experts of each task's own, E for all, and a gate per task over its own experts and the shared ones."""

    def __init__(self, tasks: int, config: catalogue.Cgc | catalogue.Ple, width: int) -> None:
        super().__init__()
        layers, activation = (width, *config.expert), config.activation
        self.own = Mlps(tasks * config.own, layers, activation, last=True)
        self.shared = Mlps(config.shared, layers, activation, last=True)
        self.gate = Mlps(tasks, (width, config.own + config.shared), activation)
        self.softmax, self.mix = Softmax(), Mix()

    def experts(self, tasks: Tensor, common: Tensor) -> tuple[Tensor, Tensor]:
        """What the tasks read, [S, T or 1, N, d], and what the shared experts do, [S, 1, N, d] -> own experts
        [S, T * M, N, H] and shared ones [S, E, N, H]."""
        return self.own(tasks), self.shared(common)

    def fuse(self, tasks: Tensor, own: Tensor, shared: Tensor) -> Tensor:
        """What each task's gate makes of the experts that it sees, [S, T, N, H]."""
        mixed: Tensor = self.mix(self.softmax(self.gate(tasks)), shared, own)
        return mixed

    def gates(self, tasks: Tensor) -> Tensor:
        """[S, T or 1, N, d] -> weights of all tasks' own experts, then of the shared ones, [S, T, N, T * M + E]; 0 for
        those that a task's gate does not see."""
        weights = self.softmax(self.gate(tasks))
        s, t, n, seen = weights.shape
        each = seen - self.shared.count
        own = weights.new_zeros(s, t, n, t * each)
        for task in range(t):
            own[:, task, :, task * each : (task + 1) * each] = weights[:, task, :, :each]
        return torch.cat([own, weights[..., each:]], dim=3)


class Cgc(Network):
    """y_k = t_k(g_k(x)), g_k(x) = w_k(x) S_k(x), w_k(x) = softmax(W_k x): a task's gate sees its own experts and the
    shared ones, S_k, and never those of another task.

    Tang, Liu, Zhao, Gong, Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for
    Personalized Recommendations, RecSys 2020, section 4.1, equations 2-5. Gates have a bias here, 0 at first.
    """

    def __init__(self, config: catalogue.Cgc, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.level = Level(len(tasks), config, self.inputs.width)
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the shared experts."""
        return list(self.level.shared.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, T * M + E]: own experts of all tasks, then the shared ones."""
        return self.level.gates(self.inputs(*columns))

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        own, shared = self.level.experts(x, x)  # [S, T * M, N, H], [S, E, N, H]
        y: Tensor = self.tower(self.level.fuse(x, own, shared))
        return y
