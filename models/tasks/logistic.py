"""One binary label that a linear model can explain as far as chance allows."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

TASKS = (Task("click", Text("点击", "click"), "binary"),)


def build(config: catalogue.Logistic, seed: int) -> Dataset:
    """P(y = 1) = sigmoid(bias + slope a . x), x ~ N(0, 1) [N, width], a of length 1.

    With `shuffled`, training rows exchange their labels at random; held-out rows keep theirs.
    """
    source = generator(seed, "logistic")
    direction = functional.normalize(torch.randn(config.width, generator=source), dim=0)
    x = torch.randn(config.train + config.test, config.width, generator=source)
    labels = torch.bernoulli(torch.sigmoid(config.bias + config.slope * (x @ direction)), generator=source)[:, None]
    train, test = labels[: config.train], labels[config.train :]
    if config.shuffled:
        train = train[torch.randperm(config.train, generator=generator(seed, "shuffled"))]
    return Dataset(TASKS, Rows({"x": x[: config.train]}, train), Rows({"x": x[config.train :]}, test))
