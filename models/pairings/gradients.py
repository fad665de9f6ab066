"""Pairings on conflicting gradients. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_HARM = Text("伤到任务的更新", "updates that hurt a task")
_CONFLICT = Text("原始梯度冲突", "raw gradients that conflict")
_FIRST, _SECOND = Text("任务 1 的误差", "error of task 1"), Text("任务 2 的误差", "error of task 2")

PCGRAD_UPDATE = Pairing(
    id="pcgrad-update",
    title=Text("PCGrad 改的是更新，不是冲突", "PCGrad mends the update, not the conflict"),
    watch=Text("伤到任务的更新占比", "share of updates that hurt a task"),
    expected=Text(
        "伤到任务的更新，A 占一成以上，B 恰好是 0；原始梯度的冲突 B 并不更少，误差也差不多。",
        "Updates that hurt a task: 10 % or more in A, exactly 0 in B; raw conflict is no rarer in B, errors are alike.",
    ),
    arms=(
        PairingArm("A", Text("直接相加", "plain sum"), "one-unit-sum"),
        PairingArm("B", Text("PCGrad", "PCGrad"), "one-unit-pcgrad"),
    ),
    readings=(
        Reading("A", "harmful_updates", None, _HARM, (0.225, 0.613), ".0%"),
        Reading("B", "harmful_updates", None, _HARM, (0.0, 0.0), ".0%"),
        Reading("A", "conflicting_gradients", None, _CONFLICT, (0.58, 0.936), ".0%", large=False),
        Reading("B", "conflicting_gradients", None, _CONFLICT, (0.903, 1.0), ".0%", large=False),
        Reading("A", "mse", "task-1", _FIRST, (0.426, 0.477), large=False),
        Reading("B", "mse", "task-1", _FIRST, (0.409, 0.467), large=False),
        Reading("A", "mse", "task-2", _SECOND, (0.079, 0.11), large=False),
        Reading("B", "mse", "task-2", _SECOND, (0.085, 0.114), large=False),
    ),
    checks=(
        Check("value", 0, low=0.1),
        Check("value", 1, low=0.0, high=0.0),
        Check("difference", 3, 2, low=-0.1),
        Check("ratio", 5, 4, low=0.85, high=1.15),
        Check("ratio", 7, 6, low=0.85, high=1.15),
    ),
    charts=(
        Chart("harmful_updates", None),
        Chart("conflicting_gradients", None),
        Chart("mse", "task-1"),
        Chart("mse", "task-2"),
    ),
    shown=(20, 20),
)

PAIRINGS = (PCGRAD_UPDATE,)
