"""Pairings on the start and on the learning rate. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_MEAN_LOSS = Text("两任务平均误差", "mean error of both tasks")
_GRADIENT = Text("主干的梯度", "gradient of the trunk")

DEAD_RELU = Pairing(
    id="dead-relu",
    title=Text("一开始就死掉的 ReLU", "ReLU units dead from the start"),
    watch=Text("主干的梯度", "gradient of the trunk"),
    expected=Text(
        "B 的主干梯度恰好一直是 0，误差停在 1 附近，等于什么都没学到；A 降到 0.12。",
        "B's trunk gradient is exactly 0 throughout, its error stays near 1, nothing learned; A gets down to 0.12.",
    ),
    arms=(
        PairingArm("A", Text("随机初始", "random start"), "teachers-random-start"),
        PairingArm("B", Text("偏置 -10", "biases -10"), "teachers-dead-start"),
    ),
    readings=(
        Reading("A", "trunk_gradient", None, _GRADIENT, (0.268, 0.344)),
        Reading("B", "trunk_gradient", None, _GRADIENT, (0.0, 0.0)),
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.106, 0.125)),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (1.04, 1.15)),
    ),
    checks=(
        Check("value", 0, low=0.01),
        Check("value", 1, low=0.0, high=0.0),
        Check("value", 2, high=0.5),
        Check("value", 3, low=0.9),
    ),
    charts=(Chart("trunk_gradient", None), Chart("mean_loss", None)),
    shown=(20, 20),
    exact=True,
)

LOWERED_RATE = Pairing(
    id="lowered-rate",
    title=Text("半程降低学习率", "A learning rate lowered half-way"),
    watch=_MEAN_LOSS,
    expected=Text(
        "前一半两条曲线重合；降到 1/20 之后，B 很快落到 0.12 附近，A 比它高一成半以上。",
        "Equal up to half-way; at a twentieth of the rate B soon drops to about 0.12, with A 15 % above it or more.",
    ),
    arms=(
        PairingArm("A", Text("不变", "kept"), "teachers-rate-kept"),
        PairingArm("B", Text("半程降低", "lowered"), "teachers-rate-lowered"),
    ),
    readings=(
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.159, 0.257)),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (0.113, 0.142)),
    ),
    checks=(Check("ratio", 0, 1, low=1.15),),
    charts=(Chart("mean_loss", None), Chart("train", "task-1"), Chart("train", "task-2")),
    shown=(20, 20),
)

RATE_SPIKE = Pairing(
    id="rate-spike",
    title=Text("30 步的学习率尖峰", "Thirty steps at too high a rate"),
    watch=_MEAN_LOSS,
    expected=Text(
        "尖峰处 B、C 的误差都跳起来；30 倍的能回到 A 的水平，100 倍的到最后还在 A 的 3 倍以上。",
        "B and C both jump; times 30 comes back to the level of A, times 100 ends at 3 times A or more.",
    ),
    arms=(
        PairingArm("A", Text("不变", "kept"), "teachers-rate-calm"),
        PairingArm("B", Text("放大 30 倍", "times 30"), "teachers-rate-spike-30"),
        PairingArm("C", Text("放大 100 倍", "times 100"), "teachers-rate-spike-100"),
    ),
    readings=(
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.106, 0.125)),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (0.102, 0.138)),
        Reading("C", "mean_loss", None, _MEAN_LOSS, (1.16, 6.82)),
    ),
    checks=(Check("ratio", 1, 0, high=1.5), Check("ratio", 2, 0, low=3.0)),
    charts=(Chart("mean_loss", None), Chart("train", "task-1"), Chart("train", "task-2")),
    shown=(20, 20),
)

PAIRINGS = (DEAD_RELU, LOWERED_RATE, RATE_SPIKE)
