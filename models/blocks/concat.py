"""Activations of the same rows, one after another."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


class Concat(nn.Module):
    """Activations [S, G, N, d_i] -> [S, G, N, sum of d_i]."""

    def forward(self, *parts: Tensor) -> Tensor:
        """One after another in each row."""
        out = torch.cat(parts, dim=3)
        tape = Tape.current
        if tape is not None:
            sizes = [part.shape[3] for part in parts]
            tape.record(
                out, parts, lambda cotangent: [part.contiguous() for part in torch.split(cotangent, sizes, dim=3)]
            )
        return out

    __call__ = forward
