"""Entire space multi-task model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.inputs import InputShape
from models.blocks.mlps import Mlps
from models.blocks.stack import Stack
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


def log_not(log_p: Tensor) -> Tensor:
    """log(1 - p) from log p, of any shape."""
    return torch.log1p(-log_p.exp().clamp(max=1 - 1e-7))


class Esmm(Network):
    """pCTCVR = pCTR x pCVR: the conversion tower has no loss of its own and learns through the product.

    Xiao Ma et al., Entire Space Multi-Task Model, SIGIR 2018, equations 1 and 3. Both losses are over all impressions;
    the conversion of an unclicked one is not needed, since click & conversion is 0 there. Predicts click and
    conversion if clicked. In the paper the two share only the embeddings: here too, if `hidden` is empty. Raises
    RecipeError unless there are two binary tasks.
    """

    coupled = True

    def __init__(self, config: catalogue.Esmm, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if len(tasks) != 2 or not self.all_binary:
            raise RecipeError("Network esmm needs two binary tasks, a click and what follows it; choose impressions.")
        layers = (self.inputs.width, *config.hidden)
        self.bottom = Mlps(1, layers, config.activation, last=True) if config.hidden else nn.Identity()
        self.click = Mlps(1, (layers[-1], *config.tower, 1), config.activation)
        self.conversion = Mlps(1, (layers[-1], *config.tower, 1), config.activation)
        self.stack = Stack()

    def forward(self, *columns: Tensor) -> Tensor:
        """-> logits of click and of conversion if clicked, [S, 2, N, 1]."""
        shared = self.bottom(self.inputs(*columns))  # [S, 1, N, H]
        y: Tensor = self.stack(self.click(shared), self.conversion(shared))
        return y

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """Cross-entropy of click, and of click & conversion in log space, over all rows, [S, 2]."""
        logits = outputs.squeeze(3)
        click = functional.binary_cross_entropy_with_logits(logits[:, 0], labels[:, 0], reduction="none").mean(1)
        log_both = functional.logsigmoid(logits).sum(1)  # [S, N]
        both = labels.prod(1)
        second = -(both * log_both + (1 - both) * log_not(log_both)).mean(1)
        return torch.stack([click, second], dim=1)
