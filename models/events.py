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
    """One of the recipes trained side by side: `batch` rows a step, `parameters` trained numbers of one replica.

    `weighting` is the catalogue's name of how tasks are weighed; `balancing` says of which gradients, None where it
    looks at losses alone; then heads get their own task's gradient unweighted. `replicas` are "batched" (one step moves
    all) or "looped". `hashed` names inputs whose vocabulary was too large and is hashed.
    """

    key: str
    label: Text
    recipe: str
    parameters: int
    batch: int
    learning_rate: float
    weights: list[float]
    weighting: str = "equal"
    balancing: Literal["exact", "representation"] | None = None
    replicas: Literal["batched", "looped"] = "batched"
    hashed: list[str] = []


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
    """Training loss of consecutive windows: `loss[i]` is the mean over the window that ends at `step + i * window`.

    With several replicas it is their mean, `spread` their standard deviation, and `replica` is 0. `smooth` is the
    exponential mean of `loss` with factor 0.98 a step, corrected for its start.
    """

    arm: str
    replica: int
    task: str
    step: int
    loss: list[float | None]
    smooth: list[float | None] = []
    spread: list[float | None] = []


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


class Weights(Struct, frozen=True, tag="weights", tag_field="event"):
    """What each task's gradient was multiplied by, mean over the steps since the last one; in the order of `tasks`."""

    arm: str
    replica: int
    step: int
    tasks: list[str]
    weights: list[float | None]


class Gradients(Struct, frozen=True, tag="gradients", tag_field="event"):
    """The tasks' gradients of what they share, over the `steps` steps measured since the last one, up to `step`.

    A weighting that works on gradients measures every step; under any other, one step before each evaluation is.
    `norms` [T] and `cosine` [T][T] are means, in the order of `tasks`; `conflicting` is the share of the measured steps
    on which the gradients of two tasks had a negative inner product.
    """

    arm: str
    replica: int
    step: int
    steps: int
    balancing: Literal["exact", "representation"]
    tasks: list[str]
    norms: list[float | None]
    cosine: list[list[float | None]]
    conflicting: float


class Best(Struct, frozen=True, tag="best", tag_field="event"):
    """A task's lowest held-out loss so far and the step it was seen at; `stopped`: the task is trained no further."""

    arm: str
    replica: int
    task: str
    step: int
    loss: float
    stopped: bool = False


Cause = Literal["", "learning_rate", "loss_scale", "weights", "data"]
"""Why a loss may have stopped being finite: the rate is too large for the gradients, one task's loss is far larger than
the others', the person's or the weighting's weights are extreme, or the data hold a number that is not finite."""


class Diverged(Struct, frozen=True, tag="diverged", tag_field="event"):
    """One arm of several has ended because a loss was no longer finite; the others go on. Fields as in `Error`."""

    arm: str
    replica: int
    task: str | None
    step: int
    learning_rate: float
    cause: Cause


class Checkpoint(Struct, frozen=True, tag="checkpoint", tag_field="event"):
    """The whole state of the run after `step` was saved to `file` in the run folder."""

    step: int
    file: str


class Mark(Struct, frozen=True, tag="mark", tag_field="event"):
    """An intervention by the person or the recipe, in effect from the step after `step`.

    `value` is a learning rate factor, task weights, or the number of steps by which the run was made longer. `planned`
    ones come from the recipe of `arm`; a person's hold for all arms.
    """

    step: int
    kind: Literal["learning_rate", "task_weights", "extend"]
    value: float | list[float]
    planned: bool = False
    arm: str | None = None


class State(Struct, frozen=True, tag="state", tag_field="event"):
    """What the worker is doing now; `speed` is steps a second since the last State, `samples` rows a second (of all
    arms and replicas), `pace` 0 means flat out.

    `saved` is False once the run folder could not be written (a full disk, say): training goes on.
    """

    phase: Literal["ready", "loading", "running", "paused"]
    step: int = 0
    speed: float = 0.0
    pace: float = 1.0
    saved: bool = True
    samples: float = 0.0


class Done(Struct, frozen=True, tag="done", tag_field="event"):
    """Last event of a run that ended by itself or was stopped (`stopped`): `seconds` is wall time."""

    step: int
    seconds: float
    stopped: bool = False


class Error(Struct, frozen=True, tag="error", tag_field="event"):
    """Last event of a run that failed. `kind` picks the sentence shown to the person, the other fields fill it."""

    kind: Literal["nan", "recipe", "data", "disk", "checkpoint", "crash"]
    message: str
    step: int = 0
    arm: str | None = None
    task: str | None = None
    learning_rate: float = 0.0
    cause: Cause = ""


Event = (
    Hello
    | Metrics
    | Evaluation
    | Gates
    | Weights
    | Gradients
    | Best
    | Diverged
    | Checkpoint
    | Mark
    | State
    | Done
    | Error
)

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """One JSON line, without the newline. NaN and infinity are written as null."""
    return _encoder.encode(event)


def decode(line: bytes | str) -> Event:
    """Read one JSON line. Raises msgspec.DecodeError for anything that is not an event of this schema."""
    return _decoder.decode(line)
