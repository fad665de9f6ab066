"""A rare label, and a training table that has lost most of its negatives."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 12
TASKS = (Task("click", Text("点击", "click"), "binary"),)


def build(config: catalogue.Rare, seed: int) -> Dataset:
    """P(y = 1) = sigmoid(-3 + 1.2 a.x), x ~ N(0, 1) [N, 12], a of length 1: 7.5 % of the rows.

    Training rows are drawn until `train` of them are kept: every positive, and each negative with a chance of `kept`.
    """
    source = generator(seed, "rare")
    direction = functional.normalize(torch.randn(WIDTH, generator=source), dim=0)

    def draw(count: int, kept: float) -> Rows:
        x = torch.randn(count, WIDTH, generator=source)
        labels = torch.bernoulli(torch.sigmoid(-3 + 1.2 * (x @ direction)), generator=source)[:, None]
        stays = (labels[:, 0] > 0) | (torch.rand(count, generator=source) < kept)
        return Rows({"x": x[stays]}, labels[stays])

    test = draw(config.test, 1.0)
    parts = [draw(config.train, config.kept)]
    while sum(map(len, parts)) < config.train:
        parts.append(draw(config.train, config.kept))
    x = torch.cat([part.inputs["x"] for part in parts])[: config.train]
    return Dataset(TASKS, Rows({"x": x}, torch.cat([part.labels for part in parts])[: config.train]), test)
