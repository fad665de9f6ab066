"""Step 1: data sets and their labels. One file per data set, each with `build(config, seed) -> Dataset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from models.events import Task


class DataError(Exception):
    """A data file that is missing or broken; the message is one sentence for the person."""


@dataclass(frozen=True)
class Rows:
    """N rows: named inputs, each [N, width]; labels [N, T]; mask [N, T], 1 where a label is known (None: all are).

    `groups` [N] numbers the users whose rows GAUC ranks among themselves (None: there is no GAUC). `texts` are inputs
    that are still words, N each; `models.features` makes vectors of them.
    """

    inputs: dict[str, Tensor]
    labels: Tensor
    mask: Tensor | None = None
    groups: Tensor | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Dataset:
    """Rows to learn from and rows held out, with the tasks in the order of the label columns.

    `vocabularies` gives the number of ids of each column of an integer input: one number per column, or a single number
    where all columns share one vocabulary (a history). `hashed` names inputs whose vocabulary was too large.
    """

    tasks: tuple[Task, ...]
    train: Rows
    test: Rows
    vocabularies: Mapping[str, tuple[int, ...]] = field(default_factory=dict, kw_only=True)
    hashed: tuple[str, ...] = field(default=(), kw_only=True)

    def widths(self) -> dict[str, int]:
        """Input name -> columns of a real-valued input, or number of ids (largest + 1) of an integer one."""
        return {
            name: train.shape[-1]
            if train.is_floating_point()
            else int(max(train.max(), self.test.inputs[name].max())) + 1
            for name, train in self.train.inputs.items()
        }


def joined(parts: Sequence[Rows]) -> Rows:
    """One table of parts that are labelled for different tasks, each repeated to the length of the longest.

    A batch then holds about equally many rows of each part, however few labels that part has.
    """
    length = max(len(part) for part in parts)
    places = [torch.arange(length) % len(part) for part in parts]

    def column(columns: Sequence[Tensor]) -> Tensor:
        return torch.cat([values[place] for values, place in zip(columns, places, strict=True)])

    inputs = {name: column([part.inputs[name] for part in parts]) for name in parts[0].inputs}
    masks = [torch.ones_like(part.labels) if part.mask is None else part.mask for part in parts]
    return Rows(inputs, column([part.labels for part in parts]), column(masks))
