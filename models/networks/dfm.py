"""Delayed feedback model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from models.blocks.inputs import InputShape
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks.single_task import SingleTask
from models.recipe import RecipeError


class Dfm(SingleTask):
    """p = P(conversion), and a delay that is exponential with rate r = exp(second output). A conversion seen after d
    days has the likelihood p r exp(-r d); a click of e days without one has 1 - p + p exp(-r e): it may be late.

    Olivier Chapelle, Modeling Delayed Feedback in Display Advertising, KDD 2014, where p and r are linear. The first
    task's loss is -log p or that of the click without conversion, the second's the rest. Predicts p and the mean delay
    1 / r. Raises RecipeError unless the tasks are a conversion (binary) and the days waited for it (regression).
    """

    coupled = True

    def __init__(self, config: catalogue.Dfm, shape: InputShape, tasks: Sequence[Task]) -> None:
        if [task.kind for task in tasks] != ["binary", "regression"]:
            raise RecipeError(
                "Network dfm needs a conversion and the days waited for it; choose late-labels with days."
            )
        row = catalogue.SingleTask(hidden=config.hidden, activation=config.activation)
        super().__init__(row, shape, tasks)

    def predict(self, outputs: Tensor) -> Tensor:
        """Probability of conversion, and mean days until it, [S, 2, N]."""
        logit, log_rate = outputs.squeeze(3).unbind(1)
        return torch.stack([torch.sigmoid(logit), (-log_rate).exp()], dim=1)

    def losses(self, outputs: Tensor, labels: Tensor, _: Tensor | None) -> Tensor:
        """Negative log likelihood in two parts, means over all rows, [S, 2]."""
        (logit, log_rate), (seen, days) = outputs.squeeze(3).unbind(1), labels.unbind(1)
        waited = log_rate.exp() * days
        unseen = torch.logaddexp(functional.logsigmoid(-logit), functional.logsigmoid(logit) - waited)
        conversion = torch.where(seen > 0, functional.logsigmoid(logit), unseen)
        delay = seen * (log_rate - waited)
        return -torch.stack([conversion, delay], dim=1).mean(2)
