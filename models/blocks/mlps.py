"""Several perceptrons of one shape, computed together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}


class Mlps(nn.Module):
    """K perceptrons with layers of `widths` = (input, hidden, ..., output).

    `activation` follows every layer, the last one only if `last` is True. Weights are [K, out, in], biases [K, out].
    """

    def __init__(self, count: int, widths: Sequence[int], activation: str, last: bool = False) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        self.weight = nn.ParameterList([torch.empty(count, wide, narrow) for narrow, wide in pairs])
        self.bias = nn.ParameterList([torch.empty(count, wide) for _, wide in pairs])
        self.activation, self.last = ACTIVATIONS[activation], last

    def forward(self, x: Tensor) -> Tensor:
        """[N, in], the same for all, or [K, N, in], one for each -> [K, N, out]."""
        for layer, (weight, bias) in enumerate(zip(self.weight, self.bias, strict=True), start=1):
            x = torch.baddbmm(bias[:, None, :], x.expand(len(weight), -1, -1), weight.transpose(1, 2))
            if self.last or layer < len(self.weight):
                x = self.activation(x)
        return x
