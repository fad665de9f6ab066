"""Adam, AdamW and SGD on one flat buffer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Optimizer:
    """Moves `values` [P] along `gradient` [P]. `name` is "adam", "adamw" (decay apart from the gradient) or "sgd".

    Defaults are those of torch.optim: betas 0.9 and 0.999, epsilon 1e-8, no momentum. Adam: Kingma, Ba, ICLR 2015,
    algorithm 1; AdamW: Loshchilov, Hutter, ICLR 2019, algorithm 2.
    """

    def __init__(self, name: str, values: Tensor, gradient: Tensor, weight_decay: float) -> None:
        self._sgd = name == "sgd"
        self._values, self._gradient, self._decay = values, gradient, weight_decay
        self._fused: Any = torch._fused_adamw_ if name == "adamw" else torch._fused_adam_
        size = 0 if self._sgd else len(values)
        self._mean, self._square = torch.zeros(size), torch.zeros(size)
        self._count = torch.zeros(())

    def step(self, learning_rate: float) -> None:
        """One update."""
        if self._sgd:
            if self._decay:
                self._gradient.add_(self._values, alpha=self._decay)
            self._values.add_(self._gradient, alpha=-learning_rate)
            return
        self._count.add_(1)
        self._fused(
            *([self._values], [self._gradient], [self._mean], [self._square], [], [self._count]),
            lr=learning_rate,
            beta1=BETA_1,
            beta2=BETA_2,
            weight_decay=self._decay,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        return {"mean": self._mean, "square": self._square, "count": self._count}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        for mine, name in ((self._mean, "mean"), (self._square, "square"), (self._count, "count")):
            mine.copy_(state[name])
