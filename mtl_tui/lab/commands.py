"""What the program tells the worker: one JSON line a command on its standard input."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from models.events import Mark, Text
from models.recipe import Recipe
from models.recipes import load, loads, override


class ArmSpec(Struct, frozen=True):
    """One arm of a run: a shipped recipe by its name, or one of the person's own with its TOML in `text`.

    `overrides` are `KEY=VALUE` pairs as `--set` takes them.
    """

    key: str
    label: Text
    recipe: str
    overrides: dict[str, str] = {}
    text: str = ""

    def build(self) -> Recipe:
        """The recipe to train. Raises RecipeError."""
        return override(loads(self.text, self.recipe) if self.text else load(self.recipe), self.overrides)


class RunSpec(Struct, frozen=True):
    """Everything that decides a run's numbers: two equal specs give the same run.

    `trusted` are the SHA-256 of the files with networks of the person's own that may be loaded. `marks` are the
    interventions of an earlier run, to be done again.
    """

    name: str
    arms: tuple[ArmSpec, ...]
    seed: int
    pairing: str | None = None
    trusted: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()


class Prepare(Struct, frozen=True, tag="prepare", tag_field="command"):
    """Load data and build the networks now, so that `Start` of the same spec begins at once."""

    spec: RunSpec


class Start(Struct, frozen=True, tag="start", tag_field="command"):
    """Train. `folder` is the run folder to write; `pace` 1 takes about 15 s, 2 half of it, 0 is flat out."""

    spec: RunSpec
    run: str
    folder: str
    pace: float = 1.0


class Continue(Struct, frozen=True, tag="continue", tag_field="command"):
    """Go on with the run in `folder` from its last checkpoint, by `more` steps longer than it was.

    The events before the checkpoint come again, from hello on; those after it are forgotten and happen anew.
    """

    spec: RunSpec
    run: str
    folder: str
    pace: float = 1.0
    more: int = 0


class Pause(Struct, frozen=True, tag="pause", tag_field="command"):
    """Stop after the present step until `Resume` or `Step`."""


class Resume(Struct, frozen=True, tag="resume", tag_field="command"):
    """Go on training."""


class Step(Struct, frozen=True, tag="step", tag_field="command"):
    """Train one step and stay paused."""


class Pace(Struct, frozen=True, tag="pace", tag_field="command"):
    """Change the pace; no number of the run depends on it."""

    pace: float


class LearningRate(Struct, frozen=True, tag="learning_rate", tag_field="command"):
    """Multiply the learning rate of every arm."""

    factor: float


class TaskWeights(Struct, frozen=True, tag="task_weights", tag_field="command"):
    """Set the task weights of every arm, in the order of the tasks."""

    weights: list[float]


class Extend(Struct, frozen=True, tag="extend", tag_field="command"):
    """Make the run longer by so many steps."""

    steps: int


class Save(Struct, frozen=True, tag="save", tag_field="command"):
    """Save the whole state of the run to its folder now."""


class Stop(Struct, frozen=True, tag="stop", tag_field="command"):
    """End the run here and keep what it has."""


Command = Prepare | Start | Continue | Pause | Resume | Step | Pace | LearningRate | TaskWeights | Extend | Save | Stop

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def encode(command: Command) -> bytes:
    """One JSON line, with its newline."""
    return _encoder.encode(command) + b"\n"


def decode(line: bytes) -> Command:
    """Read one JSON line. Raises msgspec.DecodeError."""
    return _decoder.decode(line)
