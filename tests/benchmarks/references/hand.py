"""The step written out by hand for one network each: no autograd, no blocks, flat buffers, fused Adam."""

from __future__ import annotations

import math

import torch
from references.workload import BOTTOM, EMBEDDING, EXPERTS, FIELDS, LEARNING_RATE, TOWER, VOCABULARY, WIDTH, Rows
from torch import Tensor
from torch.nn import functional

relu_backward = torch.ops.aten.threshold_backward.grad_input
IDS = FIELDS * EMBEDDING


class Hand:
    """Buffers, batches, loss and Adam; subclasses write `forward` and `backward`."""

    shapes: dict[str, tuple[int, ...]]

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


class SharedBottom(Hand):
    """Bottom 64-32, towers 16-1."""

    def layers(self, tasks: int) -> dict[str, tuple[int, ...]]:
        a, b = BOTTOM
        return {
            **{"w1": (WIDTH, a), "b1": (1, a), "w2": (a, b), "b2": (1, b)},
            **{"t1": (tasks, b, TOWER), "b_t1": (tasks, 1, TOWER), "t2": (tasks, TOWER, 1), "b_t2": (tasks, 1, 1)},
        }

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

    def layers(self, tasks: int) -> dict[str, tuple[int, ...]]:
        a, b = BOTTOM
        return {
            **{"w1": (EXPERTS, WIDTH, a), "b1": (EXPERTS, 1, a), "w2": (EXPERTS, a, b), "b2": (EXPERTS, 1, b)},
            **{"gate": (tasks, WIDTH, EXPERTS), "b_gate": (tasks, 1, EXPERTS)},
            **{"t1": (tasks, b, TOWER), "b_t1": (tasks, 1, TOWER), "t2": (tasks, TOWER, 1), "b_t2": (tasks, 1, 1)},
        }

    def forward(self, x: Tensor) -> Tensor:
        p = self.p
        self.x, self.each = x.expand(EXPERTS, -1, -1), x.expand(self.tasks, -1, -1)
        self.a = torch.baddbmm(p["b1"], self.x, p["w1"]).relu_()
        self.f = torch.baddbmm(p["b2"], self.a, p["w2"]).relu_()
        self.gates = torch.baddbmm(p["b_gate"], self.each, p["gate"]).transpose(1, 2).softmax(1).transpose(1, 2)
        if len(x) >= 512:
            mixed = self.gates[:, :, 0, None] * self.f[0]
            for expert in range(1, EXPERTS):
                mixed.addcmul_(self.gates[:, :, expert, None], self.f[expert])
        else:
            mixed = torch.bmm(self.gates.transpose(0, 1), self.f.transpose(0, 1)).transpose(0, 1).contiguous()
        return self.tower_forward(mixed)

    def backward(self, c: Tensor) -> Tensor:
        p, g = self.p, self.g
        c = self.tower_backward(c)  # [T, N, H]
        weights = self.gates.permute(0, 2, 1).unsqueeze(3)  # [T, E, N, 1]
        d = torch.mul(weights[0], c[0], out=torch.empty_like(self.f))
        for task in range(1, self.tasks):
            d.addcmul_(weights[task], c[task])
        dg = torch.bmm(c.transpose(0, 1), self.f.permute(1, 2, 0)).transpose(0, 1)  # [T, N, E]
        gates = self.gates.transpose(1, 2)
        dg = torch._softmax_backward_data(dg.transpose(1, 2).contiguous(), gates, 1, torch.float32).transpose(1, 2)
        dg = dg.contiguous()
        torch.bmm(self.each.transpose(1, 2), dg, out=g["gate"])
        torch.sum(dg, 1, keepdim=True, out=g["b_gate"])
        dx = torch.bmm(dg, p["gate"].transpose(1, 2)).sum(0)
        relu_backward(d, self.f, 0, grad_input=d)
        torch.bmm(self.a.transpose(1, 2), d, out=g["w2"])
        torch.sum(d, 1, keepdim=True, out=g["b2"])
        d = torch.bmm(d, p["w2"].transpose(1, 2))
        relu_backward(d, self.a, 0, grad_input=d)
        torch.bmm(self.x.transpose(1, 2), d, out=g["w1"])
        torch.sum(d, 1, keepdim=True, out=g["b1"])
        return dx.add_(torch.bmm(d, p["w1"].transpose(1, 2)).sum(0))


def check(hand: Hand, loop_loss: Tensor, names: dict[str, Tensor]) -> None:
    """Assert that the gradients written by hand are autograd's; `names` maps this side's parameters to leaves."""
    gradients = torch.autograd.grad(loop_loss, list(names.values()))
    for name, gradient in zip(names, gradients, strict=True):
        torch.testing.assert_close(hand.g[name], gradient.view_as(hand.g[name]), rtol=1e-3, atol=1e-6)
