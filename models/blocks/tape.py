"""The tape: what a step has computed, and one walk back through it for all tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

LINE = 16
"""Numbers in a cache line. A product with a vector adds up in an order that depends on where in its line it starts, so
equal experts would drift apart; where they start at different places it is written as multiplication and sum."""

Backward = Callable[[Tensor], Sequence[Tensor | None]]
Mode = Literal["sum", "exact", "representation"]


class Slot:
    """Where a parameter's gradient goes: `gradient` [S * G, ...], and `jacobian`, one such view for each task.

    `stamp` and `met` are the last walks that wrote to the one and to the other: the first write of a walk replaces.

    The views are cut from the flat buffers of `models.training.parameters.Parameters`.
    """

    __slots__ = ("gradient", "jacobian", "met", "stamp")

    def __init__(self, gradient: Tensor, jacobian: Sequence[Tensor]) -> None:
        self.gradient, self.jacobian = gradient, jacobian
        self.stamp = self.met = -1


class Tape:
    """The blocks of one forward pass, in order, and the walk back.

    The cotangent of an activation [S, G, N, d] is [S, G, N, d] too, in one of two meanings. It is `owned` where group g
    belongs to task g // (G / T): nothing of another task has passed there. Where tasks meet it becomes, in "exact"
    mode, [S, G, T * N, d]: the rows of every task's Jacobian one after another, so that one walk serves all tasks; in
    "representation" mode the tasks are weighed there, and a single cotangent goes on. In "sum" mode the tasks are added
    from the beginning and nothing is owned.

    `solve` is called once in a "representation" walk with the Gramian [S, T, T] and gives the weights [S, T].
    """

    current: ClassVar[Tape | None] = None

    def __init__(self, tasks: int) -> None:
        self.tasks = tasks
        self.mode: Mode = "sum"
        self.owned = False
        self.stamp = 0
        self.solve: Callable[[Tensor], Tensor] | None = None
        self.first_shared: Slot | None = None
        self._entries: list[tuple[Tensor, Sequence[Tensor], Backward]] = []
        self._made: dict[int, int] = {}
        self._met: list[Tensor] = []
        self._weights: Tensor | None = None

    def __enter__(self) -> Tape:
        self._entries.clear()
        self._made.clear()
        self._weights = None
        Tape.current = self
        return self

    def __exit__(self, *_: object) -> None:
        Tape.current = None

    def record(self, output: Tensor, inputs: Sequence[Tensor], backward: Backward, columns: int | None = None) -> None:
        """Note that `output` came from `inputs`. `backward` maps its cotangent to theirs, which it may overwrite; None
        for an input that nobody wants a gradient of. If `columns` is given, `backward` needs no more than so many of
        the first columns of the cotangent, and takes any number from there to all."""
        self._entries.append((output, inputs, backward))
        self._made[id(output)] = output.shape[3] if columns is None else columns

    def wanted(self, x: Tensor) -> int:
        """How many of the first columns of the cotangent of `x` lead somewhere: 0 if no block has made it."""
        return self._made.get(id(x), 0)

    def walk(self, output: Tensor, cotangent: Tensor, owned: bool) -> None:
        """From the cotangent of `output` to the gradients of all parameters, in their slots."""
        self.stamp += 1
        self.first_shared = None
        pending = {id(output): (cotangent, owned)}
        for made, inputs, backward in reversed(self._entries):
            found = pending.pop(id(made), None)
            if found is None:
                continue
            self._met.clear()
            cotangent, self.owned = found
            owned = self.owned
            for x, dx in zip(inputs, backward(cotangent), strict=True):
                if dx is None or id(x) not in self._made:
                    continue
                of_one = owned and all(dx is not met for met in self._met)
                there = pending.get(id(x))
                pending[id(x)] = (dx, of_one) if there is None else self._added(there, (dx, of_one))
        self._entries.clear()

    def rows(self, cotangent: Tensor, activation: Tensor) -> int:
        """R: 1, or T where the cotangent holds the rows of all tasks."""
        return cotangent.shape[2] // activation.shape[2]

    def meet(self, cotangent: Tensor) -> Tensor:
        """Tasks meet at an activation: [S, G, T * N, d] from owned ones becomes what goes on from here."""
        cotangent = self.met(cotangent)
        self._met.append(cotangent)
        return cotangent

    def met(self, cotangent: Tensor) -> Tensor:
        """[S, G, T * N, d]: as it is, or, in "representation" mode, the tasks weighed: [S, G, N, d]."""
        if self.mode != "representation":
            return cotangent
        s, g, rows, d = cotangent.shape
        if g > 1:
            cotangent = cotangent.reshape(s, g, self.tasks, -1, d).transpose(1, 2)
        flat = cotangent.reshape(s, self.tasks, -1)

        def gramian() -> Tensor:
            exact = flat.double()
            return torch.bmm(exact, exact.transpose(1, 2))

        weights = self.weigh(gramian)
        return torch.bmm(weights.unsqueeze(1), flat).view(s, g, rows // self.tasks, d)

    @property
    def weighed(self) -> bool:
        """The weights of a "representation" walk are known."""
        return self._weights is not None

    def times_weights(self, cotangent: Tensor) -> Tensor:
        """An owned cotangent [S * G, N, d] times the weights of a "representation" walk."""
        assert self._weights is not None
        s, t = self._weights.shape
        each = cotangent.view(s, t, -1, *cotangent.shape[1:]) * self._weights.view(s, t, 1, 1, 1)
        return each.flatten(0, 2)

    def weigh(self, gramian: Callable[[], Tensor]) -> Tensor:
        """Weights of the tasks [S, T] in a "representation" walk, from the Gramian where they meet first."""
        if self._weights is None:
            assert self.solve is not None
            self._weights = self.solve(gramian()).float()
        return self._weights

    def shared(self, cotangent: Tensor) -> None:
        """Note that a cotangent that a block returns, although its output was owned, belongs to all tasks."""
        self._met.append(cotangent)

    def spread(self, cotangent: Tensor) -> Tensor:
        """Owned [S, G, N, d] -> [S, G, T * N, d], zero in the rows of the tasks that do not own the group."""
        s, g, n, d = cotangent.shape
        each = cotangent.reshape(s, self.tasks, g // self.tasks, n, d)
        out = cotangent.new_zeros(s, self.tasks, g // self.tasks, self.tasks, n, d)
        for task in range(self.tasks):
            out[:, task, :, task] = each[:, task]
        return out.view(s, g, self.tasks * n, d)

    def _added(self, a: tuple[Tensor, bool], b: tuple[Tensor, bool]) -> tuple[Tensor, bool]:
        (x, x_owned), (y, y_owned) = a, b
        if x_owned != y_owned:
            x = self.meet(self.spread(x)) if x_owned else x
            y = self.meet(self.spread(y)) if y_owned else y
        if x.shape != y.shape:
            columns = min(x.shape[3], y.shape[3])
            x, y = x[..., :columns], y[..., :columns]
        return x.add_(y), x_owned and y_owned

    def add_linear(self, weight: Slot, bias: Slot, a: Tensor, b: Tensor, rows: int) -> None:
        """Add a^T b to the gradient of a weight [B, m, n], and the sum of a over its rows to that of its bias [B, m].

        a [B, R * N, m] is the cotangent of the layer's output, b [B, N, n] its input.
        """
        if rows == 1:
            again, weight.stamp = weight.stamp == self.stamp, self.stamp
            bias.stamp = self.stamp
            _add_linear(weight.gradient, bias.gradient, a, b, again)
            return
        again = self._shared(weight)
        self._shared(bias)
        each = a.view(a.shape[0], rows, -1, a.shape[2])
        for row in range(rows):
            _add_linear(weight.jacobian[row], bias.jacobian[row], each[:, row], b, again)

    def add_at(self, parameter: nn.Parameter, places: Tensor, values: Sequence[Tensor]) -> None:
        """Add rows to a parameter's gradient [V, d] at `places` [M]; `values` holds [M, d] once, or once per task."""
        into, again = self._targets(parameter, len(values))
        for target, value in zip(into, values, strict=True):
            if not again:
                target.zero_()
            target.index_put_((places,), value, accumulate=True)

    def add(self, parameter: nn.Parameter, values: Sequence[Tensor | None]) -> None:
        """Add gradients of a parameter's own shape: one, or one per task. None is zero."""
        into, again = self._targets(parameter, len(values))
        for target, value in zip(into, values, strict=True):
            if value is None:
                if not again:
                    target.zero_()
            elif again:
                target.add_(value.view_as(target))
            else:
                target.copy_(value.view_as(target))

    def _targets(self, parameter: nn.Parameter, count: int) -> tuple[Sequence[Tensor], bool]:
        """Where one gradient goes, or one per task; and whether this walk has written there before."""
        slot: Slot = parameter.slot  # type: ignore[attr-defined]
        if count > 1:
            return slot.jacobian, self._shared(slot)
        again, slot.stamp = slot.stamp == self.stamp, self.stamp
        return (slot.gradient,), again

    def _shared(self, slot: Slot) -> bool:
        """Note that a parameter is shared; True if this walk has written to it before."""
        if self.first_shared is None:
            self.first_shared = slot
        again = slot.met == self.stamp
        slot.met = self.stamp
        return again


def _add_linear(weight: Tensor, bias: Tensor, a: Tensor, b: Tensor, again: bool) -> None:
    if again:
        weight.baddbmm_(a.transpose(1, 2), b)
        bias.add_(a.sum(1))
        return
    if a.shape[2] == 1 and b.shape[2] % LINE:
        torch.sum(a * b, 1, keepdim=True, out=weight)
    else:
        torch.bmm(a.transpose(1, 2), b, out=weight)
    torch.sum(a, 1, out=bias)
