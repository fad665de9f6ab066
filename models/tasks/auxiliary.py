"""A main task with few labels, and auxiliary tasks with many that need the same hidden units, or others."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows, joined

WIDTH, UNITS, AUXILIARY = 16, 6, 8
NOISE = 0.3
TASKS = (
    Task("main", Text("主任务", "main task"), "regression"),
    *(Task(f"auxiliary-{k}", Text(f"辅助任务 {k}", f"auxiliary task {k}"), "regression") for k in range(1, 9)),
)


def build(config: catalogue.Auxiliary, seed: int) -> Dataset:
    """Every target is a read-out N(0, 1) of six ReLU units, standardised, plus noise of deviation 0.3; x ~ N(0, 1).

    Unit weights are N(0, 1 / 16). Auxiliary targets read the same units as the main one or others, or are minus the
    main target ("opposite"), with noise of their own. Main and auxiliary labels stand on different training rows;
    held-out rows have all.
    """
    source = generator(seed, "auxiliary")
    count = config.labels + config.auxiliary_rows + config.test
    x = torch.randn(count, WIDTH, generator=source)
    same, other = (torch.relu(x @ torch.randn(WIDTH, UNITS, generator=source) / math.sqrt(WIDTH)) for _ in range(2))
    main = same @ torch.randn(UNITS, 1, generator=source)
    readouts = torch.randn(UNITS, AUXILIARY, generator=source)
    auxiliary = (other if config.units == "other" else same) @ readouts
    y = torch.cat([main, -main.expand_as(auxiliary) if config.units == "opposite" else auxiliary], dim=1)
    y = (y - y.mean(0)) / y.std(0) + NOISE * torch.randn(y.shape, generator=source)
    tasks = TASKS[: 1 + config.tasks]
    y = y[:, : len(tasks)]

    def rows(part: slice, known: Tensor | None = None) -> Rows:
        return Rows({"x": x[part]}, y[part], None if known is None else known.expand(len(y[part]), -1))

    is_main = torch.tensor([task.name == "main" for task in tasks]).float()
    labelled = config.labels + config.auxiliary_rows
    train = joined([rows(slice(config.labels), is_main), rows(slice(config.labels, labelled), 1 - is_main)])
    return Dataset(tasks, train, rows(slice(labelled, None)))
