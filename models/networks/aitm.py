"""Adaptive information transfer between the steps of a conversion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.mlps import Mlps
from models.blocks.stack import Stack
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class _Transfer(Local):
    """z = sum_u w_u h3(u) over two vectors u, the tower's own and what came from the step before, each [S, 1, N, d];
    w = softmax(<h1(u), h2(u)> / sqrt(d)). h1, h2 and h3 are linear."""

    batched = True

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.empty(1, width, width))
        self.key = nn.Parameter(torch.empty(1, width, width))
        self.value = nn.Parameter(torch.empty(1, width, width))

    def weights(self, both: Tensor) -> Tensor:
        """[S, 2, N, d] -> [S, 2, N]."""
        query, key = (torch.matmul(both, part.unsqueeze(1).transpose(2, 3)) for part in (self.query, self.key))
        return ((query * key).sum(3) / math.sqrt(both.shape[3])).softmax(1)

    def compute(self, *inputs: Tensor) -> Tensor:
        both = torch.cat(inputs, dim=1)  # [S, 2, N, d]
        value = torch.matmul(both, self.value.unsqueeze(1).transpose(2, 3))
        return (self.weights(both).unsqueeze(3) * value).sum(1, keepdim=True)


class Aitm(Network):
    """A tower for each step of a chain, such as click and conversion; from the second on it attends to itself and to
    what the step before passes on. Every output is the probability of getting that far, over all rows.

    Dongbo Xi et al., Modeling the Sequential Dependence among Audience Multi-step Conversions with Multi-task Learning
    in Targeted Display Advertising, KDD 2021; attention and loss as in the authors' code, without dropout. The loss of
    a step is its cross-entropy plus `alpha` times the mean of max(0, p - p of the step before), the behavioural
    expectation calibrator.

    Labels say whether a step was taken after the one before it: their running product is what is learned, and the
    ratio of neighbouring probabilities, at most 1, is what is predicted. Raises RecipeError unless there are at least
    two tasks, all binary.
    """

    coupled = True
    transfer: Sequence[_Transfer]

    def __init__(self, config: catalogue.Aitm, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if len(tasks) < 2 or not self.all_binary:
            raise RecipeError("Network aitm needs binary tasks that follow on one another; choose impressions.")
        self.alpha = config.alpha
        layers, width = (self.inputs.width, *config.hidden), config.hidden[-1]
        first, later = range(len(tasks)), range(1, len(tasks))
        self.towers = nn.ModuleList([Mlps(1, layers, config.activation, last=True) for _ in first])
        self.passes = nn.ModuleList([Mlps(1, (width, width), config.activation, last=True) for _ in later])
        self.transfer = nn.ModuleList([_Transfer(width) for _ in later])  # type: ignore[assignment]
        self.heads = nn.ModuleList([Mlps(1, (width, 1), config.activation) for _ in first])
        self.stack = Stack()

    def forward(self, *columns: Tensor) -> Tensor:
        """-> logits of getting as far as each step, [S, T, N, 1]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        z = [self.towers[0](x)]  # [S, 1, N, H] each
        for tower, passed, transfer in zip(self.towers[1:], self.passes, self.transfer, strict=True):
            z.append(transfer(tower(x), passed(z[-1])))
        y: Tensor = self.stack(*(head(each) for head, each in zip(self.heads, z, strict=True)))
        return y

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 2]: how much of a step is its own tower, and how much came from the step before."""
        x = self.inputs(*columns)
        z = self.towers[0](x)
        weights = [z.new_tensor([1.0, 0.0]).expand(*z.shape[:3], 2)]
        for tower, passed, transfer in zip(self.towers[1:], self.passes, self.transfer, strict=True):
            own, before = tower(x), passed(z)
            weights.append(transfer.weights(torch.cat([own, before], dim=1)).permute(0, 2, 1).unsqueeze(1))
            z = transfer(own, before)
        return torch.cat(weights, dim=1)

    def predict(self, outputs: Tensor) -> Tensor:
        """Probability of each step after the one before, [S, T, N]."""
        log_p = functional.logsigmoid(outputs.squeeze(3))
        before = functional.pad(log_p[:, :-1], (0, 0, 1, 0))
        return (log_p - before).clamp(max=-1e-6).exp()

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """Cross-entropy of getting as far as each step, over all rows, and the calibrator, [S, T]."""
        logits = outputs.squeeze(3)
        entropy = functional.binary_cross_entropy_with_logits(logits, labels.cumprod(1), reduction="none").mean(2)
        p = torch.sigmoid(logits)
        above = (p[:, 1:] - p[:, :-1]).clamp(min=0).mean(2)
        return entropy + self.alpha * functional.pad(above, (1, 0))
