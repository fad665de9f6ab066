"""Entire space counterfactual multi-task model."""

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
from models.networks.esmm import log_not
from models.recipe import RecipeError


class Escm2(Network):
    """ESMM with a risk of the conversion itself: L_CTR + lc L_CVR + lg L_CTCVR, where L_CVR stands for the mean over
    all rows of the loss d that a row would have if it were clicked. o is the click and q = pCTR its propensity.

    "ipw": mean o d / q. "dr": mean of i + o (d - i) / q, plus mean o (d - i)^2 / q, which teaches an imputation tower
    to tell d from the inputs alone: i. Both are right if q is; "dr" also if i is. No gradient goes through q, which is
    held at `floor` at least, nor from the square to the conversion: it would pull that to 1/2, where d is easy to tell.
    As i does not depend on the conversion tower, "dr" moves that tower as "ipw" does, and differs by the shared bottom.

    Hao Wang et al., ESCM2: Entire Space Counterfactual Multi-Task Model for Post-Click Conversion Rate Estimation,
    SIGIR 2022. The first task's loss is L_CTR, the second's the rest. Predicts click and conversion if clicked. Raises
    RecipeError unless there are two binary tasks.
    """

    coupled = True

    def __init__(self, config: catalogue.Escm2, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if len(tasks) != 2 or not self.all_binary:
            raise RecipeError("Network escm2 needs two binary tasks, a click and what follows it; choose impressions.")
        self.counterfactual, self.product, self.floor = config.counterfactual, config.product, config.floor
        layers = (self.inputs.width, *config.hidden)
        tower = (layers[-1], *config.tower, 1)
        self.bottom = Mlps(1, layers, config.activation, last=True) if config.hidden else nn.Identity()
        self.click, self.conversion = (Mlps(1, tower, config.activation) for _ in tasks)
        self.imputation = Mlps(1, tower, config.activation) if config.risk == "dr" else None
        self.stack = Stack()

    def forward(self, *columns: Tensor) -> Tensor:
        """-> logits of click and of conversion if clicked, and with "dr" the imputed loss, [S, 2 or 3, N, 1]."""
        shared = self.bottom(self.inputs(*columns))  # [S, 1, N, H]
        towers = [self.click, self.conversion] + ([self.imputation] if self.imputation else [])
        y: Tensor = self.stack(*(tower(shared) for tower in towers))
        return y

    def predict(self, outputs: Tensor) -> Tensor:
        """Probabilities of click and of conversion if clicked, [S, 2, N]."""
        return torch.sigmoid(outputs[:, :2].squeeze(3))

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """L_CTR, and lc L_CVR + lg L_CTCVR, [S, 2]; the conversion counts only where there was a click."""
        logits, (click, conversion) = outputs.squeeze(3), labels.unbind(1)
        of_click = functional.binary_cross_entropy_with_logits(logits[:, 0], click, reduction="none").mean(1)
        log_both = functional.logsigmoid(logits[:, :2]).sum(1)  # [S, N]
        both = click * conversion
        of_both = -(both * log_both + (1 - both) * log_not(log_both)).mean(1)
        weight = click / torch.sigmoid(logits[:, 0].detach()).clamp(min=self.floor)
        loss = functional.binary_cross_entropy_with_logits(logits[:, 1], conversion, reduction="none")
        if self.imputation is None:
            risk = (weight * loss).mean(1)
        else:
            imputed = logits[:, 2]
            square = (loss.detach() - imputed).square()
            risk = (imputed + weight * (loss - imputed + square)).mean(1)
        return torch.stack([of_click, self.counterfactual * risk + self.product * of_both], dim=1)
