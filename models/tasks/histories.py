"""Histories of events, with a task about their order and one about their counts."""

from __future__ import annotations

import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

LENGTH = 12
IDS = 20
CLASSES = 4
TASKS = (
    Task("order", Text("先后", "order"), "binary"),
    Task("counts", Text("次数", "counts"), "binary"),
)


def build(config: catalogue.Histories, seed: int) -> Dataset:
    """`history` [N, 12] holds ids 1 to 20, equally likely, then zeros; lengths are drawn from `shortest` to 12.

    The class of an id is id mod 4. Order: the last event of class 0 comes later than the last of class 1. Counts: more
    events of class 2 than of class 3.
    """
    source = generator(seed, "histories")
    count = config.train + config.test
    history = torch.randint(1, IDS + 1, (count, LENGTH), generator=source)
    lengths = torch.randint(config.shortest, LENGTH + 1, (count, 1), generator=source)
    there = torch.arange(LENGTH) < lengths
    history = history * there
    kinds = torch.where(there, history % CLASSES, -1)
    order = _last(kinds == 0) > _last(kinds == 1)
    counts = (kinds == 2).sum(1) > (kinds == 3).sum(1)
    labels = torch.stack([order, counts], dim=1).float()
    train, test = slice(config.train), slice(config.train, None)
    return Dataset(TASKS, *(Rows({"history": history[part]}, labels[part]) for part in (train, test)))


def _last(found: Tensor) -> Tensor:
    """Place of the last True in each row, counted from 1, and 0 if there is none: [N, L] -> [N]."""
    return (found * torch.arange(1, found.shape[1] + 1)).amax(1)
