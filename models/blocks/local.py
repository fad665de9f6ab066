"""Any differentiable function as a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.blocks.tape import Tape


class Local(nn.Module):
    """A block whose backward is autograd's, kept inside the block. Subclasses write `compute`.

    Inputs and output are [S, G, N, d]. `batched` says whether `compute` and its parameters carry the replica axis; a
    network with a block that does not trains its seeds one after another. A step with such a block runs under `no_grad`
    rather than under `inference_mode`, whose tensors autograd may not save. `apart` says that each group of the output
    comes from the same group of the inputs and of the parameters: what belongs to one task then stays its own.
    """

    batched: ClassVar[bool] = False
    apart: ClassVar[bool] = False

    def compute(self, *inputs: Tensor) -> Tensor:
        """The function itself."""
        raise NotImplementedError

    def forward(self, *inputs: Tensor) -> Tensor:
        """`compute`, and its entry on the tape."""
        tape = Tape.current
        if tape is None:
            return self.compute(*inputs)
        wanted = [tape.wanted(x) > 0 for x in inputs]
        leaves = [x.detach().requires_grad_(want) for x, want in zip(inputs, wanted, strict=True)]
        with torch.enable_grad():
            traced = self.compute(*leaves)
        out = traced.detach()
        tape.record(out, inputs, lambda cotangent: self._backward(tape, cotangent, traced, leaves, wanted))
        return out

    __call__ = forward

    def _backward(
        self, tape: Tape, cotangent: Tensor, traced: Tensor, leaves: Sequence[Tensor], wanted: Sequence[bool]
    ) -> list[Tensor | None]:
        owned = tape.owned and self.apart
        if tape.owned and not owned:
            cotangent = tape.meet(tape.spread(cotangent))
        s, g, n, d = traced.shape
        rows = tape.rows(cotangent, traced)
        each = cotangent.reshape(s, g, rows, n, d)
        parameters = [parameter for parameter in self.parameters() if parameter.requires_grad]
        sources = [leaf for leaf, want in zip(leaves, wanted, strict=True) if want] + parameters
        if not sources or not traced.requires_grad:
            return [None] * len(leaves)
        gradients = [
            torch.autograd.grad(traced, sources, each[:, :, row], retain_graph=row < rows - 1, allow_unused=True)
            for row in range(rows)
        ]
        first = len(sources) - len(parameters)
        for index, parameter in enumerate(parameters, start=first):
            tape.add(parameter, [gradient[index] for gradient in gradients])
        found = iter(range(first))
        out: list[Tensor | None] = []
        for leaf, want in zip(leaves, wanted, strict=True):
            if not want:
                out.append(None)
                continue
            index = next(found)
            if gradients[0][index] is None:
                out.append(None)
                continue
            parts = [torch.zeros_like(leaf) if of[index] is None else of[index] for of in gradients]
            dx = torch.cat(parts, dim=2)
            if not owned:
                tape.shared(dx)
            out.append(dx)
        return out
