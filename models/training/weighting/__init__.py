"""How tasks are weighed against each other. Here by their losses; `models.training.balancing` does by their gradients.

S replicas are trained together, T tasks each. Nothing of one replica depends on another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.catalogue.row import Row


class Weighting:
    """What every weighting has; on its own, the rule that a subclass changes is "all weights are 1".

    `config` is the catalogue's row, `binary` [T] says which tasks are binary, `sources` holds one generator a replica.
    `needs` names what `weights` looks at beside the losses: nothing, the Gramian of the last shared layer, that of all
    shared parameters, or (a Combiner) the gradients themselves. `after` asks for `after_step`.

    Losses [S, T] are float32 and carry the person's fixed task weights already. A loss of exactly 0 belongs to a task
    of which the batch has no row, or whose fixed weight is 0: it takes no part in the step.
    """

    needs: ClassVar[Literal["losses", "last-layer", "gramian", "jacobian"]] = "losses"
    after: ClassVar[bool] = False

    def __init__(self, config: Row, replicas: int, binary: Tensor, sources: Sequence[torch.Generator]) -> None:
        self.shape = (replicas, len(binary))
        self.sources = list(sources)
        self._buffers: dict[str, Tensor] = {}

    def buffer(self, name: str, value: Tensor) -> Tensor:
        """`value`, which from now on belongs to the state under `name`. Change it in place only."""
        self._buffers[name] = value
        return value

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """What each task's gradient is multiplied by in this step, [S, T]; then learned numbers may move.

        Called once a step, before the parameters move. `gramian` [S, T, T] float64 is that of the gradients of
        `losses`; None if the weighting needs none or there is one task.
        """
        return torch.ones(self.shape)

    def after_step(self, losses: Tensor) -> None:
        """Learn from the losses of the same batch after the parameters moved; called if `after` is True."""

    def metrics(self) -> dict[str, Tensor]:
        """Numbers to report with an evaluation, [S, T] by name."""
        return {}

    def state(self) -> dict[str, Tensor]:
        """All that a resumed run needs to go on bit for bit: the buffers and the generators."""
        return self._buffers | {"sources": torch.stack([source.get_state() for source in self.sources])}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        for name, value in self._buffers.items():
            value.copy_(state[name])
        for source, numbers in zip(self.sources, state["sources"], strict=True):
            source.set_state(numbers.clone())  # torch crashes on a row of a larger tensor


class Combiner(Weighting):
    """A weighting that mixes the gradients entry by entry, which no weights can say."""

    needs: ClassVar[Literal["losses", "last-layer", "gramian", "jacobian"]] = "jacobian"

    def combine(self, jacobian: Tensor) -> Tensor:
        """Gradients of the tasks by all shared parameters, [S, T, P] -> the one that is followed, [S, P]."""
        raise NotImplementedError


class Equal(Weighting):
    """The sum of the losses, each times its fixed task weight."""
