"""Activations side by side."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


class Stack(nn.Module):
    """Activations [S, G_i, N, d] -> [S, sum of G_i, N, d]."""

    def forward(self, *parts: Tensor) -> Tensor:
        """One after another along the groups."""
        out = torch.cat(parts, dim=1)
        tape = Tape.current
        if tape is not None:
            sizes = [part.shape[1] for part in parts]
            tape.record(out, parts, lambda cotangent: self._backward(tape, cotangent, sizes))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor, sizes: list[int]) -> list[Tensor | None]:
        if tape.owned:
            cotangent = tape.meet(tape.spread(cotangent))
        pieces: list[Tensor | None] = []
        for piece in torch.split(cotangent, sizes, dim=1):
            own = piece.contiguous()
            tape.shared(own)
            pieces.append(own)
        return pieces
