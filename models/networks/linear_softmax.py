"""A linear classifier with one logit per class, and the fault of applying softmax twice."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network, labelled_mean
from models.seeding import generator


class LinearSoftmax(Network):
    """Two logits per binary task, class 0 and class 1, and cross-entropy on them.

    With `twice` the probabilities are given to the cross-entropy as if they were logits, so softmax is applied a second
    time. They are at most 1 apart, and the loss lies between log(1 + 1/e) = 0.3133 and log(1 + e) = 1.3133.
    """

    def __init__(self, config: catalogue.LinearSoftmax, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.twice, self.start = config.twice, config.bias
        self.linear = Mlps(len(tasks), (self.inputs.width, 2), "relu")

    def initialise(self, seed: int) -> None:
        """Weights N(0, 0.05^2); biases `start` for class 0 and its negative for class 1."""
        nn.init.normal_(self.linear.weight[0], std=0.05, generator=generator(seed, "weight"))
        with torch.no_grad():
            self.linear.bias[0].copy_(torch.tensor([self.start, -self.start]))

    def forward(self, *columns: Tensor) -> Tensor:
        """-> logits [S, T, N, 2]."""
        y: Tensor = self.linear(self.inputs(*columns))
        return y

    def predict(self, outputs: Tensor) -> Tensor:
        """Probability of class 1, [S, T, N]."""
        return outputs.softmax(dim=3)[..., 1]

    def losses(self, outputs: Tensor, labels: Tensor, mask: Tensor | None) -> Tensor:
        """Mean cross-entropy of each task, [S, T]."""
        logits = outputs.softmax(dim=3) if self.twice else outputs
        of_class = logits.log_softmax(dim=3)  # [S, T, N, 2]
        return labelled_mean(-torch.where(labels > 0.5, of_class[..., 1], of_class[..., 0]), mask)
