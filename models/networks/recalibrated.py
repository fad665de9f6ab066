"""Predictions put right for negatives that training has not seen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from models.blocks.inputs import InputShape
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks.single_task import SingleTask


class Recalibrated(SingleTask):
    """q = p / (p + (1 - p) / w), p learned where every positive but only a share w of the negatives is kept: the odds
    of q are w times those of p, so the logit moves by log w.

    Xinran He et al., Practical Lessons from Predicting Clicks on Ads at Facebook, ADKDD 2014. Training and losses are
    on the rows as they are; only predictions of binary tasks change.
    """

    def __init__(self, config: catalogue.Recalibrated, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(catalogue.SingleTask(hidden=config.hidden, activation=config.activation), shape, tasks)
        self.shift = torch.where(self.binary, math.log(config.kept), 0.0).view(1, -1, 1, 1)

    def predict(self, outputs: Tensor) -> Tensor:
        """q of binary tasks, values of regressions, [S, T, N]."""
        return super().predict(outputs + self.shift)
