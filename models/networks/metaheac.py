"""Hybrid experts and critics."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network


class _Gate(Local):
    """W [v_t; x] + b: one gate for all tasks, told by a vector v_t which one asks. [S, 1, N, D] -> [S, T, N, K]."""

    batched = True

    def __init__(self, tasks: nn.ParameterList, width: int, choices: int) -> None:
        super().__init__()
        self.tasks = tasks
        self.weight = nn.Parameter(torch.empty(1, choices, tasks[0].shape[1] + width))
        self.bias = nn.Parameter(torch.empty(1, choices))

    def compute(self, *inputs: Tensor) -> Tensor:
        x = inputs[0]
        v = torch.stack(list(self.tasks), dim=1)  # [S, T, V]
        of_task, of_row = self.weight[:, :, : v.shape[2]], self.weight[:, :, v.shape[2] :]
        told = torch.bmm(v, of_task.transpose(1, 2)) + self.bias.unsqueeze(1)  # [S, T, K]
        return torch.bmm(x[:, 0], of_row.transpose(1, 2)).unsqueeze(1) + told.unsqueeze(2)


class _Critics(Local):
    """C towers that all tasks share: [S, T, N, H] and the tasks' weights of them, [S, T, N, C] -> [S, T, N, 1]."""

    batched = True

    def __init__(self, count: int, widths: Sequence[int], activation: str) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        self.count, self.activation = count, torch.relu if activation == "relu" else torch.tanh
        self.weight = nn.ParameterList([torch.empty(count, wide, narrow) for narrow, wide in pairs])
        self.bias = nn.ParameterList([torch.empty(count, wide) for _, wide in pairs])

    def compute(self, *inputs: Tensor) -> Tensor:
        mixed, weights = inputs
        s, t, n, width = mixed.shape
        h = mixed.reshape(s, 1, t * n, width).expand(-1, self.count, -1, -1).reshape(s * self.count, t * n, width)
        for layer, (weight, bias) in enumerate(zip(self.weight, self.bias, strict=True)):
            h = torch.baddbmm(bias.unsqueeze(1), h, weight.transpose(1, 2))
            if layer < len(self.weight) - 1:
                h = self.activation(h)
        opinions = h.view(s, self.count, t, n).permute(0, 2, 3, 1)  # [S, T, N, C]
        return (weights * opinions).sum(3, keepdim=True)


class MetaHeac(Network):
    """y_t = sum_c b_tc(x) critic_c(sum_i a_ti(x) f_i(x)): experts and critics are shared by all tasks, and a_t, b_t are
    softmax gates that read the row and a vector of the task.

    The hybrid experts and critics of Yongchun Zhu et al., Learning to Expand Audience via Meta Hybrid Experts and
    Critics for Recommendation and Advertising, KDD 2021, without its meta-learning. Critics give logits here, and their
    sum is what the sigmoid sees; the authors' code weighs the critics' probabilities, and its gates read the mean of
    the embeddings, these all inputs. Nothing but a vector belongs to a task alone.
    """

    def __init__(self, config: catalogue.MetaHeac, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        width = self.inputs.width
        self.tasks = nn.ParameterList([torch.empty(1, config.task) for _ in tasks])
        self.experts = Mlps(config.experts, (width, *config.expert), config.activation, last=True)
        self.gate = _Gate(self.tasks, width, config.experts)
        self.critic_gate = _Gate(self.tasks, width, config.critics)
        self.critics = _Critics(config.critics, (config.expert[-1], *config.critic, 1), config.activation)
        self.softmax, self.mix = Softmax(), Mix()

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, E], those over the experts."""
        weights: Tensor = self.softmax(self.gate(self.inputs(*columns)))
        return weights

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        mixed = self.mix(self.softmax(self.gate(x)), self.experts(x))  # [S, T, N, H]
        y: Tensor = self.critics(mixed, self.softmax(self.critic_gate(x)))
        return y
