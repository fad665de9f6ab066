"""Shared and task-specific embeddings."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.blocks.inputs import Inputs, InputShape
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.blocks.tape import Tape
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class _Add(nn.Module):
    """What each task reads plus what all read: [S, T, N, d] and [S, 1, N, d] -> [S, T, N, d]."""

    def forward(self, own: Tensor, common: Tensor) -> Tensor:
        out = own + common
        tape = Tape.current
        if tape is not None:
            tape.record(out, (own, common), lambda cotangent: self._backward(tape, cotangent))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor) -> tuple[Tensor, Tensor]:
        s, t, n, d = cotangent.shape
        if tape.owned:
            return cotangent, tape.meet(cotangent.reshape(s, 1, t * n, d).clone())
        return cotangent, cotangent.sum(1, keepdim=True)


class _AllForward(nn.Module):
    """Own experts of all tasks, [S, T * M, N, h] -> for each task its own, then those of the others in their order,
    [S, T * T * M, N, h]. Backward a task reaches only its own."""

    def __init__(self, tasks: int, each: int) -> None:
        super().__init__()
        self.tasks, self.each = tasks, each
        mine = [list(range(task * each, (task + 1) * each)) for task in range(tasks)]
        others = [[place for other in mine if other is not own for place in other] for own in mine]
        self.order = torch.tensor([place for own, rest in zip(mine, others, strict=True) for place in own + rest])

    def forward(self, own: Tensor) -> Tensor:
        out = own.index_select(1, self.order)
        tape = Tape.current
        if tape is not None:
            tape.record(out, (own,), lambda cotangent: (self._backward(cotangent),))
        return out

    __call__ = forward

    def _backward(self, cotangent: Tensor) -> Tensor:
        s, _, rows, h = cotangent.shape
        of_own = cotangent.reshape(s, self.tasks, self.tasks * self.each, rows, h)[:, :, : self.each]
        return of_own.reshape(s, self.tasks * self.each, rows, h)


class Stem(Network):
    """STEM-Net: a table of embeddings per task and one for all, own experts on a task's table and shared ones on the
    common table. A task's gate sees the experts of all tasks ("all forward"), but its loss reaches only its own experts
    and the shared ones, and through them only its own table and the common one ("task-specific backward").

    Liangcai Su et al., STEM: Unleashing the Power of Embeddings for Multi-task Recommendation, AAAI 2024; with one
    level of experts and gates on the sum of both embeddings, as in the authors' code. Numbers have no table: they
    stand beside every embedding as they are. Raises RecipeError if no input holds ids.
    """

    def __init__(self, config: catalogue.Stem, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if not shape.vocabularies:
            raise RecipeError("Network stem needs inputs with ids, which get a table per task; choose uniform.")
        count, width = len(tasks), self.inputs.width
        self.each = config.own
        self.own_inputs = Inputs(shape, tables=count)
        self.own = Mlps(count * config.own, (width, *config.expert), config.activation, last=True)
        self.shared = Mlps(config.shared, (width, *config.expert), config.activation, last=True)
        self.add, self.all_forward = _Add(), _AllForward(count, config.own)
        self.gate = Mlps(count, (width, *config.gate, count * config.own + config.shared), config.activation)
        self.softmax, self.mix = Softmax(), Mix()
        self.tower = Mlps(count, (config.expert[-1], *config.tower, 1), config.activation)

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the shared experts."""
        return list(self.shared.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, T * M + E]: experts on the first task's table, on the second's and so on, then shared ones."""
        weights = self.softmax(self.gate(self.add(self.own_inputs(*columns), self.inputs(*columns))))
        t, m = weights.shape[1], self.each
        rows = []
        for task, of_task in enumerate(weights.unbind(1)):
            own, others = of_task[..., :m], of_task[..., m : t * m]
            rows.append(torch.cat([others[..., : task * m], own, others[..., task * m :], of_task[..., t * m :]], -1))
        return torch.stack(rows, dim=1)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        each, common = self.own_inputs(*columns), self.inputs(*columns)  # [S, T, N, D], [S, 1, N, D]
        own, shared = self.own(each), self.shared(common)  # [S, T * M, N, H], [S, E, N, H]
        weights = self.softmax(self.gate(self.add(each, common)))  # [S, T, N, T * M + E], a task's own first
        y: Tensor = self.tower(self.mix(weights, shared, self.all_forward(own)))
        return y
