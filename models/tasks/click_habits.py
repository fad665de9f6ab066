"""Clicks of users who differ in how much they click, but not in what they like."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

USERS = 100
WIDTH = 8
TASKS = (Task("click", Text("点击", "click"), "binary"),)


def build(config: catalogue.ClickHabits, seed: int) -> Dataset:
    """P(y = 1) = sigmoid(b_user + a . item): b ~ N(0, 1.5^2) for 100 users, items ~ N(0, 1) [N, 8], a of length 1.

    `user` is one-hot, [N, 100]; the rows of one user are a group for GAUC.
    """
    source = generator(seed, "click-habits")
    count = config.train + config.test
    habit = 1.5 * torch.randn(USERS, generator=source)
    taste = functional.normalize(torch.randn(WIDTH, generator=source), dim=0)
    users = torch.randint(USERS, (count,), generator=source)
    items = torch.randn(count, WIDTH, generator=source)
    labels = torch.bernoulli(torch.sigmoid(habit[users] + items @ taste), generator=source)[:, None]
    one_hot = functional.one_hot(users, USERS).float()

    def rows(part: slice) -> Rows:
        return Rows({"user": one_hot[part], "item": items[part]}, labels[part], groups=users[part])

    return Dataset(TASKS, rows(slice(config.train)), rows(slice(config.train, None)))
