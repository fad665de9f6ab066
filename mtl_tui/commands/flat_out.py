"""Training without a screen: the lab runs flat out while what happens is printed."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping

import click

from models.events import Done, Error, Evaluation, Event, Hello, State
from models.pairings import Pairing
from mtl_tui.commands.plain import Failure, line, warn
from mtl_tui.flows.closing import closing, failure, large_readings
from mtl_tui.flows.lab import METRICS, Lab, pairing_spec
from mtl_tui.lab.commands import RunSpec
from mtl_tui.lab.link import Gone
from mtl_tui.lab.record import TRAIN, RunRecord
from mtl_tui.locale import pick, say

Hear = Callable[[list[Event | Gone]], None]


def run(lab: Lab, spec: RunSpec, hear: Hear) -> RunRecord:
    """Train to the end; every batch of events goes to `hear`. Ctrl+C stops the run and keeps it, twice abandons it."""
    return asyncio.run(_run(lab, spec, hear))


async def _run(lab: Lab, spec: RunSpec, hear: Hear) -> RunRecord:
    batches: asyncio.Queue[list[Event | Gone]] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        lab.stop()

    lab.pace, lab.heard = "full", batches.put_nowait
    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        try:
            await lab.begin(spec)
        except OSError as error:
            raise Failure(say("The training process cannot be started: {why}.", why=error.strerror)) from error
        while lab.live or not batches.empty():
            hear(await batches.get())
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        await lab.close()
    assert lab.record is not None
    return lab.record


class Table:
    """A line for each evaluation of each arm, in words."""

    def __init__(self) -> None:
        self._hello: Hello | None = None
        self._at: tuple[int, str] | None = None
        self._parts: list[str] = []

    def hear(self, batch: list[Event | Gone]) -> None:
        """Print what is complete: a State ends what the worker sent together."""
        for event in batch:
            match event:
                case Hello():
                    self._hello = event
                    _introduce(event)
                case Evaluation():
                    if self._at != (event.step, event.arm):
                        self._flush()
                    self._at = event.step, event.arm
                    self._parts.append(_numbers(self._hello, event.task, event.metrics))
                case State() | Done() | Error() | Gone():
                    self._flush()
                case _:
                    pass

    def _flush(self) -> None:
        if self._parts and self._at is not None:
            step, arm = self._at
            click.echo(say("Step {step}, {arm}: {numbers}", step=step, arm=arm, numbers=say("; ").join(self._parts)))
        self._parts = []


class Quarters:
    """Four lines on a pairing's numbers to watch: at a quarter, a half, three quarters and the end."""

    def __init__(self, lab: Lab, pairing: Pairing) -> None:
        self._lab, self._pairing, self._told = lab, pairing, 0

    def hear(self, _batch: list[Event | Gone]) -> None:
        """Print the quarters that are over."""
        record = self._lab.record
        if record is None or record.hello is None:
            return
        steps = record.hello.steps
        while self._told < 4 and record.step >= steps * (self._told + 1) // 4:
            self._told += 1
            step = steps * self._told // 4
            line(say("Step {step} of {steps}: {numbers}", step=step, steps=steps, numbers=self._at(record, step)))

    def _at(self, record: RunRecord, step: int) -> str:
        groups = large_readings(
            self._pairing,
            lambda each: series.at(step) if (series := record.series.get((each.arm, each.metric, each.task))) else None,
        )
        return say("; ").join(f"{name} {say(', ').join(parts)}" for name, parts in groups)


def train_pairing(lab: Lab, pairing: Pairing) -> None:
    """Train what a question claims, and say what was seen."""
    seed = lab.next_seed(pairing.id)
    line(say("Training: {title}, seed {seed}. It starts in a few seconds.", title=pick(pairing.title), seed=seed))
    line(say("To watch: {what}.", what=pick(pairing.watch)))
    record = run(lab, pairing_spec(pairing, seed), Quarters(lab, pairing).hear)
    sentence, held = closing(pairing, record)
    line(sentence, {True: "right", False: "wrong", None: "body"}[held])
    if not record.state.saved:
        warn(say("The run folder cannot be written; nothing of this run is kept."))


def last_numbers(record: RunRecord) -> str:
    """How a run ended that is not judged: what went wrong, or its last numbers."""
    trouble = failure(record)
    if trouble or record.hello is None or record.done is None:
        return trouble
    parts = []
    for arm in record.hello.arms:
        for task in (*(each.name for each in record.hello.tasks), None):
            metrics = {
                metric: record.value(arm.key, metric, task)
                for key, metric, of in record.series
                if (key, of) == (arm.key, task) and metric != TRAIN
            }
            if metrics:
                parts.append(f"{arm.key} {_numbers(record.hello, task, metrics)}")
    numbers, step, seconds = say("; ").join(parts), record.done.step, f"{record.done.seconds:.1f}"
    if record.done.stopped:
        return say("Stopped at step {step}; what was trained is kept: {numbers}.", step=step, numbers=numbers)
    return say("Done, {step} steps in {seconds} s: {numbers}.", step=step, seconds=seconds, numbers=numbers)


def _introduce(hello: Hello) -> None:
    click.echo(
        say(
            "{rows} training rows, {steps} steps, seed {seed}.",
            rows=f"{hello.rows:,}",
            steps=hello.steps,
            seed=hello.seed,
        )
    )
    for arm in hello.arms:
        click.echo(
            say(
                "{arm}: {label} ({recipe}), {parameters} parameters, batches of {batch}, learning rate {rate}.",
                arm=arm.key,
                label=pick(arm.label),
                recipe=arm.recipe,
                parameters=f"{arm.parameters:,}",
                batch=arm.batch,
                rate=f"{arm.learning_rate:g}",
            )
        )


def _numbers(hello: Hello | None, task: str | None, metrics: Mapping[str, float | None]) -> str:
    tasks = hello.tasks if hello is not None else []
    label = next((f"{pick(each.label)} " for each in tasks if each.name == task), "")
    values = (f"{say(METRICS.get(name, name))} {_value(value)}" for name, value in metrics.items())
    return label + say(", ").join(values)


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
