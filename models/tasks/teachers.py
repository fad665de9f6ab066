"""Two regressions taught by small ReLU networks that have half of their units in common."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH, UNITS = 16, 4
TASKS = (
    Task("task-1", Text("任务 1", "task 1"), "regression"),
    Task("task-2", Text("任务 2", "task 2"), "regression"),
)


def build(config: catalogue.Teachers, seed: int) -> Dataset:
    """Each target reads four shared and four private ReLU units, is standardised and then made noisy; x ~ N(0, 1).

    Unit weights are N(0, 1 / 16), read-outs N(0, 1), one per unit and task; "conflicting" tasks read the shared units
    with opposite signs, and "opposite" makes the second target minus the first. `scale_2` multiplies the second target
    last, noise included: a change of its unit of measurement, 1:K.
    """
    source = generator(seed, "teachers")
    x = torch.randn(config.train + config.test, WIDTH, generator=source)

    def units() -> Tensor:
        return torch.relu(x @ torch.randn(WIDTH, UNITS, generator=source) / math.sqrt(WIDTH))

    shared = units()
    private, readouts = zip(*((units(), torch.randn(2 * UNITS, generator=source)) for _ in TASKS), strict=True)
    if config.relation == "conflicting":
        readouts[1][:UNITS] = -readouts[0][:UNITS]
    y = torch.stack([torch.cat([shared, own], dim=1) @ out for own, out in zip(private, readouts, strict=True)], dim=1)
    targets = (y - y.mean(0)) / y.std(0)
    if config.relation == "opposite":
        targets[:, 1] = -targets[:, 0]
    noise = torch.tensor([config.noise_1, config.noise_2]) * torch.randn(len(x), len(TASKS), generator=source)
    y = (targets + noise) * torch.tensor([1.0, config.scale_2])

    def rows(part: slice) -> Rows:
        return Rows({"x": x[part]}, y[part])

    return Dataset(TASKS, rows(slice(config.train)), rows(slice(config.train, None)))
