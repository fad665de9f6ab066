"""Ids whose numbers mean nothing: a table of vectors learns them, a straight line cannot."""

from __future__ import annotations

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

IDS = 200
TASKS = (Task("click", Text("点击", "click"), "binary"),)


def build(config: catalogue.ManyIds, seed: int) -> Dataset:
    """P(y = 1) = sigmoid(b_id), b ~ N(0, 1.5^2) for 200 equally likely ids.

    `id` [N, 1] is the id, 0 to 199; `number` [N, 1] is the same as a number, id / 100 - 1.
    """
    source = generator(seed, "many-ids")
    habit = 1.5 * torch.randn(IDS, generator=source)
    ids = torch.randint(IDS, (config.train + config.test, 1), generator=source)
    labels = torch.bernoulli(torch.sigmoid(habit[ids]), generator=source)

    def rows(part: slice) -> Rows:
        return Rows({"id": ids[part], "number": ids[part] / 100 - 1}, labels[part])

    return Dataset(TASKS, rows(slice(config.train)), rows(slice(config.train, None)), vocabularies={"id": (IDS,)})
