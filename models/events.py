"""The one event schema of a run, version 1: what the worker sends, what a run folder holds, what `--jsonl` prints.

Every number is keyed by arm, replica and task. `arm` is the arm's key ("A", "B", ...), `replica` counts seeds trained
together from 0, `task` is the task's name, or None for a number that belongs to all tasks at once (a correlation
between two predictions, say). Readers ignore fields that they do not know. No torch, no numpy.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

VERSION = 1


class Text(Struct, frozen=True):
    """One human sentence in Chinese and English."""

    zh: str
    en: str


class Task(Struct, frozen=True):
    """A task of the run: `name` keys its numbers, `label` is for people."""

    name: str
    label: Text
    kind: Literal["binary", "regression"]


class Arm(Struct, frozen=True):
    """One of the recipes trained side by side: `batch` rows a step, `parameters` trained numbers."""

    key: str
    label: Text
    recipe: str
    parameters: int
    batch: int
    learning_rate: float
    weights: list[float]


class Hello(Struct, frozen=True, tag="hello", tag_field="event"):
    """First event of a run. `steps` is the length of the longest arm, `rows` the number of training rows."""

    run: str
    seed: int
    steps: int
    window: int
    rows: int
    arms: list[Arm]
    tasks: list[Task]
    replicas: int = 1
    pairing: str | None = None
    version: int = VERSION


class Metrics(Struct, frozen=True, tag="metrics", tag_field="event"):
    """Training loss of consecutive windows: `loss[i]` is the mean over the window that ends at `step + i * window`."""

    arm: str
    replica: int
    task: str
    step: int
    loss: list[float | None]


class Evaluation(Struct, frozen=True, tag="evaluation", tag_field="event"):
    """Named metrics on held-out rows after `step` steps (0: before training)."""

    arm: str
    replica: int
    task: str | None
    step: int
    metrics: dict[str, float | None]


class Gates(Struct, frozen=True, tag="gates", tag_field="event"):
    """Mean weight that a task's gate gives each expert on held-out rows, [experts]; `entropy` is 1 when even, 0 when
    one expert has all."""

    arm: str
    replica: int
    task: str
    step: int
    weights: list[float]
    entropy: float


class Mark(Struct, frozen=True, tag="mark", tag_field="event"):
    """An intervention by the person, in effect from the step after `step`: a learning rate factor, or task weights."""

    step: int
    kind: Literal["learning_rate", "task_weights"]
    value: float | list[float]


class State(Struct, frozen=True, tag="state", tag_field="event"):
    """What the worker is doing now; `speed` is steps a second since the last State, `pace` 0 means flat out.

    `saved` is False once the run folder could not be written (a full disk, say): training goes on.
    """

    phase: Literal["ready", "loading", "running", "paused"]
    step: int = 0
    speed: float = 0.0
    pace: float = 1.0
    saved: bool = True


class Done(Struct, frozen=True, tag="done", tag_field="event"):
    """Last event of a run that ended by itself or was stopped (`stopped`): `seconds` is wall time."""

    step: int
    seconds: float
    stopped: bool = False


class Error(Struct, frozen=True, tag="error", tag_field="event"):
    """Last event of a run that failed. `kind` picks the sentence shown to the person, the other fields fill it."""

    kind: Literal["nan", "recipe", "data", "disk", "crash"]
    message: str
    step: int = 0
    arm: str | None = None
    task: str | None = None
    learning_rate: float = 0.0


Event = Hello | Metrics | Evaluation | Gates | Mark | State | Done | Error

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """One JSON line, without the newline. NaN and infinity are written as null."""
    return _encoder.encode(event)


def decode(line: bytes | str) -> Event:
    """Read one JSON line. Raises msgspec.DecodeError for anything that is not an event of this schema."""
    return _decoder.decode(line)
