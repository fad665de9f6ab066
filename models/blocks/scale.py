"""Gates that scale what passes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


class Scale(nn.Module):
    """x times 2 sigmoid(logits), number by number: between 0 and 2, and 1 where the logit is 0."""

    def forward(self, x: Tensor, logits: Tensor) -> Tensor:
        """Both [S, G, N, d] -> [S, G, N, d]."""
        gate = torch.sigmoid(logits).mul_(2)
        out = x * gate
        tape = Tape.current
        if tape is not None:
            tape.record(out, (x, logits), lambda cotangent: self._backward(tape, cotangent, x, gate))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor, x: Tensor, gate: Tensor) -> tuple[Tensor, Tensor]:
        s, g, n, d = x.shape
        c = cotangent.reshape(s, g, -1, n, d)
        slope = x * gate * (1 - gate / 2)
        return (c * gate.unsqueeze(2)).view(cotangent.shape), (c * slope.unsqueeze(2)).view(cotangent.shape)
