"""The article's first listing, as printed and put right. Both are linear; only inputs, outputs and loss differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.seeding import generator


class _Linear(Network):
    """A logit per task from some of the inputs; weights N(0, 0.1^2), drawn per input, as in the listing."""

    def __init__(self, shape: InputShape, tasks: Sequence[Task]) -> None:
        self.widths = {name: shape.widths[name] for name in self.needs}
        super().__init__(InputShape(self.widths, {}), tasks)
        self.linear = Mlps(len(tasks), (self.inputs.width, 1), "relu")

    def initialise(self, seed: int) -> None:
        nn.init.zeros_(self.linear.bias[0])
        with torch.no_grad():
            for name, weight in zip(
                self.widths, self.linear.weight[0].split(list(self.widths.values()), dim=2), strict=True
            ):
                weight.copy_(0.1 * torch.randn(weight.shape, generator=generator(seed, name)))

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        y: Tensor = self.linear(self.inputs(*columns))
        return y


class _OverTasks(Local):
    batched = True

    def compute(self, *inputs: Tensor) -> Tensor:
        return inputs[0].softmax(dim=1)


class Printed(_Linear):
    """q = softmax(W items + b) over the two tasks, then a second softmax over the rows of the batch.

    `softmax_cross_entropy_with_logits` takes the rank-1 `predictions[:, k]` for one example with N classes, so the loss
    of task k is -sum_i y_ik log softmax(q_k)_i over the batch: a sum that grows as N log N. `users` is never read.
    """

    needs: ClassVar[tuple[str, ...]] = ("items",)

    def __init__(self, _: catalogue.Listing1Printed, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.softmax = _OverTasks()

    def forward(self, *columns: Tensor) -> Tensor:
        """-> q, [S, T, N, 1]; sums to 1 over the tasks."""
        y: Tensor = self.softmax(super().forward(*columns))
        return y

    def predict(self, outputs: Tensor) -> Tensor:
        """q is what the listing prints as predictions."""
        return outputs.squeeze(3)

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """One number per task for the whole batch, [S, T]."""
        return -(labels * torch.log_softmax(outputs.squeeze(3), dim=2)).sum(2)


class Corrected(_Linear):
    """One logit per task from users and items, sigmoid and cross-entropy per task, averaged over the batch."""

    needs: ClassVar[tuple[str, ...]] = ("items", "users")

    def __init__(self, _: catalogue.Listing1Corrected, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Items and users, [N, 200]."""
        return (torch.cat([inputs[name] for name in self.needs], dim=1),)
