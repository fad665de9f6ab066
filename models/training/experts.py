"""Probes of mixtures of experts: how far apart the experts are, and what becomes of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from models.training.arm import Arm


def _flat(parts: Sequence[Tensor]) -> Tensor:
    """Parameters of the experts, each [E, ...] -> [E, P]."""
    return torch.cat([part.detach().flatten(1) for part in parts], dim=1)


def expert_distance(arm: Arm) -> float:
    """Mean Euclidean distance between the parameters of two experts."""
    experts = _flat(arm.network.expert_parameters())
    pairs = [float((experts[i] - experts[j]).norm()) for i, j in combinations(range(len(experts)), 2)]
    return sum(pairs) / len(pairs)


def last_expert_use(arm: Arm) -> float:
    """Mean weight that the gates give the last expert on the held-out rows."""
    with torch.no_grad():
        gates = arm.network.gates(*arm.network.arrange(arm.test.inputs))
    assert gates is not None
    return float(gates[..., -1].mean())


def last_expert_gradient(arm: Arm) -> float:
    """Norm of the last expert's gradient as a share of the sum of all experts' norms, on the held-out rows."""
    gradients = torch.autograd.grad(arm.objective().sum(), arm.network.expert_parameters())
    norms = _flat(gradients).norm(dim=1)
    return float(norms[-1] / norms.sum())


def last_expert_movement(arm: Arm) -> float:
    """Distance of the last expert's parameters from their initial values, divided by the norm of those."""
    now, before = _flat(arm.network.expert_parameters())[-1], _flat(arm.initial_experts)[-1]
    return float((now - before).norm() / before.norm())
