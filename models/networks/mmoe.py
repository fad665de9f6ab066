"""Multi-gate mixture of experts."""

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


class Mmoe(Network):
    """y_k = h_k(f^k(x)), f^k(x) = sum_i g^k(x)_i f_i(x), g^k(x) = softmax(W_gk x): a gate for each task.

    Jiaqi Ma, Zhe Zhao, Xinyang Yi, Jilin Chen, Lichan Hong, Ed H. Chi, Modeling Task Relationships in Multi-task
    Learning with Multi-gate Mixture-of-Experts, KDD 2018, section 4, equations 6-8. Gates have a bias here, 0 at first.

    Under `top-1` routing a row goes to the expert that its gate prefers and to no other, times the gate's probability
    (William Fedus, Barret Zoph, Noam Shazeer, Switch Transformers, JMLR 23, 2022, section 2.1).
    """

    def __init__(self, config: catalogue.Mmoe, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.initial = config.initial
        self.experts = Mlps(config.experts, (self.inputs.width, *config.expert), config.activation, last=True)
        self.gate = Mlps(len(tasks), (self.inputs.width, config.experts), config.activation)
        self.softmax, self.mix = Softmax(top_1=config.routing == "top-1"), Mix()
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def initialise(self, seed: int) -> None:
        """As every network; `equal` then makes all experts one, and `idle` gives the last one a gate bias of -10."""
        super().initialise(seed)
        with torch.no_grad():
            if self.initial == "equal":
                for weight in self.experts.weight:
                    weight.fill_(0.1)
                self.gate.weight[0].zero_()
            elif self.initial == "idle":
                self.gate.weight[0].mul_(0.3)
                self.gate.bias[0][:, -1] = -10

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, E]; the softmax, or 1 for the expert that gets the row, so it sums to 1 over the experts."""
        g: Tensor = self.softmax(self.gate(self.inputs(*columns)))
        return (g > 0).to(g) if self.softmax.top_1 else g

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        f = self.experts(x)  # [S, E, N, H]
        g = self.softmax(self.gate(x))  # [S, T, N, E]
        mixed = self.mix(g, f)  # [S, T, N, H]
        y: Tensor = self.tower(mixed)
        return y
