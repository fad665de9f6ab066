"""Fair bits, some of which are the labels: a problem that a linear model solves without error."""

from __future__ import annotations

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 100
TASKS = (
    Task("first", Text("第一位", "first bit"), "binary"),
    Task("second", Text("第二位", "second bit"), "binary"),
)


def build(config: catalogue.Bits, seed: int) -> Dataset:
    """Inputs [N, 100], each 0 or 1 with equal chance; the label of task k is input k."""
    count = config.train + config.test
    bits = torch.randint(2, (count, WIDTH), generator=generator(seed, "bits")).float()
    train, test = bits[: config.train], bits[config.train :]
    return Dataset(TASKS, *(Rows({"bits": part}, part[:, : len(TASKS)]) for part in (train, test)))
