"""Users and items for the article's first listing: 100 numbers each, and two labels that may both be 1."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 100
TASKS = (
    Task("interest", Text("兴趣", "interest"), "binary"),
    Task("recommend", Text("推荐", "recommend"), "binary"),
)


def build(config: catalogue.Listing1, seed: int) -> Dataset:
    """P(y_k = 1) = sigmoid(2 w_k . item + 1.5 c . user - 0.5), all inputs N(0, 1); w_1, w_2 and c have length 1.

    `config.cosine` is w_1 . w_2. At 0.7 the two labels correlate by about 0.37.
    """
    source = generator(seed, "listing1")
    count = config.train + config.test
    users, items = (torch.randn(count, WIDTH, generator=source) for _ in range(2))
    first, other, user = (_unit(torch.randn(WIDTH, generator=source)) for _ in range(3))
    other = _unit(other - (other @ first) * first)
    second = config.cosine * first + math.sqrt(1 - config.cosine**2) * other
    logits = 2 * items @ torch.stack([first, second], dim=1) + 1.5 * (users @ user)[:, None] - 0.5  # [count, 2]
    labels = torch.bernoulli(torch.sigmoid(logits), generator=source)

    def rows(part: slice) -> Rows:
        return Rows({"users": users[part], "items": items[part]}, labels[part])

    return Dataset(TASKS, rows(slice(config.train)), rows(slice(config.train, None)))


def _unit(vector: Tensor) -> Tensor:
    return torch.nn.functional.normalize(vector, dim=0)
