"""From the columns of the data to one vector a row: numbers as they are, ids through a table of embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


@dataclass(frozen=True)
class InputShape:
    """What a network is told of its inputs: `widths` of real-valued ones, `vocabularies` of those that hold ids (how
    many there are, for each column), and the width of an id's vector."""

    widths: Mapping[str, int]
    vocabularies: Mapping[str, tuple[int, ...]]
    embedding: int = 8


class Inputs(nn.Module):
    """All inputs side by side: embeddings of the ids first, then the numbers. `width` is their number of columns.

    The ids of all columns stand in one table, each column from its own offset on. With several `tables`, G of them, all
    inputs are given G times, each time with vectors of its own. Made as [G * V, d]; in training [S * G * V, d].
    `columns` is the number of tensors that `arrange` gives.
    """

    def __init__(self, shape: InputShape, tables: int = 1) -> None:
        super().__init__()
        self.tables = tables
        self._numbers, self._ids = list(shape.widths), list(shape.vocabularies)
        self.columns = bool(self._ids) + bool(self._numbers)
        sizes = [size for columns in shape.vocabularies.values() for size in columns]
        starts = [sum(sizes[:column]) for column in range(len(sizes))]
        self.vocabulary = sum(sizes)
        self.offsets = torch.tensor(starts)
        self.table = nn.Parameter(torch.empty(tables * self.vocabulary, shape.embedding)) if starts else None
        self.width = len(starts) * shape.embedding + sum(shape.widths.values())

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """Columns of the data set -> (ids [N, F] with offsets, numbers [N, D]), those of them that there are."""
        columns = []
        if self._ids:
            columns.append(torch.cat([inputs[name] for name in self._ids], dim=1) + self.offsets)
        if self._numbers:
            columns.append(torch.cat([inputs[name] for name in self._numbers], dim=1))
        return tuple(columns)

    def forward(self, *columns: Tensor) -> Tensor:
        """Ids [S, N, F] and numbers [S, N, D], those of them that there are -> [S, G, N, width]."""
        g = self.tables
        numbers = columns[-1].unsqueeze(1) if self._numbers else None
        if numbers is not None and g > 1:
            numbers = numbers.expand(-1, g, -1, -1)
        table = self.table
        if table is None:
            assert numbers is not None
            return numbers.contiguous()
        ids = columns[0]
        s, n, _ = ids.shape
        if s * g > 1:
            ids = ids.unsqueeze(1) + torch.arange(0, s * g * self.vocabulary, self.vocabulary).view(s, g, 1, 1)
        places = ids.reshape(-1)
        vectors = torch.index_select(table, 0, places).view(s, g, n, -1)
        out = vectors if numbers is None else torch.cat([vectors, numbers], dim=3)
        tape = Tape.current
        if tape is not None:
            width = vectors.shape[3]
            tape.record(out, (), lambda cotangent: self._backward(tape, cotangent, table, places, n, width), width)
        return out

    __call__ = forward

    def _backward(
        self, tape: Tape, cotangent: Tensor, table: nn.Parameter, places: Tensor, n: int, width: int
    ) -> tuple[()]:
        s, g, _, _ = cotangent.shape
        d = table.shape[1]
        each = cotangent[..., :width].view(s, g, -1, n, width).unbind(2)
        tape.add_at(table, places, [rows.reshape(-1, d) for rows in each])
        return ()
