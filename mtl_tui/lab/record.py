"""What is known of a run so far: events folded into series, as the charts, the notes and the verdict read them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from models.events import Done, Error, Evaluation, Event, Gates, Hello, Mark, Metrics, State
from mtl_tui.lab.link import Gone

Key = tuple[str, str, str | None]
TRAIN = "train"


class Series:
    """Points in the order of their steps; NaN is a gap. `low` and `high` are the bounds of what is finite."""

    def __init__(self) -> None:
        self.steps = array("q")
        self.values = array("d")
        self.low, self.high = math.inf, -math.inf

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, step: int, value: float | None) -> None:
        """Append a point; None is a gap."""
        number = math.nan if value is None else value
        self.steps.append(step)
        self.values.append(number)
        if math.isfinite(number):
            self.low, self.high = min(self.low, number), max(self.high, number)

    @property
    def last(self) -> float | None:
        """The newest value, None if there is none or it is a gap."""
        return self.values[-1] if self.values and math.isfinite(self.values[-1]) else None

    def at(self, step: int) -> float | None:
        """The value in force at a step: the last one not after it."""
        import bisect

        index = bisect.bisect_right(self.steps, step) - 1
        return self.values[index] if index >= 0 and math.isfinite(self.values[index]) else None


class Smooth(Series):
    """Exponential mean of a series, corrected for its start; it follows the raw one."""

    def __init__(self, raw: Series, factor: float) -> None:
        super().__init__()
        self._raw, self._factor = raw, factor
        self._mean = self._weight = 0.0
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


class RunRecord:
    """Folds events. `version` grows with every fold, so that a screen knows when to draw."""

    def __init__(self) -> None:
        self.version = 0
        self.hello: Hello | None = None
        self.state = State("loading")
        self.series: dict[Key, Series] = {}
        self.gates: dict[tuple[str, str], list[Gates]] = {}
        self.marks: list[Mark] = []
        self.done: Done | None = None
        self.error: Error | None = None
        self.gone: Gone | None = None
        self.step = 0

    @property
    def live(self) -> bool:
        """The run has begun, or is about to, and has not ended."""
        return self.done is None and self.error is None and self.gone is None

    def fold(self, batch: Iterable[Event | Gone]) -> None:
        """Take in events."""
        for event in batch:
            self._take(event)
        self.version += 1

    def value(self, arm: str, metric: str, task: str | None) -> float | None:
        """The last value of a metric, None while there is none."""
        series = self.series.get((arm, metric, task))
        return series.last if series is not None else None

    def readings(self) -> dict[Key, float]:
        """The last value of everything: (arm, metric, task) to number."""
        return {key: series.last for key, series in self.series.items() if series.last is not None}

    def _take(self, event: Event | Gone) -> None:
        match event:
            case Metrics():
                series = self._series((event.arm, TRAIN, event.task))
                window = self.hello.window if self.hello else 1
                for index, loss in enumerate(event.loss):
                    series.add(event.step + index * window, loss)
                self.step = max(self.step, event.step + (len(event.loss) - 1) * window)
            case Evaluation():
                for metric, value in event.metrics.items():
                    self._series((event.arm, metric, event.task)).add(event.step, value)
            case Gates():
                self.gates.setdefault((event.arm, event.task), []).append(event)
            case Hello():
                self.hello = event
            case State():
                self.state = event
                self.step = max(self.step, event.step)
            case Mark():
                self.marks.append(event)
            case Done():
                self.done = event
                self.step = event.step
            case Error():
                self.error = event
            case Gone():
                self.gone = event

    def _series(self, key: Key) -> Series:
        if key not in self.series:
            self.series[key] = Series()
        return self.series[key]
