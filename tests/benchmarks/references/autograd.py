"""The best plain PyTorch loop: tensors in memory, one embedding table, experts and towers batched, fused Adam."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from references.workload import BOTTOM, EMBEDDING, EXPERTS, FIELDS, LEARNING_RATE, TOWER, VOCABULARY, WIDTH, Rows


class Stacks(nn.Module):
    """G perceptrons in one baddbmm a layer."""

    def __init__(self, count: int, *widths: int, last: bool = False) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        self.weight = nn.ParameterList([torch.randn(count, b, a) / a**0.5 for a, b in pairs])
        self.bias = nn.ParameterList([torch.zeros(count, 1, b) for _, b in pairs])
        self.last = last

    def forward(self, x: Tensor) -> Tensor:
        """[N, in] or [G, N, in] -> [G, N, out]."""
        for layer, (weight, bias) in enumerate(zip(self.weight, self.bias, strict=True), start=1):
            x = torch.baddbmm(bias, x.expand(len(weight), -1, -1), weight.transpose(1, 2))
            if self.last or layer < len(self.weight):
                x = torch.relu(x)
        return x


class SharedBottom(nn.Module):
    """Bottom 64-32, towers 16-1."""

    def __init__(self, tasks: int) -> None:
        super().__init__()
        a, b = BOTTOM
        self.bottom = nn.Sequential(nn.Linear(WIDTH, a), nn.ReLU(), nn.Linear(a, b), nn.ReLU())
        self.tower = Stacks(tasks, b, TOWER, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 72] -> [T, N, 1]."""
        y: Tensor = self.tower(self.bottom(x)[None])
        return y


class Mmoe(nn.Module):
    """Four experts 64-32, a gate and a tower 16-1 a task."""

    def __init__(self, tasks: int) -> None:
        super().__init__()
        self.experts = Stacks(EXPERTS, WIDTH, *BOTTOM, last=True)
        self.gate, self.tower = Stacks(tasks, WIDTH, EXPERTS), Stacks(tasks, BOTTOM[-1], TOWER, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 72] -> [T, N, 1]."""
        y: Tensor = self.tower((weights(self.gate(x)) * self.experts(x)).sum(1))
        return y


def weights(logits: Tensor) -> Tensor:
    """[T, N, E] -> their softmax, [T, E, N, 1]: along the last axis it takes seven times as long, and the mixture as a
    product of small matrices a row four times as long, as a product and a sum."""
    return logits.transpose(1, 2).softmax(1).unsqueeze(3)


class Ple(nn.Module):
    """Two levels of two own experts a task and two shared ones, each 64-32; towers 16-1.

    Tang et al., RecSys 2020, section 4.2: the first level has a gate a task and a shared gate over all experts.
    """

    OWN, SHARED, WIDE = 2, 2, BOTTOM

    def __init__(self, tasks: int) -> None:
        super().__init__()
        own, shared, wide = self.OWN, self.SHARED, self.WIDE
        self.tasks = tasks
        self.own_1, self.shared_1 = (
            Stacks(tasks * own, WIDTH, *wide, last=True),
            Stacks(shared, WIDTH, *wide, last=True),
        )
        self.gate_1, self.all_1 = Stacks(tasks, WIDTH, own + shared), Stacks(1, WIDTH, tasks * own + shared)
        self.own_2 = Stacks(tasks * own, wide[-1], *wide, last=True)
        self.shared_2 = Stacks(shared, wide[-1], *wide, last=True)
        self.gate_2 = Stacks(tasks, wide[-1], own + shared)
        self.tower = Stacks(tasks, wide[-1], TOWER, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 72] -> [T, N, 1]."""
        own, shared = self.own_1(x), self.shared_1(x)
        each = self._mix(self.gate_1(x), own, shared)  # [T, N, H]
        common = (weights(self.all_1(x)) * torch.cat([own, shared])).sum(1)
        own_2 = self.own_2(each.repeat_interleave(self.OWN, 0))
        y: Tensor = self.tower(self._mix(self.gate_2(each), own_2, self.shared_2(common)))
        return y

    def _mix(self, logits: Tensor, own: Tensor, shared: Tensor) -> Tensor:
        of_own, of_shared = weights(logits).split([self.OWN, self.SHARED], 1)  # [T, ., N, 1]
        return (of_own * own.unflatten(0, (self.tasks, self.OWN))).sum(1) + (of_shared * shared).sum(1)


class Loop:
    """Trains a network on the workload; `step` takes row numbers [B]."""

    def __init__(self, network: nn.Module, rows: Rows) -> None:
        self.rows, self.network = rows, network
        self.table = nn.Parameter(torch.randn(FIELDS * VOCABULARY, EMBEDDING) / EMBEDDING**0.5)
        self.optimizer = torch.optim.Adam([self.table, *network.parameters()], lr=LEARNING_RATE, fused=True)
        self.losses: list[Tensor] = []

    def loss(self, at: Tensor) -> Tensor:
        """Mean loss of each task, [T]."""
        vectors = functional.embedding(self.rows.ids.index_select(0, at), self.table).flatten(1)
        outputs = self.network(torch.cat([vectors, self.rows.numbers.index_select(0, at)], dim=1)).squeeze(2)
        labels = self.rows.labels.index_select(0, at).T
        return functional.binary_cross_entropy_with_logits(outputs, labels, reduction="none").mean(1)

    def step(self, at: Tensor) -> None:
        """One step; the losses are kept, as for a live chart."""
        losses = self.loss(at)
        self.optimizer.zero_grad()
        losses.sum().backward()
        self.optimizer.step()
        self.losses.append(losses.detach())
