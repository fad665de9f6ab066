"""Multi-gate mixture of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

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

    def __init__(self, config: catalogue.Mmoe, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        inputs = sum(widths.values())
        self.routing, self.initial = config.routing, config.initial
        self.experts = Mlps(config.experts, (inputs, *config.expert), config.activation, last=True)
        self.gate = Mlps(len(tasks), (inputs, config.experts), config.activation)
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

    def trunk(self) -> list[nn.Parameter]:
        """The experts."""
        return list(self.experts.parameters())

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """[N, D] -> [T, N, E]; sums to 1 over the experts: the softmax, or 1 for the expert that gets the row."""
        logits: Tensor = self.gate(columns[0])
        return self._chosen(logits) if self.routing == "top-1" else logits.softmax(dim=-1)

    def _chosen(self, logits: Tensor) -> Tensor:
        return functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits)

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> [N, T]."""
        f = self.experts(x)  # [E, N, H]
        logits = self.gate(x)  # [T, N, E]
        g = logits.softmax(dim=-1)
        if self.routing == "top-1":
            g = g * self._chosen(logits)
        mixed = torch.einsum("tne,enh->tnh", g, f)  # [T, N, H]
        y: Tensor = self.tower(mixed)  # [T, N, 1]
        return y.squeeze(2).T
