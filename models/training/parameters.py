"""All numbers of a network in one buffer, their gradients in another, and what the tasks share among them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.blocks.mlps import Mlps
from models.blocks.tape import Slot, Tape


class Parameters:
    """Takes over the parameters of a network for S replicas.

    `values` and `gradient` are flat [total]; each parameter is a contiguous part of them, [S * G, ...], replica after
    replica. `jacobian` [T, total] holds a row per task where tasks meet. Replica s starts from the numbers that
    `initialise` draws for `seeds[s]`.
    """

    def __init__(self, network: nn.Module, seeds: Sequence[int], tasks: int) -> None:
        self.replicas, self.tasks = len(seeds), tasks
        self.named = list(network.named_parameters())
        sizes = [len(seeds) * parameter.numel() for _, parameter in self.named]
        self.parts: dict[str, slice] = {}
        start = 0
        for (name, _), size in zip(self.named, sizes, strict=True):
            self.parts[name] = slice(start, start + size)
            start += size
        self.values, self.gradient = torch.empty(start), torch.zeros(start)
        self.jacobian = torch.zeros(tasks if tasks > 1 else 0, start)
        shapes = [parameter.shape for _, parameter in self.named]
        for replica, seed in enumerate(seeds):
            network.initialise(seed)  # type: ignore[operator]
            with torch.no_grad():
                for name, parameter in self.named:
                    self.of(name)[replica].copy_(parameter.detach().flatten())
        for (name, parameter), shape in zip(self.named, shapes, strict=True):
            part = self.parts[name]
            merged = (len(seeds) * shape[0], *shape[1:]) if shape else shape
            parameter.data = self.values[part].view(merged)
            slot = Slot(self.gradient[part].view(merged), [row[part].view(merged) for row in self.jacobian])
            parameter.slot = slot  # type: ignore[attr-defined]
        for block in network.modules():
            vars(block).update(block._modules, **block._parameters)  # found at once, not by Module.__getattr__
            if isinstance(block, Mlps):
                block.bind()
        self.shared: list[slice] = []
        self.private: list[slice] = []
        self.owned: list[slice] = []

    @property
    def count(self) -> int:
        """Numbers of one replica."""
        return len(self.values) // self.replicas

    def of(self, name: str) -> Tensor:
        """Values of one parameter, [S, size]."""
        return self.values[self.parts[name]].view(self.replicas, -1)

    def find_shared(self, tape: Tape) -> None:
        """Sort the parameters after a walk in "exact" mode: those that tasks share, those in the Jacobian that only one
        task moves (`private`), and those whose gradient belongs to the tasks group by group (`owned`)."""
        self.shared, self.private, self.owned = [], [], []
        self._fold(tape)
        for name, parameter in self.named:
            slot: Slot = parameter.slot  # type: ignore[attr-defined]
            part = self.parts[name]
            if slot.met == tape.stamp:
                moved = int(self.jacobian[:, part].any(dim=1).sum())
                _append(self.private if moved == 1 else self.shared, part)
            elif slot.stamp == tape.stamp:
                self.owned.append(part)

    def gramian(self, tape: Tape, last_layer: bool = False) -> Tensor:
        """Inner products of the tasks' gradients of what they share, or of the last shared layer, [S, T, T] float64."""
        self._fold(tape)
        s, t = self.replicas, self.tasks
        parts = self.shared
        if last_layer:
            parts = [
                self.parts[name]
                for name, parameter in self.named
                if parameter.slot is tape.first_shared  # type: ignore[attr-defined]
            ]
        total = torch.zeros(s, t, t, dtype=torch.float64)
        for rows in self._each(parts):
            exact = rows.double()
            total += torch.bmm(exact, exact.transpose(1, 2))
        return total

    def combine(self, weights: Tensor) -> None:
        """The gradient of what tasks share: the sum of the tasks' gradients times weights [S, T]."""
        w = weights.to(torch.float32).view(self.replicas, 1, self.tasks)
        for part in self._split(self.shared):
            rows = self.jacobian[:, part].view(self.tasks, self.replicas, -1).transpose(0, 1)
            self.gradient[part] = torch.bmm(w, rows).view(-1)

    def combined(self, jacobian: Tensor) -> None:
        """The gradient of what tasks share, [S, P], as a combiner has made it of `shared_jacobian`."""
        start = 0
        for part in self._split(self.shared):
            size = (part.stop - part.start) // self.replicas
            self.gradient[part] = jacobian[:, start : start + size].reshape(-1)
            start += size

    def shared_jacobian(self) -> Tensor:
        """[S, T, P]: a copy, for combiners."""
        return torch.cat(list(self._each(self.shared)), dim=2)

    def finish(self, weights: Tensor | None) -> None:
        """Gradients of what belongs to one task: times its weight [S, T], or as they are."""
        for part in self.private:
            rows = self.jacobian[:, part].view(self.tasks, self.replicas, -1).transpose(0, 1)
            w = torch.ones(self.replicas, self.tasks) if weights is None else weights.float()
            self.gradient[part] = torch.bmm(w.unsqueeze(1), rows).view(-1)
        if weights is not None:
            for part in self.owned:
                self.gradient[part].view(self.replicas, self.tasks, -1).mul_(weights.float().unsqueeze(2))

    def norms(self) -> Tensor:
        """Norm of the gradient of each replica, [S]."""
        if self.replicas == 1:
            return self.gradient.square().sum().sqrt().view(1)
        squares = torch.zeros(self.replicas)
        for part in self.parts.values():
            squares += self.gradient[part].view(self.replicas, -1).square().sum(1)
        return squares.sqrt()

    def scale(self, factors: Tensor) -> None:
        """Multiply the gradient of each replica by its factor [S]."""
        if self.replicas == 1:
            self.gradient.mul_(factors)
            return
        for part in self.parts.values():
            self.gradient[part].view(self.replicas, -1).mul_(factors.view(-1, 1))

    def _fold(self, tape: Tape) -> None:
        """Where a block was used above and below where tasks meet, add what is owned to the rows of the Jacobian."""
        for _, parameter in self.named:
            slot: Slot = parameter.slot  # type: ignore[attr-defined]
            if slot.stamp == slot.met == tape.stamp:
                own = slot.gradient.view(self.replicas, self.tasks, -1)
                for task, row in enumerate(slot.jacobian):
                    row.view(self.replicas, self.tasks, -1)[:, task] += own[:, task]
                slot.stamp = -1

    def _each(self, parts: Sequence[slice]) -> list[Tensor]:
        """The Jacobian's columns of some parts, [S, T, size] each."""
        s, t = self.replicas, self.tasks
        return [self.jacobian[:, part].view(t, s, -1).transpose(0, 1) for part in self._split(parts)]

    def _split(self, parts: Sequence[slice]) -> Sequence[slice]:
        """With one replica neighbouring parameters are one part; with several each stands alone."""
        if self.replicas == 1:
            return parts
        return [own for own in self.parts.values() if any(part.start <= own.start < part.stop for part in parts)]


def _append(parts: list[slice], part: slice) -> None:
    if parts and parts[-1].stop == part.start:
        parts[-1] = slice(parts[-1].start, part.stop)
    else:
        parts.append(part)
