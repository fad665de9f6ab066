"""What is collected between two evaluations: training losses, task weights, gradients; and each task's best point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor

from models.events import Best, Gradients, Metrics, Weights
from models.training.seen import Seen

SMOOTH = 0.98


class Losses:
    """Training losses [S, T] of every step, sent as means of windows."""

    def __init__(self, tasks: int) -> None:
        self._unsent: list[Tensor] = []
        self._sent = 0
        self._smooth = [0.0] * tasks
        self._smooth_weight = 0.0

    @property
    def last(self) -> Tensor | None:
        """Those of the newest step that was not sent."""
        return self._unsent[-1] if self._unsent else None

    def add(self, losses: Sequence[Tensor]) -> None:
        """Those of some steps."""
        self._unsent += losses

    def flush(self, arm: str, tasks: Sequence[str], window: int) -> Iterator[Metrics]:
        """One block per task for the windows completed since the last flush."""
        count = len(self._unsent) // window
        if not count:
            return
        each = torch.stack(self._unsent[: count * window])
        each = each.view(count, window, *each.shape[1:]).mean(1)  # [count, S, T]
        del self._unsent[: count * window]
        first, self._sent = self._sent + window, self._sent + count * window
        means = each.mean(1).T.tolist()  # [T][count]
        smooth = self._smoothed(means, SMOOTH**window)
        spread = each.std(1).T.tolist() if each.shape[1] > 1 else [[] for _ in tasks]
        for k, task in enumerate(tasks):
            yield Metrics(arm, 0, task, first, means[k], smooth[k], spread[k])

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        return {
            "unsent": torch.stack(self._unsent) if self._unsent else torch.empty(0),
            "smooth": torch.tensor(self._smooth, dtype=torch.float64),
            "counts": torch.tensor([self._sent, self._smooth_weight], dtype=torch.float64),
        }

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        self._unsent, self._smooth = list(state["unsent"]), state["smooth"].tolist()
        sent, self._smooth_weight = state["counts"].tolist()
        self._sent = int(sent)

    def _smoothed(self, means: Sequence[Sequence[float]], factor: float) -> list[list[float | None]]:
        """Exponential means of each task's losses, [T] lists as long as `means` [T]."""
        weights, weight = [], self._smooth_weight
        for _ in means[0]:
            weight = factor * weight + (1 - factor)
            weights.append(weight)
        self._smooth_weight = weight
        out: list[list[float | None]] = []
        for task, losses in enumerate(means):
            smooth = self._smooth[task]
            line: list[float | None] = []
            for loss, divisor in zip(losses, weights, strict=True):
                smooth = factor * smooth + (1 - factor) * loss
                line.append(smooth / divisor)
            self._smooth[task] = smooth
            out.append(line)
        return out


class Signals:
    """How tasks were weighed, [S, T], at every step, and the Gramians [S, T, T] of their gradients where known."""

    def __init__(self, replicas: int, tasks: int) -> None:
        self._used = torch.zeros(replicas, tasks)
        self._steps = 0
        self.gramians: list[Tensor] = []

    def add(self, steps: int, used: Tensor, gramians: Sequence[Tensor]) -> None:
        """Those of some steps: the sum of their weights, and the Gramians of those whose gradients were looked at."""
        self._used += used
        self._steps += steps
        self.gramians += gramians

    def events(
        self, arm: str, tasks: list[str], step: int, balancing: Literal["exact", "representation"]
    ) -> Iterator[Weights | Gradients]:
        """Means since the last call, for each replica."""
        if self._steps:
            for replica, weights in enumerate((self._used / self._steps).tolist()):
                yield Weights(arm, replica, step, tasks, weights)
        self._used.zero_()
        self._steps = 0
        if not self.gramians:
            return
        gramians = torch.stack(self.gramians)  # [B, S, T, T]
        self.gramians.clear()
        norms = gramians.diagonal(dim1=2, dim2=3).sqrt()
        cosine = gramians / (norms.unsqueeze(3) * norms.unsqueeze(2)).clamp(min=1e-300)
        conflicting = (gramians < 0).flatten(2).any(dim=2).double().mean(0).tolist()
        for replica, share in enumerate(conflicting):
            sizes, angles = norms[:, replica].mean(0).tolist(), cosine[:, replica].mean(0).tolist()
            yield Gradients(arm, replica, step, len(gramians), balancing, tasks, sizes, angles, share)

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        return {
            "used": self._used,
            "steps": torch.tensor([self._steps]),
            "gramians": torch.stack(self.gramians) if self.gramians else torch.empty(0),
        }

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        self._used, self._steps, self.gramians = state["used"].clone(), int(state["steps"]), list(state["gramians"])


class BestPoints:
    """Each task's lowest held-out loss, where it was, and the parameters there. With `patience` above 0 a task that has
    not done better for so many evaluations is `stopped`, [S, T]."""

    def __init__(self, replicas: int, tasks: Sequence[str], patience: int) -> None:
        shape = replicas, len(tasks)
        self._tasks, self._patience = tasks, patience
        self.stopped = torch.zeros(shape, dtype=torch.bool)
        self._loss = torch.full(shape, math.inf)
        self._at, self._waited = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        self.parameters: dict[str, dict[str, Tensor]] = {}

    def look(self, arm: str, step: int, losses: Tensor, seen: Sequence[Seen]) -> Iterator[Best]:
        """Take in the held-out losses [S, T] of an evaluation."""
        better = (losses < self._loss) & ~self.stopped
        self._loss = torch.where(better, losses, self._loss)
        self._at = torch.where(better, step, self._at)
        self._waited = torch.where(better, 0, self._waited + 1)
        late = (self._waited >= self._patience) & ~self.stopped & (self._patience > 0)
        self.stopped |= late
        for replica, k in (better | late).nonzero().tolist():
            if better[replica, k]:
                self._keep(self._tasks[k], replica, seen)
            loss, at = float(self._loss[replica, k]), int(self._at[replica, k])
            yield Best(arm, replica, self._tasks[k], at, loss, bool(late[replica, k]))

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        kept = {f"{task}/{name}": value for task, found in self.parameters.items() for name, value in found.items()}
        return {"stopped": self.stopped, "loss": self._loss, "at": self._at, "waited": self._waited} | kept

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        self.stopped, self._loss, self._at, self._waited = (
            state[name].clone() for name in ("stopped", "loss", "at", "waited")
        )
        for name, value in state.items():
            task, _, parameter = name.partition("/")
            if parameter:
                self.parameters.setdefault(task, {})[parameter] = value.clone()

    def _keep(self, task: str, replica: int, seen: Sequence[Seen]) -> None:
        """The parameters of one replica, each [S, size]."""
        source, index = seen[replica].learner.parameters, seen[replica].index
        kept = self.parameters.setdefault(task, {})
        for name, _ in source.named:
            value = source.of(name)[index]
            kept.setdefault(name, value.repeat(len(seen), 1))[replica] = value
