"""Equally likely categories beside numbers, in any size: the table that speed is measured on."""

from __future__ import annotations

import math

import torch

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows


def build(config: catalogue.Uniform, seed: int) -> Dataset:
    """P(y_k = 1) = sigmoid(2 s_k - 1), s_k = (sum_f e_fk(id_f) + a_k . z) / sqrt(F + D).

    F columns of equally likely ids (`ids` [N, F]) and D numbers z ~ N(0, 1) (`numbers` [N, D]). The effects e and a are
    N(0, 1) and correlate by 1/2 between any two tasks.
    """
    source = generator(seed, "uniform")
    count, tasks = config.train + config.test, config.tasks
    ids = torch.randint(config.vocabulary, (count, config.fields), generator=source)
    numbers = torch.randn(count, config.numbers, generator=source)

    def effects(size: int) -> torch.Tensor:
        common, own = torch.randn(size, 1, generator=source), torch.randn(size, tasks, generator=source)
        return (common + own) / math.sqrt(2)

    score = numbers @ effects(config.numbers)
    for column in ids.T:
        score += effects(config.vocabulary)[column]
    logits = 2 * score / math.sqrt(config.fields + config.numbers) - 1
    labels = torch.bernoulli(torch.sigmoid(logits), generator=source)
    inputs = {"ids": ids} | ({"numbers": numbers} if config.numbers else {})

    def rows(part: slice) -> Rows:
        return Rows({name: values[part] for name, values in inputs.items()}, labels[part])

    return Dataset(
        tuple(Task(f"task-{k}", Text(f"任务 {k}", f"task {k}"), "binary") for k in range(1, tasks + 1)),
        rows(slice(config.train)),
        rows(slice(config.train, None)),
        vocabularies={"ids": (config.vocabulary,) * config.fields},
    )
