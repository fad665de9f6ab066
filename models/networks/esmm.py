"""Entire space multi-task model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class Esmm(Network):
    """pCTCVR = pCTR x pCVR: the conversion tower has no loss of its own and learns through the product.

    Xiao Ma et al., Entire Space Multi-Task Model, SIGIR 2018, equations 2 and 3. Both losses are over all impressions;
    the conversion of an unclicked one is not needed, since click & conversion is 0 there. Predicts click and
    conversion if clicked. Raises RecipeError unless there are two binary tasks.
    """

    def __init__(self, config: catalogue.Esmm, widths: Mapping[str, int], tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        if len(tasks) != 2 or not self.all_binary:
            raise RecipeError("Network esmm needs two binary tasks, a click and what follows it; choose impressions.")
        layers = (sum(widths.values()), *config.hidden)
        self.bottom = Mlps(1, layers, config.activation, last=True)
        self.tower = Mlps(2, (layers[-1], *config.tower, 1), config.activation)

    def trunk(self) -> list[nn.Parameter]:
        """The bottom."""
        return list(self.bottom.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """[N, D] -> logits of click and of conversion if clicked, [N, 2]."""
        y: Tensor = self.tower(self.bottom(x))  # [2, N, 1]
        return y.squeeze(2).T

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """Cross-entropy of click, and of click & conversion, over all rows, [2]."""
        probabilities = torch.sigmoid(outputs)
        click = functional.binary_cross_entropy_with_logits(outputs[:, 0], labels[:, 0])
        both = functional.binary_cross_entropy(probabilities.prod(1), labels.prod(1))
        return torch.stack([click, both])
