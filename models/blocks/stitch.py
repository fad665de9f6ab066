"""The cross-stitch unit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


class Stitch(nn.Module):
    """out_k = sum_j a_kj x_j over the tasks' activations. `weight` is made as [T, T]; in training [S * T, T]."""

    def __init__(self, tasks: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(tasks, tasks))

    def forward(self, x: Tensor) -> Tensor:
        """[S, T, N, d] -> [S, T, N, d]."""
        s, t, n, d = x.shape
        a, flat = self.weight.view(s, t, t), x.reshape(s, t, n * d)
        out = torch.bmm(a, flat).view(s, t, n, d)
        tape = Tape.current
        if tape is not None:
            tape.record(out, (x,), lambda cotangent: (self._backward(tape, cotangent, a, x),))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor, a: Tensor, x: Tensor) -> Tensor:
        s, t, n, d = x.shape
        c = cotangent.reshape(s, t, -1, n * d)
        flat = x.reshape(s, t, n * d).transpose(1, 2)
        tape.add(self.weight, [torch.bmm(c[:, :, row], flat) for row in range(c.shape[2])])
        if tape.owned:
            return tape.meet((a.transpose(1, 2).unsqueeze(3) * c.view(s, 1, t, n * d)).reshape(s, t, t * n, d))
        return torch.bmm(a.transpose(1, 2), c.view(s, t, -1)).view(s, t, -1, d)
