"""Several perceptrons of one shape, computed together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from models.blocks.tape import LINE, Slot, Tape

_relu_backward = torch.ops.aten.threshold_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input


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
        self._active = [last or layer < len(pairs) - 1 for layer in range(len(pairs))]
        self._relu = activation == "relu"
        self.bind()

    def bind(self) -> None:
        """Keep the views of the parameters that every step needs; called again when their storage has changed."""
        weights, biases = [weight.data for weight in self.weight], [bias.data for bias in self.bias]
        self._slots: list[tuple[Slot, Slot]] = [
            (weight.slot, bias.slot)
            for weight, bias in zip(self.weight, self.bias, strict=True)
            if hasattr(weight, "slot")
        ]
        self._forward = [
            (weight, weight.transpose(1, 2), bias.unsqueeze(1), weight.shape[1] == 1 and weight.shape[2] % LINE > 0)
            for weight, bias in zip(weights, biases, strict=True)
        ]

    def forward(self, x: Tensor) -> Tensor:
        """[S, K, N, in] -> [S, G, N, out]: perceptron g reads input g // (G / K)."""
        s, g, n, _ = x.shape
        g_all = self.count
        if g == g_all:
            h = x.view(s * g, n, -1)
        elif s == g == 1:
            h = x.view(1, n, -1).expand(g_all, -1, -1)
        else:
            h = x.unsqueeze(2).expand(-1, -1, g_all // g, -1, -1).reshape(s * g_all, n, -1)
        passed = [h]
        for (weight, transposed, bias, apart), active in zip(self._forward, self._active, strict=True):
            h = (h * weight).sum(2, keepdim=True).add_(bias) if apart else torch.baddbmm(bias, h, transposed)
            if active:
                h = h.relu_() if self._relu else h.tanh_()
            passed.append(h)
        out = h.view(s, g_all, n, -1)
        tape = Tape.current
        if tape is not None:
            wanted = tape.wanted(x)
            tape.record(out, (x,), lambda cotangent: (self._backward(tape, cotangent, x, passed, wanted),))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor, x: Tensor, passed: list[Tensor], wanted: int) -> Tensor | None:
        s, g, n, _ = x.shape
        g_all, rows = self.count, tape.rows(cotangent, x)
        c = cotangent.reshape(s * g_all, rows * n, -1)
        summed = s == g == 1 < g_all and (tape.weighed or not tape.owned)
        for layer in range(len(self._active) - 1, -1, -1):
            if self._active[layer]:
                after = passed[layer + 1]
                each = c if rows == 1 else c.view(s * g_all, rows, n, -1)
                after = after if rows == 1 else after.unsqueeze(1)
                if self._relu:
                    _relu_backward(each, after, 0, grad_input=each)
                else:
                    _tanh_backward(each, after, grad_input=each)
            weight, bias = self._slots[layer]
            tape.add_linear(weight, bias, c, passed[layer], rows)
            if layer:
                c = torch.bmm(c, self._forward[layer][0])
        if not wanted:
            return None
        first = self._forward[0][0]
        # A Gramian that is still to be made of what is sent back wants all columns.
        if wanted < x.shape[3] and (tape.weighed or tape.mode != "representation"):
            first = first[:, :, :wanted]
        if summed:
            if tape.owned:
                c = tape.times_weights(c)
            total = torch.addbmm(c.new_empty(rows * n, first.shape[2]), c, first, beta=0).view(1, 1, rows * n, -1)
            tape.shared(total)
            return total
        c = torch.bmm(c, first)
        dx = c.view(s, g_all, rows * n, -1)
        if g == g_all:
            return dx
        if g > 1 or not tape.owned:
            return dx.view(s, g, g_all // g, rows * n, -1).sum(2)
        own = g_all // tape.tasks
        if own > 1:
            dx = dx.view(s, tape.tasks, own, n, -1).sum(2)
        return tape.meet(dx.view(s, 1, tape.tasks * n, -1))
