"""Probes of mixtures of experts: how far apart the experts are, and what becomes of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from models.training.seen import Seen


def _flat(parts: Sequence[Tensor]) -> Tensor:
    """Parameters of the experts, each [E, ...] -> [E, P]."""
    return torch.cat(list(parts), dim=1)


def expert_distance(seen: Seen) -> float:
    """Mean Euclidean distance between the parameters of two experts."""
    experts = _flat(seen.experts())
    pairs = [float((experts[i] - experts[j]).norm()) for i, j in combinations(range(len(experts)), 2)]
    return sum(pairs) / len(pairs)


def last_expert_use(seen: Seen) -> float:
    """Mean weight that the gates give the last expert on the held-out rows."""
    gates = seen.gates()
    assert gates is not None
    return float(gates[..., -1].mean())


def last_expert_gradient(seen: Seen) -> float:
    """Norm of the last expert's gradient as a share of the sum of all experts' norms, on the held-out rows."""
    norms = _flat(seen.expert_gradients()).norm(dim=1)
    return float(norms[-1] / norms.sum())


def last_expert_movement(seen: Seen) -> float:
    """Distance of the last expert's parameters from their initial values, divided by the norm of those."""
    now, before = _flat(seen.experts())[-1], _flat(seen.initial_experts)[-1]
    return float((now - before).norm() / before.norm())
