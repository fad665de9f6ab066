"""The workload of all training benchmarks: rows of ids and numbers with two binary labels or more."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS, FIELDS, VOCABULARY, EMBEDDING, NUMBERS = 50_000, 8, 1_000, 8, 8
WIDTH = FIELDS * EMBEDDING + NUMBERS
BOTTOM, TOWER = (64, 32), 16
EXPERTS = 4
LEARNING_RATE = 0.001


@dataclass(frozen=True)
class Rows:
    """ids [N, 8] in one table, each column from its own offset on; numbers [N, 8]; labels [N, T]."""

    ids: Tensor
    numbers: Tensor
    labels: Tensor


def rows(count: int = ROWS, tasks: int = 2) -> Rows:
    """8 columns of 1,000 ids and 8 numbers a row; the labels depend on both."""
    source = torch.Generator().manual_seed(0)
    ids = torch.randint(VOCABULARY, (count, FIELDS), generator=source)
    numbers = torch.randn(count, NUMBERS, generator=source)
    effects = torch.randn(tasks, FIELDS, VOCABULARY, generator=source)
    of_ids = effects[:, torch.arange(FIELDS), ids].sum(2).T  # [N, T]
    logits = 0.5 * of_ids + numbers @ torch.randn(NUMBERS, tasks, generator=source) * 0.3
    labels = torch.bernoulli(torch.sigmoid(logits), generator=source)
    return Rows(ids + torch.arange(FIELDS) * VOCABULARY, numbers, labels)
