"""One-gate mixture of experts."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class Omoe(Network):
    """y_k = h_k(sum_i g(x)_i f_i(x)), g(x) = softmax(W_g x): all tasks read the same mixture of the experts.

    Ma et al., KDD 2018, equation 5 in the place of the shared bottom; the baseline called OMoE there.
    """

    def __init__(self, config: catalogue.Omoe, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.experts = Mlps(config.experts, (self.inputs.width, *config.expert), config.activation, last=True)
        self.gate = Mlps(1, (self.inputs.width, config.experts), config.activation)
        self.softmax, self.mix = Softmax(), Mix()
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, E]; the one gate stands in every row of T."""
        g: Tensor = self.softmax(self.gate(self.inputs(*columns)))
        return g.expand(-1, len(self.binary), -1, -1)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        f = self.experts(x)  # [S, E, N, H]
        g = self.softmax(self.gate(x))  # [S, 1, N, E]
        mixed = self.mix(g, f)  # [S, 1, N, H]
        y: Tensor = self.tower(mixed)
        return y
