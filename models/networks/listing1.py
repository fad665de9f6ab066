"""The article's first listing, as printed and put right. Both are linear; only inputs, outputs and loss differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.seeding import generator


class _Linear(Network):
    """Weights N(0, 0.1^2), [T, width] per input, as in the listing."""

    def initialise(self, seed: int) -> None:
        for name, parameter in self.named_parameters():
            if name == "bias":
                nn.init.zeros_(parameter)
            else:
                nn.init.normal_(parameter, std=0.1, generator=generator(seed, name))


class Printed(_Linear):
    """q = softmax(W items + b) over the two tasks, then a second softmax over the rows of the batch.

    `softmax_cross_entropy_with_logits` takes the rank-1 `predictions[:, k]` for one example with N classes, so the loss
    of task k is -sum_i y_ik log softmax(q_k)_i over the batch: a sum that grows as N log N. `users` is never read.
    """

    needs: ClassVar[tuple[str, ...]] = ("items",)

    def __init__(self, _: catalogue.Listing1Printed, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        self.items = nn.Parameter(torch.empty(len(tasks), widths["items"]))
        self.bias = nn.Parameter(torch.empty(len(tasks)))

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Only the items: [N, 100]."""
        return (inputs["items"],)

    def forward(self, items: Tensor) -> Tensor:
        """[N, 100] -> q, [N, T]; each row sums to 1."""
        return torch.softmax(items @ self.items.T + self.bias, dim=1)

    def predict(self, outputs: Tensor) -> Tensor:
        """q is what the listing prints as predictions."""
        return outputs

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """One number per task for the whole batch, [T]."""
        return -(labels * torch.log_softmax(outputs, dim=0)).sum(0)


class Corrected(_Linear):
    """One logit per task from users and items, sigmoid and cross-entropy per task, averaged over the batch."""

    needs: ClassVar[tuple[str, ...]] = ("users", "items")

    def __init__(self, _: catalogue.Listing1Corrected, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        self.items = nn.Parameter(torch.empty(len(tasks), widths["items"]))
        self.users = nn.Parameter(torch.empty(len(tasks), widths["users"]))
        self.bias = nn.Parameter(torch.empty(len(tasks)))

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Users and items: [N, 100] each."""
        return inputs["users"], inputs["items"]

    def forward(self, users: Tensor, items: Tensor) -> Tensor:
        """[N, 100], [N, 100] -> logits [N, T]."""
        return items @ self.items.T + users @ self.users.T + self.bias
