"""Several perceptrons of one shape, computed together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from models.blocks.tape import LINE, Tape

_relu_backward = torch.ops.aten.threshold_backward
_tanh_backward = torch.ops.aten.tanh_backward


class Mlps(nn.Module):
    """G perceptrons with layers of `widths` = (input, hidden, ..., output).

    `activation` ("relu" or "tanh") follows every layer, the last one only if `last` is True. Made as [G, out, in] and
    [G, out]; in training [S * G, out, in] and [S * G, out].
    """

    def __init__(self, count: int, widths: Sequence[int], activation: str, last: bool = False) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        self.count = count
        self.weight = nn.ParameterList([torch.empty(count, wide, narrow) for narrow, wide in pairs])
        self.bias = nn.ParameterList([torch.empty(count, wide) for _, wide in pairs])
        self.layers = list(zip(self.weight, self.bias, strict=True))
        self.active = [last or layer < len(pairs) - 1 for layer in range(len(pairs))]
        self.relu = activation == "relu"

    def forward(self, x: Tensor) -> Tensor:
        """[S, 1, N, in], the same for all, or [S, G, N, in], one for each -> [S, G, N, out]."""
        s, g, n, _ = x.shape
        h = x.view(s * g, n, -1) if g == self.count else x.expand(-1, self.count, -1, -1).reshape(s * self.count, n, -1)
        passed = [h]
        for (weight, bias), active in zip(self.layers, self.active, strict=True):
            if weight.shape[1] == 1 and weight.shape[2] % LINE:
                h = (h * weight).sum(2, keepdim=True).add_(bias.unsqueeze(1))
            else:
                h = torch.baddbmm(bias.unsqueeze(1), h, weight.transpose(1, 2))
            if active:
                h = h.relu_() if self.relu else h.tanh_()
            passed.append(h)
        out = h.view(s, self.count, n, -1)
        tape = Tape.current
        if tape is not None:
            wanted = tape.wants(x)
            tape.record(out, (x,), lambda cotangent: (self._backward(tape, cotangent, x, passed, wanted),))
        return out

    def _backward(self, tape: Tape, cotangent: Tensor, x: Tensor, passed: list[Tensor], wanted: bool) -> Tensor | None:
        s, g, n, _ = x.shape
        rows = tape.rows(cotangent, x)
        c = cotangent.reshape(s * self.count, rows * n, -1)
        for layer in range(len(self.layers) - 1, -1, -1):
            weight, bias = self.layers[layer]
            if self.active[layer]:
                after = passed[layer + 1]
                if rows > 1:
                    four, seen = c.view(s * self.count, rows, n, -1), after.unsqueeze(1)
                else:
                    four, seen = c, after
                if self.relu:
                    _relu_backward.grad_input(four, seen, 0, grad_input=four)
                else:
                    _tanh_backward.grad_input(four, seen, grad_input=four)
            tape.add_product(weight, c, passed[layer], rows)
            tape.add_sum(bias, c, rows)
            if layer or wanted:
                c = torch.bmm(c, weight)
        if not wanted:
            return None
        dx = c.view(s, self.count, rows * n, -1)
        if g == self.count:
            return dx
        if not tape.owned:
            return dx.sum(1, keepdim=True)
        own = self.count // tape.tasks
        if own > 1:
            dx = dx.view(s, tape.tasks, own, n, -1).sum(2)
        return tape.meet(dx.view(s, 1, tape.tasks * n, -1))
