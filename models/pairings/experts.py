"""Pairings on mixtures of experts: gates, initial values, routing. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_MEAN_LOSS = Text("两任务平均误差", "mean error of both tasks")
_DISTANCE = Text("专家之间的距离", "distance between experts")
_MOVEMENT = Text("末位专家权重的变化", "change of the last expert's weights")
_USE = Text("末位专家的用量", "use of the last expert")
_GRADIENT = Text("末位专家的梯度占比", "gradient share of the last expert")

ONE_GATE = Pairing(
    id="one-gate",
    title=Text("一个门，还是每个任务一个门", "One gate, or a gate per task"),
    watch=_MEAN_LOSS,
    expected=Text(
        "专家只有一个单元，两个任务毫不相干：一个门停在高处，每任务一门降到 0.03 附近。",
        "With narrow experts and unrelated tasks, one gate stalls high up; a gate per task gets down to about 0.03.",
    ),
    arms=(
        PairingArm("A", Text("一个门", "one gate"), "sines-omoe"),
        PairingArm("B", Text("每任务一门", "gate per task"), "sines-mmoe"),
    ),
    readings=(
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.19, 0.529)),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (0.028, 0.033)),
    ),
    checks=(Check("ratio", 0, 1, low=1.5),),
    charts=(Chart("mean_loss", None), Chart("mse", "task-1"), Chart("mse", "task-2")),
    shown=(20, 20),
)

SAME_EXPERTS = Pairing(
    id="same-experts",
    title=Text("从同一个常数开始的专家", "Experts that start from one constant"),
    watch=_DISTANCE,
    expected=Text(
        "B 的距离恰好一直是 0：专家相同，梯度也相同，误差停在 0.5 左右，是一个专家的水平。",
        "B stays at exactly 0: equal experts get equal gradients, and the error stalls near 0.5, as with one.",
    ),
    arms=(
        PairingArm("A", Text("随机初始", "random start"), "sines-mmoe"),
        PairingArm("B", Text("常数初始", "constant start"), "sines-equal-experts"),
    ),
    readings=(
        Reading("A", "expert_distance", None, _DISTANCE, (1.37, 1.86)),
        Reading("B", "expert_distance", None, _DISTANCE, (0.0, 0.0)),
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.028, 0.033), large=False),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (0.498, 0.529), large=False),
    ),
    checks=(Check("value", 0, low=0.1), Check("value", 1, low=0.0, high=0.0), Check("ratio", 3, 2, low=1.5)),
    charts=(Chart("expert_distance", None), Chart("mean_loss", None)),
    shown=(20, 20),
    exact=True,
)

IDLE_EXPERT = Pairing(
    id="idle-expert",
    title=Text("几乎不用的专家", "An expert that is hardly used"),
    watch=_MOVEMENT,
    expected=Text(
        "A 的用量不到千分之一，200 步 Adam 却让它的权重变了两成以上；B 从没选中它，恰好是 0。",
        "A gives it a weight below 0.001, yet Adam moves it by 20 % or more; B never chooses it, exactly 0.",
    ),
    arms=(
        PairingArm("A", Text("软门", "soft gates"), "sines-idle-soft"),
        PairingArm("B", Text("top-1", "top-1"), "sines-idle-top-1"),
    ),
    readings=(
        Reading("A", "last_expert_movement", None, _MOVEMENT, (0.398, 1.36), ".1%"),
        Reading("B", "last_expert_movement", None, _MOVEMENT, (0.0, 0.0), ".1%"),
        Reading("A", "last_expert_use", None, _USE, (1.8e-05, 0.00023), ".1e", large=False),
        Reading("B", "last_expert_use", None, _USE, (0.0, 0.0), ".1e", large=False),
        Reading("A", "last_expert_gradient", None, _GRADIENT, (1.3e-05, 0.00071), ".1e", large=False),
        Reading("B", "last_expert_gradient", None, _GRADIENT, (0.0, 0.0), ".1e", large=False),
    ),
    checks=(
        Check("value", 0, low=0.2),
        Check("value", 1, low=0.0, high=0.0),
        Check("value", 2, high=0.001),
        Check("value", 3, low=0.0, high=0.0),
    ),
    charts=(Chart("last_expert_movement", None), Chart("last_expert_use", None)),
    shown=(20, 20),
)

PAIRINGS = (ONE_GATE, SAME_EXPERTS, IDLE_EXPERT)
