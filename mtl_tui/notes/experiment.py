"""A run as a note tells it: settings, last numbers, a short table of the curve, what was changed, what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from models.events import Error, Hello, Mark
from models.pairings import PAIRINGS, Chart, Pairing, Reading
from mtl_tui.flows.closing import closing, reading_text
from mtl_tui.flows.lab import METRICS, task_label
from mtl_tui.lab import folder
from mtl_tui.lab.folder import RunFolderError
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import pick, say

CURVE_ROWS = 6


class Table(Struct, frozen=True):
    """Cells as plain text; every row is as long as the head, at most five columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Experiment(Struct, frozen=True):
    """One run in words and tables. `held`: whether it showed what the explanation says, None if not to be judged."""

    run: str
    title: str
    expected: str
    seed: int
    settings: tuple[str, ...]
    arms: Table
    numbers: Table
    charted: str
    curve: Table
    changes: tuple[str, ...]
    closing: str
    held: bool | None


def load_records(runs: Path, names: Sequence[str]) -> tuple[dict[str, RunRecord], list[str]]:
    """The records of these run folders, and a sentence for each one that is left out because it cannot be read."""
    records: dict[str, RunRecord] = {}
    left_out = []
    for name in names:
        record = RunRecord()
        try:
            record.fold(folder.read(runs / name))
        except RunFolderError as error:
            left_out.append(say("Run {run} is left out of the note: {why}.", run=name, why=error))
            continue
        if record.hello is None:
            left_out.append(say("Run {run} is left out of the note: it ended before its first step.", run=name))
            continue
        records[name] = record
    return records, left_out


def title_of(record: RunRecord) -> str:
    """What was trained: the pairing's title, else its only arm's label."""
    hello = _hello(record)
    pairing = PAIRINGS.get(hello.pairing or "")
    return pick(pairing.title) if pairing else _file_name(pick(hello.arms[0].label))


def experiment(run: str, record: RunRecord) -> Experiment:
    """The run in the present language. The record has begun: it has a hello."""
    hello = _hello(record)
    pairing = PAIRINGS.get(hello.pairing or "")
    chart = pairing.charts[0] if pairing else Chart(_score(hello), hello.tasks[0].name)
    words, held = _closing(pairing, record)
    return Experiment(
        run=run,
        title=title_of(record),
        expected=pick(pairing.expected) if pairing else "",
        seed=hello.seed,
        settings=tuple(_settings(run, record)),
        arms=Table(
            (say("arm"), say("recipe"), say("parameters"), say("batch"), say("learning rate")),
            tuple(
                (
                    _arm_name(hello, arm.key),
                    _file_name(arm.recipe),
                    f"{arm.parameters:,}",
                    f"{arm.batch:,}",
                    f"{arm.learning_rate:g}",
                )
                for arm in hello.arms
            ),
        ),
        numbers=_numbers(pairing, record),
        charted=_chart_name(pairing, record, chart),
        curve=_curve(pairing, record, chart),
        changes=tuple(_change(record, mark) for mark in record.marks),
        closing=words,
        held=held,
    )


def _hello(record: RunRecord) -> Hello:
    assert record.hello is not None
    return record.hello


def _file_name(text: str) -> str:
    """A recipe that came from a file goes by the file's name: a note has no paths."""
    return PurePath(text).name if text.endswith(".toml") else text


def _arm_name(hello: Hello, key: str) -> str:
    label = next(_file_name(pick(arm.label)) for arm in hello.arms if arm.key == key)
    return f"{key} {label}" if len(hello.arms) > 1 else label


def _score(hello: Hello) -> str:
    return "auc" if hello.tasks[0].kind == "binary" else "mse"


def _settings(run: str, record: RunRecord) -> list[str]:
    hello = _hello(record)
    sentences = [
        say(
            "Run {run}: seed {seed}, {done} of {steps} steps, {rows} training rows.",
            run=run,
            seed=hello.seed,
            done=f"{record.step:,}",
            steps=f"{hello.steps:,}",
            rows=f"{hello.rows:,}",
        )
    ]
    for arm in hello.arms:
        if any(weight != 1 for weight in arm.weights):
            weights = ":".join(f"{weight:g}" for weight in arm.weights)
            sentences.append(say("Task weights of {arm}: {weights}.", arm=_arm_name(hello, arm.key), weights=weights))
    return sentences


def _numbers(pairing: Pairing | None, record: RunRecord) -> Table:
    """A row a number, a column an arm: the pairing's large readings, else every metric of every task."""
    arms = [arm.key for arm in _hello(record).arms]
    rows: dict[str, dict[str, str]] = {}
    if pairing is not None:
        for reading in pairing.readings:
            if reading.large:
                value = record.value(reading.arm, reading.metric, reading.task)
                rows.setdefault(pick(reading.label), {})[reading.arm] = reading_text(reading, value)
    else:
        for arm, metric, task in sorted(record.series, key=str):
            name = _chart_name(None, record, Chart(metric, task))
            rows.setdefault(name, {})[arm] = _figure(None, record.value(arm, metric, task))
    return Table(
        (say("at the end"), *(_arm_name(_hello(record), arm) for arm in arms)),
        tuple((name, *(row.get(arm, "-") for arm in arms)) for name, row in rows.items()),
    )


def _figure(reading: Reading | None, value: float | None) -> str:
    if reading is not None:
        return reading_text(reading, value)
    return "-" if value is None else f"{value:.3f}"


def _readings_of(pairing: Pairing | None, chart: Chart) -> dict[str, Reading]:
    """The readings of what is charted, by arm."""
    readings = pairing.readings if pairing else ()
    return {each.arm: each for each in readings if (each.metric, each.task) == (chart.metric, chart.task)}


def _chart_name(pairing: Pairing | None, record: RunRecord, chart: Chart) -> str:
    for reading in _readings_of(pairing, chart).values():
        return pick(reading.label)
    metric = say(METRICS.get(chart.metric, chart.metric))
    if chart.task is None:
        return metric
    return say("{metric}, {task}", metric=metric, task=pick(task_label(record, chart.task)))


def _curve(pairing: Pairing | None, record: RunRecord, chart: Chart) -> Table:
    """About six rows evenly spaced over the measured steps; an arm that ended earlier has a dash after its end."""
    hello = _hello(record)
    series = {arm.key: record.series.get((arm.key, chart.metric, chart.task)) for arm in hello.arms}
    steps = sorted({step for each in series.values() if each for step in each.steps})
    readings = _readings_of(pairing, chart)
    rows = []
    for step in _evenly(steps):
        values = {arm: each.at(step) if each and each.steps[-1] >= step else None for arm, each in series.items()}
        rows.append((f"{step:,}", *(_figure(readings.get(arm), value) for arm, value in values.items())))
    return Table((say("step"), *(_arm_name(hello, arm) for arm in series)), tuple(rows))


def _evenly(steps: list[int]) -> list[int]:
    if not steps:
        return []
    first, last = steps[0], steps[-1]
    wanted = [first + (last - first) * n / (CURVE_ROWS - 1) for n in range(CURVE_ROWS)]
    return sorted({min(steps, key=lambda step: abs(step - goal)) for goal in wanted})


def _change(record: RunRecord, mark: Mark) -> str:
    if isinstance(mark.value, list):
        tasks = _hello(record).tasks
        weights = [f"{pick(task.label)} {weight:g}" for task, weight in zip(tasks, mark.value, strict=True)]
        return say(
            "After step {step}, task weights: {weights}.", step=f"{mark.step:,}", weights=say(", ").join(weights)
        )
    if mark.kind == "extend":
        return say("After step {step}, {n} steps more.", step=f"{mark.step:,}", n=f"{mark.value:g}")
    return say("After step {step}, learning rate times {factor}.", step=f"{mark.step:,}", factor=f"{mark.value:g}")


def _closing(pairing: Pairing | None, record: RunRecord) -> tuple[str, bool | None]:
    """Without the advice on keys that the screen gives."""
    match record.error:
        case Error(kind="nan", step=step, task=task):
            name = pick(task_label(record, task))
            return say("At step {step} the loss of {task} became NaN; the run ended there.", step=step, task=name), None
        case Error(step=step):
            return say("The run failed at step {step}.", step=step), None
    if record.done is None:
        return say("The record of this run breaks off after step {step}.", step=record.step), None
    if pairing is not None:
        return closing(pairing, record)
    return say("Stopped at step {step}.", step=record.step) if record.done.stopped else "", None
