"""A network of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from models import own
from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.tape import Tape
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError
from models.seeding import generator


class _Module(Local):
    """A person's module on the rows of one replica: [1, 1, N, D] -> [1, T, N, 1].

    It is in training mode on the tape only. Chance inside it, such as dropout, is drawn by the seed and by `calls`, the
    number of passes in training so far, so that a run repeats.
    """

    calls: Tensor

    def __init__(self, path: Path, module: nn.Module, tasks: int) -> None:
        super().__init__()
        self.path, self.module, self.tasks, self.seed = path, module, tasks, 0
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))

    def compute(self, *inputs: Tensor) -> Tensor:
        x, training = inputs[0][0, 0], Tape.current is not None
        self.module.train(training)
        self.calls += training
        try:
            with torch.random.fork_rng(devices=()):
                torch.manual_seed(generator(self.seed, f"own.{int(self.calls)}").initial_seed())
                y = self.module(x)
        except Exception as error:
            raise own.failure(self.path, error) from error
        if not isinstance(y, Tensor) or y.shape != (len(x), self.tasks):
            found = f"a tensor {list(y.shape)}" if isinstance(y, Tensor) else type(y).__name__
            raise RecipeError(
                f"{self.path}: {type(self.module).__name__} makes {found} of [{len(x)}, {x.shape[1]}]; it has to make "
                f"[{len(x)}, {self.tasks}], a column per task; correct its forward."
            )
        return y.T[None, :, :, None]


class Own(Network):
    """`Class(inputs, tasks)` from a person's file, with the inputs as columns (embeddings of the ids first), giving a
    logit for a binary task and the value for a regression. Its initial numbers are its own, drawn by the seed.

    Raises RecipeError if the file is not trusted, or if the class cannot be built or makes something else of two rows
    than [2, tasks].
    """

    def __init__(self, config: catalogue.Own, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        self.make = own.load_class(config.source, own.TRUSTED)
        self.path, self.count = own.read(config.source).path, len(tasks)
        self.own = self._made(0)

    def initialise(self, seed: int) -> None:
        """Embeddings as in every network; the rest as the class draws it."""
        super().initialise(seed)
        self.own.seed = seed
        self.own.load_state_dict(self._made(seed).state_dict())

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [1, T, N, 1]."""
        y: Tensor = self.own(self.inputs(*columns))
        return y

    def _made(self, seed: int) -> _Module:
        try:
            with torch.random.fork_rng(devices=()):
                torch.manual_seed(generator(seed, "own").initial_seed())
                module = self.make(self.inputs.width, self.count)
        except Exception as error:
            raise own.failure(self.path, error) from error
        made = _Module(self.path, module, self.count)
        made(torch.zeros(1, 1, 2, self.inputs.width))
        return made
