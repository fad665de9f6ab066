"""Two related binary tasks, the second of which is labelled for few rows."""

from __future__ import annotations

import math

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 16
TASKS = (
    Task("dense", Text("任务 1", "task 1"), "binary"),
    Task("sparse", Text("任务 2", "task 2"), "binary"),
)


def build(config: catalogue.SparseLabels, seed: int) -> Dataset:
    """P(y_k = 1) = sigmoid(2 w_k . x), x ~ N(0, 1) [N, 16], w_1 and w_2 of length 1 with w_1 . w_2 = 1/2.

    Each training row has its second label with a chance of `labelled`; held-out rows have both.
    """
    source = generator(seed, "sparse-labels")
    count = config.train + config.test
    orthogonal, _ = torch.linalg.qr(torch.randn(WIDTH, 2, generator=source))
    directions = orthogonal @ torch.tensor([[1, 1 / 2], [0, math.sqrt(3) / 2]])  # [16, 2]
    x = torch.randn(count, WIDTH, generator=source)
    labels = torch.bernoulli(torch.sigmoid(2 * x @ directions), generator=source)
    mask = torch.ones(config.train, 2)
    mask[:, 1] = torch.bernoulli(torch.full((config.train,), config.labelled), generator=source)
    train, test = slice(config.train), slice(config.train, None)
    return Dataset(TASKS, Rows({"x": x[train]}, labels[train], mask), Rows({"x": x[test]}, labels[test]))
