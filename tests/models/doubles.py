"""Every block with a backward of its own once more, in plain operations that autograd can follow; and what both make of
a network: one row of gradients per task."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models.blocks.concat import Concat
from models.blocks.inputs import Inputs
from models.blocks.local import Local
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.blocks.scale import Scale
from models.blocks.stack import Stack
from models.blocks.stitch import Stitch
from models.blocks.tape import Tape
from models.networks import Network
from models.networks.stem import _Add, _AllForward
from models.training.parameters import Parameters


def inputs(self: Inputs, *columns: Tensor) -> Tensor:
    s, n = columns[0].shape[:2]
    out = []
    for replica in range(s):
        for group in range(self.tables):
            parts = []
            if self.table is not None:
                table = self.table.view(s, self.tables, self.vocabulary, -1)[replica, group]
                parts.append(torch.cat([table[column] for column in columns[0][replica].T], dim=1))
            if self._numbers:
                parts.append(columns[-1][replica])
            out.append(torch.cat(parts, dim=1))
    return torch.stack(out).view(s, self.tables, n, -1)


def mlps(self: Mlps, x: Tensor) -> Tensor:
    s, k = x.shape[:2]
    out = []
    for place in range(s * self.count):
        replica, group = divmod(place, self.count)
        h = x[replica, group // (self.count // k)]
        for layer, (weight, bias) in enumerate(zip(self.weight, self.bias, strict=True)):
            h = functional.linear(h, weight[place], bias[place])
            if self._active[layer]:
                h = torch.relu(h) if self._relu else torch.tanh(h)
        out.append(h)
    return torch.stack(out).view(s, self.count, *out[0].shape)


def softmax(self: Softmax, logits: Tensor) -> Tensor:
    soft = logits.exp() / logits.exp().sum(-1, keepdim=True)
    return soft * functional.one_hot(logits.argmax(-1), logits.shape[-1]) if self.top_1 else soft


def mix(_: Mix, weights: Tensor, shared: Tensor, own: Tensor | None = None) -> Tensor:
    k = weights.shape[1]
    out = []
    for task in range(k):
        experts = [] if own is None else list(own.unbind(1))[task * own.shape[1] // k : (task + 1) * own.shape[1] // k]
        terms = zip(weights[:, task].unbind(-1), [*experts, *shared.unbind(1)], strict=True)
        out.append(sum(weight.unsqueeze(-1) * expert for weight, expert in terms))
    return torch.stack(out, dim=1)


def scale(_: Scale, x: Tensor, logits: Tensor) -> Tensor:
    return 2 * x / (1 + (-logits).exp())


def stitch(self: Stitch, x: Tensor) -> Tensor:
    s, t = x.shape[:2]
    a = self.weight.view(s, t, t, 1, 1)
    return torch.stack([sum(a[:, k, j] * x[:, j] for j in range(t)) for k in range(t)], dim=1)


def all_forward(self: _AllForward, own: Tensor) -> Tensor:
    m, out = self.each, []
    for task in range(self.tasks):
        out.append(own[:, task * m : (task + 1) * m])
        out += [own[:, k * m : (k + 1) * m].detach() for k in range(self.tasks) if k != task]
    return torch.cat(out, dim=1)


DOUBLES = {
    Inputs: inputs,
    Mlps: mlps,
    Softmax: softmax,
    Mix: mix,
    Scale: scale,
    Stitch: stitch,
    Stack: lambda _, *parts: torch.cat(parts, dim=1),
    Concat: lambda _, *parts: torch.cat(parts, dim=3),
    Local: lambda self, *inputs: self.compute(*inputs),
    _Add: lambda _, own, common: own + common,
    _AllForward: all_forward,
}


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every network be computed by the doubles."""
    for block, function in DOUBLES.items():
        monkeypatch.setattr(block, "__call__", function)


def autograd_rows(losses: Tensor, network: Network, replicas: int) -> dict[str, Tensor]:
    """Gradients of losses [S, T] by every parameter, [S, T, size]."""
    named = dict(network.named_parameters())
    rows = [
        torch.autograd.grad(loss, list(named.values()), retain_graph=True, allow_unused=True) for loss in losses.sum(0)
    ]
    return {
        name: torch.stack(
            [(torch.zeros_like(parameter) if row[place] is None else row[place]).reshape(replicas, -1) for row in rows],
            dim=1,
        )
        for place, (name, parameter) in enumerate(named.items())
    }


def tape_rows(parameters: Parameters, tape: Tape) -> dict[str, Tensor]:
    """What a walk in "exact" mode left once the Gramian is made, [S, T, size]: rows where tasks met, and elsewhere what
    belongs to each task."""
    parameters.gramian(tape)
    s, t = parameters.replicas, parameters.tasks
    out = {}
    for name, parameter in parameters.named:
        part = parameters.parts[name]
        if parameter.slot.met == tape.stamp:
            out[name] = parameters.jacobian[:, part].view(t, s, -1).transpose(0, 1)
            continue
        own = parameters.gradient[part].view(s, t, -1)
        rows = torch.zeros(s, t, *own.shape[1:])
        if parameter.slot.stamp == tape.stamp:
            rows[:, range(t), range(t)] = own
        out[name] = rows.view(s, t, -1)
    return out


def sums(parameters: Parameters) -> dict[str, Tensor]:
    """What a walk in "sum" mode left, [S, size]."""
    return {name: parameters.gradient[part].view(parameters.replicas, -1) for name, part in parameters.parts.items()}


def close(found: dict[str, Tensor], expected: dict[str, Tensor], names: Sequence[str] = ()) -> None:
    """Every gradient agrees, relative to the largest number in it."""
    assert found.keys() == expected.keys()
    for name in names or expected:
        scale = max(float(expected[name].abs().max()), 1e-3)
        error = float((found[name] - expected[name]).abs().max()) / scale
        assert error < 2e-4, f"{name} is off by {error}"
