"""Two heads over all impressions, and their quotient."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.inputs import InputShape
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class Division(Network):
    """pCVR = pCTCVR / pCTR, where pCTR and pCTCVR have a head each: nothing keeps the second below the first, so the
    quotient may be above 1.

    The baseline DIVISION of Xiao Ma et al., Entire Space Multi-Task Model, SIGIR 2018, which trains both apart; here
    they share a bottom, as ESMM does. The second task's loss is that of click & conversion. Predicts click and
    conversion if clicked. Raises RecipeError unless there are two binary tasks.
    """

    def __init__(self, config: catalogue.Division, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if len(tasks) != 2 or not self.all_binary:
            raise RecipeError(
                "Network division needs two binary tasks, a click and what follows it; choose impressions."
            )
        layers = (self.inputs.width, *config.hidden)
        self.bottom = Mlps(1, layers, config.activation, last=True) if config.hidden else nn.Identity()
        self.tower = Mlps(2, (layers[-1], *config.tower, 1), config.activation)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> logits of click and of click & conversion, [S, 2, N, 1]."""
        shared = self.bottom(self.inputs(*columns))  # [S, 1, N, H]
        y: Tensor = self.tower(shared)
        return y

    def predict(self, outputs: Tensor) -> Tensor:
        """Probability of click, and the quotient, [S, 2, N]."""
        click, both = functional.logsigmoid(outputs.squeeze(3)).unbind(1)
        return torch.stack([click, both - click], dim=1).exp()

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """Cross-entropy of click and of click & conversion over all rows, [S, 2]."""
        entropy = functional.binary_cross_entropy_with_logits(outputs.squeeze(3), labels.cumprod(1), reduction="none")
        return entropy.mean(2)
