"""One-gate mixture of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class Omoe(Network):
    """y_k = h_k(sum_i g(x)_i f_i(x)), g(x) = softmax(W_g x): all tasks read the same mixture of the experts.

    Ma et al., KDD 2018, equation 5 in the place of the shared bottom; the baseline called OMoE there.
    """

    def __init__(self, config: catalogue.Omoe, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        inputs = sum(widths.values())
        self.experts = Mlps(config.experts, (inputs, *config.expert), config.activation, last=True)
        self.gate = Mlps(1, (inputs, config.experts), config.activation)
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def trunk(self) -> list[nn.Parameter]:
        """Experts and gate."""
        return [*self.experts.parameters(), *self.gate.parameters()]

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """[N, D] -> [T, N, E]; the one gate stands in every row of T."""
        logits: Tensor = self.gate(columns[0])
        return logits.softmax(dim=-1).expand(len(self.binary), -1, -1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> [N, T]."""
        f = self.experts(x)  # [E, N, H]
        g = self.gates(x)[0]  # [N, E]
        mixed = torch.einsum("ne,enh->nh", g, f)  # [N, H]
        y: Tensor = self.tower(mixed)  # [T, N, 1]
        return y.squeeze(2).T
