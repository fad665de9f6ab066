"""Two regressions on sines of two directions: how far apart the directions are says how little the tasks share."""

from __future__ import annotations

import math

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 10
TASKS = (
    Task("task-1", Text("任务 1", "task 1"), "regression"),
    Task("task-2", Text("任务 2", "task 2"), "regression"),
)


def build(config: catalogue.Sines, seed: int) -> Dataset:
    """y_k = slope z_k + sum_i sin(a_i z_k + b_i) + noise, z_k = w_k . x, x ~ N(0, 1); |w_k| = 1, w_1 . w_2 = cosine.

    The form of the synthetic data in Ma et al., KDD 2018, section 3.2. `standardised` brings the sum to mean 0 and
    deviation 1 before the noise is added.
    """
    source = generator(seed, "sines")
    count = config.train + config.test
    x = torch.randn(count, WIDTH, generator=source)
    first, other = (functional.normalize(torch.randn(WIDTH, generator=source), dim=0) for _ in range(2))
    other = functional.normalize(other - (other @ first) * first, dim=0)
    second = config.cosine * first + math.sqrt(1 - config.cosine**2) * other
    z = x @ torch.stack([first, second], dim=1)  # [count, 2]
    phases = torch.zeros(len(config.frequencies))
    if config.phases == "random":
        phases = 2 * math.pi * torch.rand(len(phases), generator=source)
    y = config.slope * z + torch.sin(z[..., None] * torch.tensor(config.frequencies) + phases).sum(2)
    if config.targets == "standardised":
        y = (y - y.mean(0)) / y.std(0)
    y = y + config.noise * torch.randn(y.shape, generator=source)

    def rows(part: slice) -> Rows:
        return Rows({"x": x[part]}, y[part])

    return Dataset(TASKS, rows(slice(config.train)), rows(slice(config.train, None)))
