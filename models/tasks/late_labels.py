"""Clicks whose conversions take days to arrive: what looks like a negative may only be late."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 12
WEEK, WATCHED = 7.0, 1000.0
TASKS = (
    Task("conversion", Text("点击后的转化", "conversion if clicked"), "binary"),
    Task("days", Text("等了几天", "days waited"), "regression"),
)


def build(config: catalogue.LateLabels, seed: int) -> Dataset:
    """P(conversion) = sigmoid(-1.6 + 0.8 a.x), its delay ~ Exp(mean `delay`), age of a click ~ U(0, 7); |a| = 1.

    x [N, 12] is N(0, 1). A training row is labelled 1 if the delay is below the age. With `days` a second label, a
    regression, is the delay of a conversion that was seen, and otherwise the age: with the first it is what the delayed
    feedback model of Chapelle, KDD 2014, section 4, learns from. Held-out clicks are 1,000 days old, and days are known
    of conversions only.
    """
    source = generator(seed, "late-labels")
    count = config.train + config.test
    x = torch.randn(count, WIDTH, generator=source)
    direction = functional.normalize(torch.randn(WIDTH, generator=source), dim=0)
    converts = torch.bernoulli(torch.sigmoid(-1.6 + 0.8 * (x @ direction)), generator=source)
    delay = torch.empty(count).exponential_(1 / config.delay, generator=source)
    age = WEEK * torch.rand(count, generator=source)
    age[config.train :] = WATCHED
    seen = converts * (delay < age)
    labels = torch.stack([seen, torch.where(seen > 0, delay, age)], dim=1)[:, : 1 + config.days]
    train, test = slice(config.train), slice(config.train, None)
    known = torch.stack([torch.ones(config.test), seen[test]], dim=1) if config.days else None
    return Dataset(
        TASKS[: 1 + config.days], Rows({"x": x[train]}, labels[train]), Rows({"x": x[test]}, labels[test], known)
    )
