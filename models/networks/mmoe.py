"""Multi-gate mixture of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from models import catalogue
from models.blocks.mlps import Mlps
from models.events import Task
from models.networks import Network


class Mmoe(Network):
    """y_k = h_k(f^k(x)), f^k(x) = sum_i g^k(x)_i f_i(x), g^k(x) = softmax(W_gk x): a gate for each task.

    Jiaqi Ma, Zhe Zhao, Xinyang Yi, Jilin Chen, Lichan Hong, Ed H. Chi, Modeling Task Relationships in Multi-task
    Learning with Multi-gate Mixture-of-Experts, KDD 2018, section 4, equations 6-8. Gates have a bias here, 0 at first.
    """

    def __init__(self, config: catalogue.Mmoe, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        inputs = sum(widths.values())
        self.experts = Mlps(config.experts, (inputs, *config.expert), config.activation, last=True)
        self.gate = Mlps(len(tasks), (inputs, config.experts), config.activation)
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def gates(self, *columns: Tensor) -> Tensor:
        """[N, D] -> [T, N, E]; sums to 1 over the experts."""
        logits: Tensor = self.gate(columns[0])
        return logits.softmax(dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> [N, T]."""
        f = self.experts(x)  # [E, N, H]
        g = self.gates(x)  # [T, N, E]
        mixed = torch.einsum("tne,enh->tnh", g, f)  # [T, N, H]
        y: Tensor = self.tower(mixed)  # [T, N, 1]
        return y.squeeze(2).T
