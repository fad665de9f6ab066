"""The charts of a run: which there are, and whose curves stand in each.

With one arm a chart holds all its tasks, with several it holds one task and all arms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.events import Arm, Task
from models.pairings import Chart as ChartSpec
from models.pairings import Pairing
from mtl_tui.flows.lab import METRICS
from mtl_tui.flows.running import worst_pairs
from mtl_tui.lab.record import CONFLICTING, NORM, TRAIN, WEIGHT, Key, RunRecord, Series, Smooth
from mtl_tui.locale import pick, say
from mtl_tui.typeset import clip
from mtl_tui.widgets.chart import TONES, Star
from mtl_tui.widgets.plot import Curve

MOST_PAIRS = 3
END = 8
EARLIER = len(TONES) - 1
"""The tone of an earlier run, laid under the present one."""


class Figure(NamedTuple):
    """A chart of the part "charts", "weights" or "conflict". `subject` is a task's name, empty where all are meant;
    `bounds` values that are always in view; `rule` is one with a line across; `starred` the task whose best points are
    marked."""

    part: str
    subject: str
    quantity: str
    curves: tuple[Curve, ...]
    bounds: tuple[float, ...] = ()
    rule: float | None = None
    starred: str | None = None


class Figures:
    """Makes the figures of a run. `overlay` is an earlier run to lay under them, `factor` that of the smoothing."""

    def __init__(self, record: RunRecord, pairing: Pairing | None, overlay: RunRecord | None, factor: float) -> None:
        assert record.hello is not None
        self._record, self._pairing, self._factor = record, pairing, factor
        self._overlay = overlay if overlay is not None and overlay.hello is not None else None
        self._arms, self._tasks = record.hello.arms, record.hello.tasks
        self._several = len(self._arms) > 1
        self.by_rows = len({arm.batch for arm in self._arms}) > 1
        self._smooth: dict[Key, Smooth] = {}

    def all(self) -> Iterator[Figure]:
        """The figures that the run has so far, part by part."""
        for spec in self._specs():
            starred = spec.task if spec.metric == "loss" and self._record.replicas == 1 else None
            curves = self._compared(spec) if self._several else self._alone(spec)
            yield Figure("charts", self._label(spec.task), self._quantity(spec), tuple(curves), starred=starred)
        if any(moving(self._record, arm) for arm in self._arms):
            yield from self._by_task("weights", WEIGHT, say("task weight"), say("task weights"))
        if self._record.cosines:
            yield self._cosine()
            series = [(arm, (arm.key, CONFLICTING, None)) for arm in self._arms]
            yield Figure("conflict", "", say("share of conflicting steps"), tuple(self._arms_of(series)), (0.0, 1.0))
            yield from self._by_task("conflict", NORM, say("gradient norm"), say("gradient norms"))

    def follow(self) -> None:
        """Let the smoothed curves take in what is new."""
        for smooth in self._smooth.values():
            smooth.follow()

    def stars(self, figure: Figure) -> list[Star]:
        """Where a figure's task was best, an arm each."""
        found = []
        for tone, arm in enumerate(self._arms):
            best = self._record.best.get((arm.key, figure.starred or ""), {}).get(0)
            if best is not None:
                x = best.step * (arm.batch if self.by_rows else 1)
                found.append(Star(x, best.loss, tone if self._several else 1))
        return found

    def _specs(self) -> Sequence[ChartSpec]:
        if self._pairing is not None:
            return self._pairing.charts
        losses = [ChartSpec("loss", task.name) for task in self._tasks]
        scores = [ChartSpec("auc", task.name) for task in self._tasks if task.kind == "binary"]
        return losses + scores

    def _compared(self, spec: ChartSpec) -> Iterator[Curve]:
        """A metric of every arm, over the earlier run's."""
        yield from self._earlier([(spec.metric, spec.task)])
        for tone, arm in enumerate(self._arms):
            key = (arm.key, spec.metric, spec.task)
            series: Series = self._record.metric(*key)
            if spec.metric == TRAIN:
                series = self._smoothed(key, series)
            yield self._curve(arm, series, tone)

    def _alone(self, spec: ChartSpec) -> Iterator[Curve]:
        """A metric of the only arm; beside a held-out loss, which is dotted, the training loss."""
        arm = self._arms[0]
        yield from self._earlier([(spec.metric, spec.task)])
        held_out = self._record.metric(arm.key, spec.metric, spec.task)
        if spec.metric == "loss":
            key = (arm.key, TRAIN, spec.task)
            raw = self._record.metric(*key)
            if self._factor:
                yield Curve(raw, 0, dim=True)
            yield Curve(self._smoothed(key, raw), 0, name=say("train"))
        yield Curve(held_out, 1, dotted=True, name=say("val"))

    def _by_task(self, part: str, signal: str, one: str, all_: str) -> Iterator[Figure]:
        """A signal of every task: all in one figure, or a figure a task where several arms are compared."""
        if not self._several:
            arm = self._arms[0]
            series = [(task, (arm.key, signal, task.name)) for task in self._tasks]
            yield Figure(part, "", all_, tuple(self._tasks_of(series)))
            return
        for task in self._tasks:
            keys = [(arm, (arm.key, signal, task.name)) for arm in self._arms]
            if curves := tuple(self._arms_of(keys)):
                yield Figure(part, pick(task.label), one, curves)

    def _cosine(self) -> Figure:
        """Cosines of the tasks' gradients: those of the pairs that conflict most, of every arm's worst one if there
        are several arms."""
        record = self._record
        pairs = [(arm, worst_pairs(record, arm.key)) for arm in self._arms]
        count = max(len(found) for _, found in pairs)
        title = say("gradient cosine")
        curves: list[Curve] = []
        if self._several:
            title = say("cosine of the worst pair") if count > 1 else title
            for tone, (arm, found) in enumerate(pairs):
                if found:
                    end = f"{arm.key} {self._numbered(found[0])}" if count > 1 else arm.key
                    curves.append(self._curve(arm, record.cosines[found[0]], tone, end))
        else:
            arm, found = pairs[0]
            worst = found[:MOST_PAIRS]
            if len(found) > len(worst):
                title = say("cosine, {n} worst of {count} pairs", n=len(worst), count=len(found))
            for tone, key in enumerate(worst):
                curves.append(self._curve(arm, record.cosines[key], tone, self._numbered(key) if count > 1 else ""))
        return Figure("conflict", "", title, tuple(curves), (0.0,), rule=0.0)

    def _arms_of(self, keys: Sequence[tuple[Arm, Key]]) -> Iterator[Curve]:
        signals = self._record.signals
        yield from self._earlier([key[1:] for _, key in keys[:1]])
        for tone, (arm, key) in enumerate(keys):
            if key in signals:
                yield self._curve(arm, signals[key], tone, arm.key if self._several else "")

    def _tasks_of(self, keys: Sequence[tuple[Task, Key]]) -> Iterator[Curve]:
        signals = self._record.signals
        yield from self._earlier([key[1:] for _, key in keys])
        for index, (task, key) in enumerate(keys):
            if key in signals:
                label = pick(task.label)
                dotted = bool(index % 2)
                yield Curve(signals[key], index % len(TONES), dotted=dotted, name=label, end=clip(label, END))

    def _curve(self, arm: Arm, series: Series, tone: int, end: str | None = None) -> Curve:
        """A curve of an arm: solid for the first, dotted for the second, and so on."""
        end = arm.key if end is None else end
        scale = arm.batch if self.by_rows else 1
        return Curve(series, tone % len(TONES), dotted=bool(tone % 2), scale=scale, name=end, end=end)

    def _earlier(self, metrics: Sequence[tuple[str, str | None]]) -> Iterator[Curve]:
        if self._overlay is None or self._overlay.hello is None:
            return
        for arm in self._overlay.hello.arms:
            for metric, task in metrics:
                key = (arm.key, metric, task)
                series = self._overlay.series.get(key) or self._overlay.signals.get(key)
                if series is not None:
                    yield Curve(series, EARLIER, dim=True, scale=arm.batch if self.by_rows else 1)

    def _smoothed(self, key: Key, raw: Series) -> Series:
        if not self._factor:
            return raw
        if key not in self._smooth:
            self._smooth[key] = Smooth(raw, self._factor)
        return self._smooth[key]

    def _label(self, task: str | None) -> str:
        return next((pick(each.label) for each in self._tasks if each.name == task), task or "")

    def _quantity(self, spec: ChartSpec) -> str:
        if spec.metric in METRICS or self._pairing is None:
            return say(METRICS.get(spec.metric, spec.metric))
        readings = self._pairing.readings
        labels = (pick(each.label) for each in readings if (each.metric, each.task) == (spec.metric, spec.task))
        return next(labels, spec.metric)

    def _numbered(self, pair: Key) -> str:
        """Two tasks by their places, as `numbered` says them."""
        names = [task.name for task in self._tasks]
        return "-".join(str(names.index(task) + 1) for task in pair[1:] if task in names)


def moving(record: RunRecord, arm: Arm) -> bool:
    """An arm's task weights are worth a chart: they are learned, or someone has changed them."""
    weights = [series for key, series in record.signals.items() if key[:2] == (arm.key, WEIGHT)]
    return bool(weights) and (arm.weighting != "equal" or any(series.low < series.high for series in weights))


def numbered(record: RunRecord) -> str:
    """The tasks with their places, by which pairs are named; empty where there is one pair only."""
    tasks = record.hello.tasks if record.hello else []
    if len(tasks) < 3:
        return ""
    return "  ".join(f"{place} {pick(task.label)}" for place, task in enumerate(tasks, start=1))


def shape(record: RunRecord) -> object:
    """All that decides which figures there are; while it stays the same the figures only grow."""
    hello = record.hello
    arms = hello.arms if hello else []
    pairs = tuple(tuple(worst_pairs(record, arm.key)[:MOST_PAIRS]) for arm in arms)
    moved = tuple(moving(record, arm) for arm in arms)
    return id(hello), record.steps, moved, pairs, len(record.signals)
