"""What is known of a run so far: events folded into series, as the charts, the notes and the verdict read them."""

from __future__ import annotations

import bisect
import math
import statistics
from array import array
from collections.abc import Iterable, Iterator
from typing import Literal

from models.events import (
    Best,
    Checkpoint,
    Diverged,
    Done,
    Error,
    Evaluation,
    Event,
    Gates,
    Gradients,
    Hello,
    Mark,
    Metrics,
    State,
    Weights,
)
from mtl_tui.lab.link import Gone

Key = tuple[str, str, str | None]
"""Arm, metric, and task (None: of all tasks at once)."""
TRAIN = "train"
SMOOTH, WEIGHT, NORM, CONFLICTING = "smooth", "weight", "norm", "conflicting"
"""Signals of training itself, beside the metrics of an evaluation."""


class Series:
    """Points in the order of their steps; NaN is a gap. `low` and `high` are the bounds of what is finite.

    A number of several seeds is their mean; `below` and `above` are then one standard deviation away from it.
    """

    def __init__(self) -> None:
        self.steps = array("q")
        self.values = array("d")
        self.low, self.high = math.inf, -math.inf
        self.below: Series | None = None
        self.above: Series | None = None

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, step: int, value: float | None, deviation: float | None = None) -> None:
        """Append a point; None is a gap."""
        number = math.nan if value is None else value
        self.steps.append(step)
        self.values.append(number)
        if math.isfinite(number):
            self.low, self.high = min(self.low, number), max(self.high, number)
        if deviation is not None:
            self.below, self.above = self.below or Series(), self.above or Series()
            self.below.add(step, number - deviation)
            self.above.add(step, number + deviation)

    @property
    def last(self) -> float | None:
        """The newest value, None if there is none or it is a gap."""
        return self.values[-1] if self.values and math.isfinite(self.values[-1]) else None

    def at(self, step: int | None) -> float | None:
        """The value in force at a step: the last one not after it; None is the end."""
        index = len(self) - 1 if step is None else bisect.bisect_right(self.steps, step) - 1
        return self.values[index] if index >= 0 and math.isfinite(self.values[index]) else None


class Seeds(Series):
    """A number that every seed tells on its own; a point is made once all have told theirs, or a later step begins."""

    def __init__(self, replicas: int) -> None:
        super().__init__()
        self._replicas = replicas
        self._step = 0
        self._told: list[float] = []

    def tell(self, step: int, value: float | None) -> None:
        """Take in the value of one seed."""
        if step != self._step:
            self.close()
        self._step = step
        self._told.append(math.nan if value is None else value)
        if len(self._told) >= self._replicas:
            self.close()

    def close(self) -> None:
        """Make a point of what has been told."""
        finite = [value for value in self._told if math.isfinite(value)]
        if self._told:
            deviation = statistics.stdev(finite) if len(finite) > 1 else None
            self.add(self._step, statistics.fmean(finite) if finite else None, deviation)
        self._told = []


class Smooth(Series):
    """Exponential mean of a series, corrected for its start; it follows the raw one, and so does its band."""

    def __init__(self, raw: Series, factor: float) -> None:
        super().__init__()
        self._raw, self._factor = raw, factor
        self._mean = self._weight = 0.0
        self._edges: list[Smooth] = []
        self.follow()

    def follow(self) -> None:
        """Take in what the raw series has gained."""
        for index in range(len(self), len(self._raw)):
            value = self._raw.values[index]
            if value == value:
                self._mean = self._factor * self._mean + (1 - self._factor) * value
                self._weight = self._factor * self._weight + (1 - self._factor)
                value = self._mean / self._weight
            self.add(self._raw.steps[index], value)
        if not self._edges and self._raw.below is not None and self._raw.above is not None:
            self._edges = [Smooth(edge, self._factor) for edge in (self._raw.below, self._raw.above)]
            self.below, self.above = self._edges
        for edge in self._edges:
            edge.follow()


class RunRecord:
    """Folds events. `version` grows with every fold, so that a screen knows when to draw.

    `series` are the training loss and what evaluations tell, `signals` the smoothed loss, task weights, gradient norms
    and the share of conflicting steps, `cosines` those of two tasks' gradients (arm, task, other task). Gates are those
    of the first seed: experts of different seeds have nothing in common but their number.
    """

    def __init__(self) -> None:
        self.version = 0
        self.hello: Hello | None = None
        self.state = State("loading")
        self.series: dict[Key, Seeds] = {}
        self.signals: dict[Key, Seeds] = {}
        self.cosines: dict[Key, Seeds] = {}
        self.measured: dict[str, Literal["exact", "representation"]] = {}
        self.gates: dict[tuple[str, str], list[Gates]] = {}
        self.best: dict[tuple[str, str], dict[int, Best]] = {}
        self.diverged: dict[str, Diverged] = {}
        self.marks: list[Mark] = []
        self.checkpoint: Checkpoint | None = None
        self.done: Done | None = None
        self.error: Error | None = None
        self.gone: Gone | None = None
        self.step = 0

    @property
    def live(self) -> bool:
        """The run has begun, or is about to, and has not ended."""
        return self.done is None and self.error is None and self.gone is None

    @property
    def used_up(self) -> bool:
        """Every task of every arm was stopped early: nothing is left to train, however long the run is made."""
        bests = [best for replicas in self.best.values() for best in replicas.values()]
        return bool(bests) and all(best.stopped for best in bests)

    @property
    def steps(self) -> int:
        """Length of the run: that of its recipe, and what it was made longer by."""
        longer = [mark.value for mark in self.marks if mark.kind == "extend" and isinstance(mark.value, float | int)]
        return (self.hello.steps if self.hello else 0) + int(sum(longer))

    @property
    def replicas(self) -> int:
        """Seeds trained together."""
        return self.hello.replicas if self.hello else 1

    def fold(self, batch: Iterable[Event | Gone]) -> None:
        """Take in events."""
        for event in batch:
            self._take(event)
        self.version += 1

    def metric(self, arm: str, metric: str, task: str | None) -> Series:
        """The series of a metric, empty while nothing is known of it."""
        return self._of(self.series, (arm, metric, task))

    def value(self, arm: str, metric: str, task: str | None, step: int | None = None) -> float | None:
        """A metric at a step, or its last value; None while there is none."""
        series = self.series.get((arm, metric, task))
        return series.at(step) if series is not None else None

    def signal(self, arm: str, signal: str, task: str | None, step: int | None = None) -> float | None:
        """A signal at a step, or its last value; None while there is none."""
        series = self.signals.get((arm, signal, task))
        return series.at(step) if series is not None else None

    def readings(self) -> dict[Key, float]:
        """The last value of everything: (arm, metric, task) to number."""
        return {key: series.last for key, series in self.series.items() if series.last is not None}

    def _take(self, event: Event | Gone) -> None:
        match event:
            case Metrics():
                self._losses(event)
            case Evaluation():
                for metric, value in event.metrics.items():
                    self._of(self.series, (event.arm, metric, event.task)).tell(event.step, value)
            case Gates(replica=0):
                self.gates.setdefault((event.arm, event.task), []).append(event)
            case Weights():
                for task, weight in zip(event.tasks, event.weights, strict=True):
                    self._of(self.signals, (event.arm, WEIGHT, task)).tell(event.step, weight)
            case Gradients():
                self._gradients(event)
            case Best():
                self.best.setdefault((event.arm, event.task), {})[event.replica] = event
            case Mark():
                self.marks.append(event)
            case Checkpoint():
                self.checkpoint = event
            case State():
                self.state = event
                self.step = max(self.step, event.step)
            case _:
                self._begin_or_end(event)

    def _begin_or_end(self, event: Event | Gone) -> None:
        match event:
            case Hello():
                self.hello = event
            case Diverged():
                self.diverged[event.arm] = event
            case Done():
                self.done = event
                self.step = event.step
            case Error():
                self.error = event
            case Gone():
                self.gone = event
            case _:
                pass
        if not self.live:
            for series in self._all():
                series.close()

    def _losses(self, event: Metrics) -> None:
        window = self.hello.window if self.hello else 1
        raw = self._of(self.series, (event.arm, TRAIN, event.task))
        for index, loss in enumerate(event.loss):
            raw.add(event.step + index * window, loss, event.spread[index] if event.spread else None)
        for index, loss in enumerate(event.smooth):
            self._of(self.signals, (event.arm, SMOOTH, event.task)).add(event.step + index * window, loss)
        self.step = max(self.step, event.step + (len(event.loss) - 1) * window)

    def _gradients(self, event: Gradients) -> None:
        arm, step, tasks = event.arm, event.step, event.tasks
        self.measured[arm] = event.balancing
        self._of(self.signals, (arm, CONFLICTING, None)).tell(step, event.conflicting)
        for task, norm in zip(tasks, event.norms, strict=True):
            self._of(self.signals, (arm, NORM, task)).tell(step, norm)
        for row, one in enumerate(tasks):
            for column in range(row):
                self._of(self.cosines, (arm, tasks[column], one)).tell(step, event.cosine[row][column])

    def _of(self, table: dict[Key, Seeds], key: Key) -> Seeds:
        if key not in table:
            table[key] = Seeds(self.replicas)
        return table[key]

    def _all(self) -> Iterator[Seeds]:
        yield from self.series.values()
        yield from self.signals.values()
        yield from self.cosines.values()
