"""The step written out by hand for one network each: no autograd, no blocks, flat buffers, fused Adam."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from references.autograd import Loop
from references.workload import BOTTOM, EMBEDDING, EXPERTS, FIELDS, LEARNING_RATE, TOWER, VOCABULARY, WIDTH, Rows

relu_backward = torch.ops.aten.threshold_backward.grad_input
IDS = FIELDS * EMBEDDING
TOWERS = {"t1": "tower.weight.0", "b_t1": "tower.bias.0", "t2": "tower.weight.1", "b_t2": "tower.bias.1"}
BOTTOMS = {"w1": "bottom.0.weight", "b1": "bottom.0.bias", "w2": "bottom.2.weight", "b2": "bottom.2.bias"}
EXPERT = {"w1": "experts.weight.0", "b1": "experts.bias.0", "w2": "experts.weight.1", "b2": "experts.bias.1"}
GATES = {"gate": "gate.weight.0", "b_gate": "gate.bias.0"}


class Hand:
    """Buffers, batches, loss and Adam; subclasses write `forward` and `backward`."""

    same: ClassVar[dict[str, str]]
    """Its parameters, but for the table, by their names in the autograd network."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.tasks = rows, rows.labels.shape[1]
        shapes = {"table": (FIELDS * VOCABULARY, EMBEDDING), **self.layers(self.tasks)}
        total = sum(math.prod(shape) for shape in shapes.values())
        self.flat, self.grad = torch.empty(total), torch.zeros(total)
        self.mean, self.square, self.count = torch.zeros(total), torch.zeros(total), torch.zeros(())
        self.p: dict[str, Tensor] = {}
        self.g: dict[str, Tensor] = {}
        start = 0
        for name, shape in shapes.items():
            end = start + math.prod(shape)
            self.p[name], self.g[name] = self.flat[start:end].view(shape), self.grad[start:end].view(shape)
            start = end
            if name.startswith("b"):
                self.p[name].zero_()
            else:
                self.p[name].copy_(torch.randn(shape) / shape[-2] ** 0.5)
        self.losses: list[Tensor] = []
        self.ones = torch.ones(BOTTOM[-1])

    def layers(self, tasks: int) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """[N, 72] -> [T, N, 1]."""
        raise NotImplementedError

    def backward(self, c: Tensor) -> Tensor:
        """[T, N, 1] -> [N, 72]."""
        raise NotImplementedError

    def step(self, at: Tensor) -> None:
        """One step; the losses are kept, as for a live chart."""
        with torch.inference_mode():
            self.gradient(at)
            self.count.add_(1)
            torch._fused_adam_(
                *([self.flat], [self.grad], [self.mean], [self.square], [], [self.count]),
                lr=LEARNING_RATE,
                beta1=0.9,
                beta2=0.999,
                weight_decay=0.0,
                eps=1e-8,
                amsgrad=False,
                maximize=False,
            )

    def gradient(self, at: Tensor) -> None:
        """Gradients of the sum of the tasks' losses."""
        ids = self.rows.ids.index_select(0, at).view(-1)
        vectors = self.p["table"].index_select(0, ids).view(len(at), IDS)
        z = self.forward(torch.cat([vectors, self.rows.numbers.index_select(0, at)], dim=1))
        y = self.rows.labels.index_select(0, at).T.unsqueeze(2)
        loss = functional.softplus(z).addcmul_(z, y, value=-1).mean((1, 2))
        self.losses.append(loss)
        dx = self.backward(torch.sigmoid(z).sub_(y).mul_(1 / len(at)))
        self.g["table"].zero_().index_put_((ids,), dx[:, :IDS].reshape(-1, EMBEDDING), accumulate=True)

    def tower_forward(self, h: Tensor) -> Tensor:
        """[T or 1, N, H] -> [T, N, 1]."""
        self.h = h.expand(self.tasks, -1, -1)
        self.t = torch.baddbmm(self.p["b_t1"], self.h, self.p["t1"]).relu_()
        return torch.baddbmm(self.p["b_t2"], self.t, self.p["t2"])

    def tower_backward(self, c: Tensor) -> Tensor:
        """[T, N, 1] -> [T, N, H]."""
        torch.bmm(self.t.transpose(1, 2), c, out=self.g["t2"])
        torch.sum(c, 1, keepdim=True, out=self.g["b_t2"])
        c = torch.bmm(c, self.p["t2"].transpose(1, 2))
        relu_backward(c, self.t, 0, grad_input=c)
        torch.bmm(self.h.transpose(1, 2), c, out=self.g["t1"])
        torch.sum(c, 1, keepdim=True, out=self.g["b_t1"])
        return torch.bmm(c, self.p["t1"].transpose(1, 2))


def towers(tasks: int) -> dict[str, tuple[int, ...]]:
    """Shapes of the towers 16-1."""
    return {"t1": (tasks, BOTTOM[-1], TOWER), "b_t1": (tasks, 1, TOWER), "t2": (tasks, TOWER, 1), "b_t2": (tasks, 1, 1)}


class SharedBottom(Hand):
    """Bottom 64-32, towers 16-1."""

    same: ClassVar[dict[str, str]] = BOTTOMS | TOWERS

    def layers(self, tasks: int) -> dict[str, tuple[int, ...]]:
        a, b = BOTTOM
        return {"w1": (WIDTH, a), "b1": (1, a), "w2": (a, b), "b2": (1, b)} | towers(tasks)

    def forward(self, x: Tensor) -> Tensor:
        p = self.p
        self.x = x
        self.a = torch.addmm(p["b1"], x, p["w1"]).relu_()
        self.b = torch.addmm(p["b2"], self.a, p["w2"]).relu_()
        return self.tower_forward(self.b[None])

    def backward(self, c: Tensor) -> Tensor:
        p, g = self.p, self.g
        d = self.tower_backward(c).sum(0)
        relu_backward(d, self.b, 0, grad_input=d)
        torch.mm(self.a.t(), d, out=g["w2"])
        torch.sum(d, 0, keepdim=True, out=g["b2"])
        d = torch.mm(d, p["w2"].t())
        relu_backward(d, self.a, 0, grad_input=d)
        torch.mm(self.x.t(), d, out=g["w1"])
        torch.sum(d, 0, keepdim=True, out=g["b1"])
        return torch.mm(d, p["w1"].t())


class Mmoe(Hand):
    """Four experts 64-32, a gate and a tower 16-1 a task."""

    same: ClassVar[dict[str, str]] = EXPERT | GATES | TOWERS

    def layers(self, tasks: int) -> dict[str, tuple[int, ...]]:
        a, b = BOTTOM
        experts = {"w1": (EXPERTS, WIDTH, a), "b1": (EXPERTS, 1, a), "w2": (EXPERTS, a, b), "b2": (EXPERTS, 1, b)}
        return experts | {"gate": (tasks, EXPERTS, WIDTH), "b_gate": (tasks, 1, EXPERTS)} | towers(tasks)

    def forward(self, x: Tensor) -> Tensor:
        p = self.p
        self.x, self.each = x.expand(EXPERTS, -1, -1), x.expand(self.tasks, -1, -1)
        self.a = torch.baddbmm(p["b1"], self.x, p["w1"]).relu_()
        self.f = torch.baddbmm(p["b2"], self.a, p["w2"]).relu_()
        logits = torch.baddbmm(p["b_gate"], self.each, p["gate"].transpose(1, 2))
        self.gates = logits.transpose(1, 2).softmax(1)  # [T, E, N]
        gates, experts = self.gates.unsqueeze(3).unbind(1), self.f.unbind()
        mixed = gates[0] * experts[0]  # [T, N, H]
        for gate, expert in zip(gates[1:], experts[1:], strict=True):
            mixed.addcmul_(gate, expert)
        return self.tower_forward(mixed)

    def backward(self, c: Tensor) -> Tensor:
        p, g = self.p, self.g
        c = self.tower_backward(c)  # [T, N, H]
        gates, each = self.gates.unsqueeze(3).unbind(), c.unbind()
        d = gates[0] * each[0]  # [E, N, H]
        for gate, one in zip(gates[1:], each[1:], strict=True):
            d.addcmul_(gate, one)
        dg = torch.mv((c.unsqueeze(1) * self.f).view(-1, BOTTOM[-1]), self.ones).view_as(self.gates)
        dg = torch._softmax_backward_data(dg, self.gates, 1, torch.float32)
        torch.bmm(dg, self.each, out=g["gate"])
        torch.sum(dg, 2, keepdim=True, out=g["b_gate"].transpose(1, 2))
        dx = torch.addbmm(self.x[0], dg.transpose(1, 2), p["gate"], beta=0)
        relu_backward(d, self.f, 0, grad_input=d)
        torch.bmm(self.a.transpose(1, 2), d, out=g["w2"])
        torch.sum(d, 1, keepdim=True, out=g["b2"])
        d = torch.bmm(d, p["w2"].transpose(1, 2))
        relu_backward(d, self.a, 0, grad_input=d)
        torch.bmm(self.x.transpose(1, 2), d, out=g["w1"])
        torch.sum(d, 1, keepdim=True, out=g["b1"])
        return dx.addbmm_(d, p["w1"].transpose(1, 2))


def check(hand: Hand, loop: Loop) -> None:
    """Assert that the gradients written by hand are autograd's, on the same parameters and one batch."""
    named, at = dict(loop.network.named_parameters()), torch.arange(256)
    leaves = {"table": loop.table, **{mine: named[theirs] for mine, theirs in hand.same.items()}}
    gradients = torch.autograd.grad(loop.loss(at).sum(), list(leaves.values()))
    for name, leaf in leaves.items():
        hand.p[name].copy_(_turned(name, leaf.detach()).view_as(hand.p[name]))
    with torch.inference_mode():
        hand.gradient(at)
    for name, gradient in zip(leaves, gradients, strict=True):
        expected = _turned(name, gradient).view_as(hand.g[name])
        torch.testing.assert_close(hand.g[name], expected, rtol=1e-3, atol=1e-6)


def _turned(name: str, value: Tensor) -> Tensor:
    """Most weights are [in, out] here, all are [out, in] there."""
    return value.mT.contiguous() if name in ("w1", "w2", "t1", "t2") else value
