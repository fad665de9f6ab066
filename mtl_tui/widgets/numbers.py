"""What is known of every arm and task at a step, as tables: a row a quantity, a column an arm and task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mtl_tui.flows.lab import METRICS
from mtl_tui.flows.running import best_steps, conflicts
from mtl_tui.lab.record import NORM, SMOOTH, TRAIN, WEIGHT, RunRecord
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block, clip, width_of
from mtl_tui.widgets.plot import number

SCORES = ("auc", "gauc", "accuracy", "log_loss", "rmse", "calibration")
NARROW, WIDE = 9, 14
"""Cells of a column: the least that a name is cut to where all columns shall fit, and the most that it takes."""


class Column(NamedTuple):
    """One arm and task."""

    arm: str
    task: str
    head: str


class Quantity(NamedTuple):
    """A row: its name, and its text for an arm and task, empty where nothing is known."""

    name: str
    text: Callable[[str, str], str]


def tables(record: RunRecord, width: int, cursor: int | None) -> list[list[Block]]:
    """As many tables as the columns need at this width, then a line for each arm whose gradients were measured."""
    columns = list(_columns(record))
    cells = [
        (quantity.name, texts)
        for quantity in _quantities(record, cursor)
        if any(texts := [quantity.text(column.arm, column.task) for column in columns])
    ]
    if not columns or not cells:
        return []
    names = max(width_of(name) for name, _ in cells)
    widest = min(max(width_of(column.head) for column in columns) + 1, WIDE)
    room = max(width - names, NARROW)
    fit = max(room // (widest if room // widest >= len(columns) else min(widest, NARROW)), 1)
    tall = -(-len(columns) // fit)
    each = -(-len(columns) // tall)
    cell = min(room // each, WIDE)
    found = []
    for start in range(0, len(columns), each):
        part = slice(start, start + each)
        heads = "".join(_right(column.head, cell) for column in columns[part])
        lines = [Block(" " * names + heads, "head", verbatim=True)]
        for name, texts in cells:
            row = name + " " * (names - width_of(name)) + "".join(_right(text or "-", cell) for text in texts[part])
            lines.append(Block(row, "code", verbatim=True))
        found.append(lines)
    found[-1] += [Block(line, "quiet") for line in _arms(record, cursor)]
    return found


def _columns(record: RunRecord) -> Iterator[Column]:
    hello = record.hello
    assert hello is not None
    for arm in hello.arms:
        for task in hello.tasks:
            if {(arm.key, TRAIN, task.name), (arm.key, "loss", task.name)} & record.series.keys():
                label = pick(task.label)
                yield Column(arm.key, task.name, f"{arm.key} {label}" if len(hello.arms) > 1 else label)


def _quantities(record: RunRecord, cursor: int | None) -> Iterator[Quantity]:
    def metric(name: str) -> Callable[[str, str], str]:
        return lambda arm, task: _text(record.value(arm, name, task, cursor))

    def signal(name: str) -> Callable[[str, str], str]:
        return lambda arm, task: _text(record.signal(arm, name, task, cursor))

    yield Quantity(say("training loss"), metric(TRAIN))
    yield Quantity(say("smoothed"), signal(SMOOTH))
    yield Quantity(say("validation loss"), metric("loss"))
    if record.replicas > 1:
        yield Quantity(say("sd over seeds"), lambda arm, task: _deviation(record, arm, task, cursor))
    yield Quantity(say("gap"), lambda arm, task: _gap(record, arm, task, cursor))
    for score in SCORES:
        yield Quantity(say(METRICS[score]), metric(score))
    yield Quantity(say("best at step"), lambda arm, task: best_steps(record, arm, task))
    yield Quantity(say("task weight"), signal(WEIGHT))
    yield Quantity(say("gradient norm"), signal(NORM))


def _arms(record: RunRecord, cursor: int | None) -> Iterator[str]:
    assert record.hello is not None
    several = len(record.hello.arms) > 1
    for arm in record.hello.arms:
        name = f"{arm.key} " if several else ""
        if text := conflicts(record, arm.key, cursor):
            yield name + text
        if arm.hashed:
            yield name + say("hashed, as there are too many values: {inputs}", inputs=say(", ").join(arm.hashed))


def _gap(record: RunRecord, arm: str, task: str, cursor: int | None) -> str:
    held_out, fitted = (record.value(arm, metric, task, cursor) for metric in ("loss", "train_loss"))
    return f"{held_out - fitted:+.3f}" if held_out is not None and fitted is not None else ""


def _deviation(record: RunRecord, arm: str, task: str, cursor: int | None) -> str:
    series = record.series.get((arm, "loss", task))
    if series is None or series.above is None:
        return ""
    value, above = series.at(cursor), series.above.at(cursor)
    return _text(above - value if value is not None and above is not None else None)


def _text(value: float | None) -> str:
    return "" if value is None else number(value)


def _right(text: str, width: int) -> str:
    text = clip(text, width - 1)
    return " " * (width - width_of(text)) + text
