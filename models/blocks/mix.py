"""Gates and what they weigh."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.tape import Tape

LARGE = 1 << 22
"""From so many products of numbers on they are made for one expert after another."""


class Softmax(nn.Module):
    """Logits [S, K, N, E] -> weights that sum to 1 over E; under `top_1` only the largest is kept, the others are 0."""

    def __init__(self, top_1: bool = False) -> None:
        super().__init__()
        self.top_1 = top_1

    def forward(self, logits: Tensor) -> Tensor:
        """[S, K, N, E] -> [S, K, N, E]."""
        soft = logits.transpose(2, 3).softmax(dim=2)  # [S, K, E, N]: many times faster than along the last axis
        kept = None
        if self.top_1:
            kept = functional.one_hot(soft.argmax(2), soft.shape[2]).to(soft).transpose(2, 3)
        out = (soft if kept is None else soft * kept).transpose(2, 3)
        tape = Tape.current
        if tape is not None:
            tape.record(out, (logits,), lambda cotangent: (self._backward(tape, cotangent, soft, kept),))
        return out

    __call__ = forward

    def _backward(self, tape: Tape, cotangent: Tensor, soft: Tensor, kept: Tensor | None) -> Tensor:
        s, k, e, n = soft.shape
        rows = cotangent.shape[2] // n
        if rows == 1 and kept is None:
            c = cotangent.transpose(2, 3).contiguous()
            return torch._softmax_backward_data(c, soft, 2, c.dtype).transpose(2, 3)
        c, p = cotangent.reshape(s, k, rows, n, e).transpose(3, 4), soft.unsqueeze(2)
        if kept is not None:
            c = c * kept.unsqueeze(2)
        dx = torch._softmax_backward_data(c.contiguous(), p.expand_as(c), 3, c.dtype)
        return dx.transpose(3, 4).reshape(cotangent.shape)


class Mix(nn.Module):
    """Weighted sums of experts: out_k = sum_i w_k,i own_k,i + sum_j w_k,j shared_j; own experts come first."""

    def forward(self, weights: Tensor, shared: Tensor, own: Tensor | None = None) -> Tensor:
        """Weights [S, K, N, M + E], experts for all [S, E, N, h], own ones [S, K * M, N, h] -> [S, K, N, h]."""
        s, k, n, _ = weights.shape
        h = shared.shape[3]
        m = 0 if own is None else own.shape[1] // k
        of_shared = weights[..., m:]
        out = _mixed(of_shared.view(s, k, n, -1) if not m else of_shared, shared)
        if own is not None:
            mine = own.view(s * k, m, n, h)
            out = out + _mixed(weights[..., :m].reshape(s * k, 1, n, m), mine).view(s, k, n, h)
        tape = Tape.current
        if tape is not None:
            inputs = (weights, shared) if own is None else (weights, shared, own)
            tape.record(out, inputs, lambda cotangent: self._backward(tape, cotangent, weights, shared, own))
        return out

    __call__ = forward

    def _backward(
        self, tape: Tape, cotangent: Tensor, weights: Tensor, shared: Tensor, own: Tensor | None
    ) -> list[Tensor | None]:
        s, k, n, _ = weights.shape
        h, rows = shared.shape[3], tape.rows(cotangent, weights)
        c = cotangent.reshape(s, k, rows, n, h)
        m = 0 if own is None else own.shape[1] // k
        dw = _inner(c, shared.unsqueeze(1))
        if tape.owned and tape.mode == "representation" and k == tape.tasks:
            share = tape.weigh(lambda: _gramian(weights[..., m:], c[:, :, 0]))
            d_shared = _outer(weights[..., m:] * share.view(s, k, 1, 1), c)
            tape.shared(d_shared)
        elif tape.owned:
            each = c.view(s, tape.tasks, -1, n, h)
            w = weights[..., m:].reshape(s, tape.tasks, -1, n, shared.shape[1])
            d_shared = tape.meet(torch.cat([_outer(w[:, t], each[:, t, :, None]) for t in range(tape.tasks)], dim=2))
        else:
            d_shared = _outer(weights[..., m:], c)
        if own is None:
            return [dw, d_shared]
        mine = own.view(s * k, m, n, h)
        of_own = c.reshape(s * k, 1, rows, n, h)
        dw_own = _inner(of_own, mine.unsqueeze(1)).view(s, k, rows * n, m)
        d_own = _outer(weights[..., :m].reshape(s * k, 1, n, m), of_own).view(s, k * m, rows * n, h)
        return [torch.cat([dw_own, dw], dim=-1), d_shared, d_own]


def _mixed(weights: Tensor, experts: Tensor) -> Tensor:
    """[B, K, N, E], [B, E, N, h] -> [B, K, N, h]."""
    each, values = weights.transpose(2, 3).unsqueeze(4).unbind(2), experts.unsqueeze(1).unbind(2)
    out = each[0] * values[0]
    for weight, value in zip(each[1:], values[1:], strict=True):
        out.addcmul_(weight, value)
    return out


def _inner(cotangent: Tensor, experts: Tensor) -> Tensor:
    """[B, K, R, N, h] and [B, 1, E, N, h] -> inner products [B, K, R * N, E]."""
    b, k, r, n, _ = cotangent.shape
    if cotangent.numel() * experts.shape[2] < LARGE:
        each = (cotangent.unsqueeze(2) * experts.unsqueeze(3)).sum(5)  # [B, K, E, R, N]
    else:
        each = torch.stack([(cotangent * expert.unsqueeze(2)).sum(4) for expert in experts.unbind(2)], dim=2)
    return each.reshape(b, k, -1, r * n).transpose(2, 3)


def _outer(weights: Tensor, cotangent: Tensor) -> Tensor:
    """[B, K, N, E] and [B, K, R, N, h] -> [B, E, R * N, h]: sum over K of weight times cotangent."""
    b, _, n, e = weights.shape
    r, h = cotangent.shape[2], cotangent.shape[4]
    each = weights.transpose(2, 3).unsqueeze(3).unsqueeze(5).unbind(1)  # K of [B, E, 1, N, 1]
    values = cotangent.unsqueeze(2).unbind(1)  # K of [B, 1, R, N, h]
    out = torch.mul(each[0], values[0], out=cotangent.new_empty(b, e, r, n, h))
    for weight, value in zip(each[1:], values[1:], strict=True):
        out.addcmul_(weight, value)
    return out.view(b, e, r * n, h)


def _gramian(weights: Tensor, cotangent: Tensor) -> Tensor:
    """[B, T, N, E] and [B, T, N, h] -> [B, T, T]: inner products of the tasks' gradients by the experts, none of which
    is written out: a product of two small Gramians a row, summed over the rows."""
    w, c = weights.transpose(2, 3).double(), cotangent.double().transpose(1, 2)  # [B, T, E, N], [B, N, T, h]
    of_weights = (w.unsqueeze(1) * w.unsqueeze(2)).sum(3)  # [B, T, T, N]
    rows = c.flatten(0, 1)
    of_rows = torch.bmm(rows, rows.transpose(1, 2)).view(len(c), -1, *of_weights.shape[1:3])  # [B, N, T, T]
    return (of_weights.permute(0, 3, 1, 2) * of_rows).sum(1)
