"""A task with few and noisy labels beside one with many and clean ones."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows, joined

WIDTH = 16
TASKS = (
    Task("few", Text("任务 1（标签少）", "task 1 (few labels)"), "regression"),
    Task("many", Text("任务 2（标签多）", "task 2 (many labels)"), "regression"),
)


def build(config: catalogue.Unequal, seed: int) -> Dataset:
    """y_1 = a.x + noise of deviation 1, y_2 = 1.4 sin(1.5 b.x) + noise of deviation 0.1; |a| = |b| = 1, x ~ N(0, 1).

    The two tasks are labelled on different training rows; held-out rows have both labels.
    """
    source = generator(seed, "unequal")
    x = torch.randn(config.labels_1 + config.labels_2 + config.test, WIDTH, generator=source)
    a, b = (x @ functional.normalize(torch.randn(WIDTH, generator=source), dim=0) for _ in range(2))
    noise = torch.randn(len(x), 2, generator=source) * torch.tensor([1.0, 0.1])
    y = torch.stack([a, 1.4 * torch.sin(1.5 * b)], dim=1) + noise

    def rows(part: slice, known: list[float] | None = None) -> Rows:
        mask: Tensor | None = None if known is None else torch.tensor(known).expand(len(y[part]), -1)
        return Rows({"x": x[part]}, y[part], mask)

    labelled = config.labels_1 + config.labels_2
    train = joined([rows(slice(config.labels_1), [1, 0]), rows(slice(config.labels_1, labelled), [0, 1])])
    return Dataset(TASKS, train, rows(slice(labelled, None)))
