"""Simulated impressions with clicks and conversions, in a world where every conversion is known, clicked or not."""

from __future__ import annotations

import torch
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows

WIDTH = 12
TASKS = (
    Task("click", Text("点击", "click"), "binary"),
    Task("conversion", Text("点击后的转化", "conversion if clicked"), "binary"),
)


def build(config: catalogue.Impressions, seed: int) -> Dataset:
    """P(click) = s(C + a.x + 1.5 D h), P(conversion if clicked) = s(V + 0.8 a.x + 0.8 b.x + 1.5 D h).

    s is the sigmoid, x and h are N(0, 1), |a| = |b| = 1, C is `click` (-1.6 unless set), V `conversion` (-1.5) and D
    `confounding`; h is not among the inputs. Training rows know the conversion only where there was a click. Held-out
    rows know all of them: the truth to compare with.
    """
    source = generator(seed, "impressions")
    count = config.train + config.test
    x = torch.randn(count, WIDTH, generator=source)
    a, b = (x @ functional.normalize(torch.randn(WIDTH, generator=source), dim=0) for _ in range(2))
    hidden = 1.5 * config.confounding * torch.randn(count, generator=source)
    logits = torch.stack([config.click + a + hidden, config.conversion + 0.8 * a + 0.8 * b + hidden], dim=1)
    labels = torch.bernoulli(torch.sigmoid(logits), generator=source)
    train, test = labels[: config.train], labels[config.train :]
    clicked = torch.stack([torch.ones(config.train), train[:, 0]], dim=1)
    return Dataset(
        TASKS,
        Rows({"x": x[: config.train]}, train * clicked, clicked),
        Rows({"x": x[config.train :]}, test),
    )
