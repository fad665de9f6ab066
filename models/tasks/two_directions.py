"""Two regressions, each on two directions of its own, so that together they need four."""

from __future__ import annotations

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH, SLOPE = 10, 1.5
TASKS = (
    Task("task-1", Text("任务 1", "task 1"), "regression"),
    Task("task-2", Text("任务 2", "task 2"), "regression"),
)


def build(config: catalogue.TwoDirections, seed: int) -> Dataset:
    """y_1 = tanh(1.5 q_1.x) + tanh(1.5 q_2.x), y_2 the same with q_3 and q_4, standardised, then noise; x ~ N(0, 1).

    q_1 to q_4 are rows of a random orthogonal matrix, x is [N, 10].
    """
    source = generator(seed, "two-directions")
    directions, _ = torch.linalg.qr(torch.randn(WIDTH, 4, generator=source))
    x = torch.randn(config.train + config.test, WIDTH, generator=source)
    y = torch.tanh(SLOPE * x @ directions).view(len(x), 2, 2).sum(2)
    y = (y - y.mean(0)) / y.std(0) + config.noise * torch.randn(y.shape, generator=source)
    train, test = slice(config.train), slice(config.train, None)
    return Dataset(TASKS, *(Rows({"x": x[part]}, y[part]) for part in (train, test)))
