"""Users and items, some of them new: an id says nothing of an item that nobody has clicked yet, its text does."""

from __future__ import annotations

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

USERS, ITEMS, COLD = 100, 200, 40
FACTORS, TEXT = 4, 40
TASKS = (Task("click", Text("点击", "click"), "binary"),)


def build(config: catalogue.ColdItems, seed: int) -> Dataset:
    """P(y = 1) = sigmoid(t_item . u_user), t and u ~ N(0, 1) with 4 factors; the text of an item is t A + N(0, 1).

    A [4, 40] ~ N(0, 1 / 4). 100 users and 200 items are equally likely; items 160 to 199 are cold: none of them is in a
    training row. Held-out rows have only warm items, or only cold ones; training rows are the same for both.
    Inputs: `user` [N, 1], `item` [N, 1], `text` [N, 40]. The rows of a user are a group for GAUC.
    """
    source = generator(seed, "cold-items")
    tastes = torch.randn(USERS, FACTORS, generator=source)
    traits = torch.randn(ITEMS, FACTORS, generator=source)
    texts = traits @ torch.randn(FACTORS, TEXT, generator=source) / 2 + torch.randn(ITEMS, TEXT, generator=source)

    def rows(part: str, count: int, items: range) -> Rows:
        chance = generator(seed, f"cold-items {part}")
        user = torch.randint(USERS, (count,), generator=chance)
        item = torch.randint(items.start, items.stop, (count,), generator=chance)
        labels = torch.bernoulli(torch.sigmoid((traits[item] * tastes[user]).sum(1)), generator=chance)
        inputs = {"user": user[:, None], "item": item[:, None], "text": texts[item]}
        return Rows(inputs, labels[:, None], groups=user)

    warm, cold = range(ITEMS - COLD), range(ITEMS - COLD, ITEMS)
    test = rows("test", config.test, cold if config.held_out == "cold" else warm)
    vocabularies = {"user": (USERS,), "item": (ITEMS,)}
    return Dataset(TASKS, rows("train", config.train, warm), test, vocabularies=vocabularies)
