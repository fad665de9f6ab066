"""Pairings on the noise of targets, their scale, and that of losses. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ERROR = Text("任务 1 的误差", "error of task 1")
_MEAN = Text("两任务平均误差", "mean error of both tasks")
_DIVERGED = Text("发散（1 是）", "diverged (1: yes)")
_REMAINING = Text("总损失占开始时的比例", "total loss, share of its start")

LOSS_SCALE = Pairing(
    id="loss-scale",
    title=Text("目标数值大，淹没另一个任务", "A large target drowns the other task"),
    watch=_ERROR,
    expected=Text(
        "任务 2 的目标放大 100 倍，任务 1 就停在高处，标准化之后降到 0.1 左右；总损失两组都在降。",
        "With target 2 times 100, task 1 stalls; standardised, it falls to about 0.1. The total falls in both.",
    ),
    arms=(
        PairingArm("A", Text("放大 100 倍", "times 100"), "teachers-scale-100"),
        PairingArm("B", Text("标准化", "standardised"), "teachers-standardised"),
    ),
    readings=(
        Reading("A", "mse", "task-1", _ERROR, (0.368, 0.79)),
        Reading("B", "mse", "task-1", _ERROR, (0.092, 0.134)),
        Reading("A", "remaining_loss", None, _REMAINING, (0.118, 0.245), ".0%", large=False),
        Reading("B", "remaining_loss", None, _REMAINING, (0.049, 0.094), ".0%", large=False),
    ),
    checks=(Check("ratio", 0, 1, low=1.5), Check("value", 2, high=0.5), Check("value", 3, high=0.5)),
    charts=(Chart("mse", "task-1"), Chart("remaining_loss", None)),
    shown=(20, 20),
)

UNCERTAINTY_NOISE = Pairing(
    id="uncertainty-noise",
    title=Text("不确定性加权找出噪声", "Uncertainty weighting finds the noise"),
    watch=Text("任务 1、2 学到的 sigma", "learned sigma of task 1 and of task 2"),
    expected=Text(
        "两个 sigma 走向真实噪声 0.2 和 1.0；权重相反，干净的任务是另一个的 15 倍以上。",
        "The sigmas move to the true noise, 0.2 and 1.0; the clean task gets 15 times the other's weight or more.",
    ),
    arms=(PairingArm("A", Text("不确定性加权", "uncertainty"), "teachers-uncertainty"),),
    readings=(
        Reading("A", "sigma", "task-1", Text("sigma_1", "sigma_1"), (0.195, 0.210)),
        Reading("A", "sigma", "task-2", Text("sigma_2", "sigma_2"), (0.934, 1.02)),
        Reading("A", "weight", "task-1", Text("权重 w_1", "weight w_1"), (11.3, 13.1), ".1f", large=False),
        Reading("A", "weight", "task-2", Text("权重 w_2", "weight w_2"), (0.48, 0.58), ".2f", large=False),
    ),
    checks=(
        Check("value", 0, low=0.17, high=0.23),
        Check("value", 1, low=0.85, high=1.15),
        Check("ratio", 2, 3, low=15.0),
    ),
    charts=(Chart("sigma", "task-1"), Chart("sigma", "task-2"), Chart("weight", "task-1"), Chart("weight", "task-2")),
    shown=(20, 20),
)

UNCERTAINTY_START = Pairing(
    id="uncertainty-start",
    title=Text("不确定性加权，从太差的地方出发", "Uncertainty weighting from a bad start"),
    watch=Text("任务 2 学到的 sigma，A、B 的真实噪声是 30", "learned sigma of task 2; true noise in A, B: 30"),
    expected=Text(
        "A 从 1 出发，训完离 30 还远，任务 1 被拖累；B 从首批损失出发，任务 1 不再吃亏；C 差 10 倍，学到 3。",
        "From 1, A ends far below 30 and starves task 1; from the first loss B does not. At ten times C finds its 3.",
    ),
    arms=(
        PairingArm("A", Text("100 倍，默认", "x100, default"), "teachers-sigma-1"),
        PairingArm("B", Text("100 倍，按首批", "x100, fitted"), "teachers-sigma-first-loss"),
        PairingArm("C", Text("10 倍，更快", "x10, faster"), "teachers-sigma-10"),
    ),
    readings=(
        Reading("A", "sigma", "task-2", Text("sigma_2", "sigma_2"), (5.04, 6.51), ".1f"),
        Reading("B", "sigma", "task-2", Text("sigma_2", "sigma_2"), (34.4, 71.3), ".1f"),
        Reading("C", "sigma", "task-2", Text("sigma_2", "sigma_2"), (2.89, 3.09), ".2f"),
        Reading("A", "mse", "task-1", _ERROR, (0.295, 0.541), large=False),
        Reading("B", "mse", "task-1", _ERROR, (0.098, 0.132), large=False),
    ),
    checks=(
        Check("value", 0, high=10.0),
        Check("value", 2, low=2.55, high=3.45),
        Check("ratio", 3, 4, low=1.5),
    ),
    charts=(Chart("sigma", "task-2"), Chart("mse", "task-1"), Chart("weight", "task-2")),
    shown=(20, 20),
)

ONE_LOSS_SGD = Pairing(
    id="one-loss-sgd",
    title=Text("一个损失乘 100，SGD 走不下去", "One loss times 100 is too much for SGD"),
    watch=_ERROR,
    expected=Text(
        "A 几步之内就发散；B 的学习率一样，加权从首批损失出发，两个损失各自缩小，任务 1 降到 0.12 左右。",
        "A diverges within a few steps; B, at the same rate, scales each loss by its first value: task 1 near 0.12.",
    ),
    arms=(
        PairingArm("A", Text("直接相加", "plain sum"), "teachers-sgd-100"),
        PairingArm("B", Text("不确定性加权", "uncertainty"), "teachers-sgd-100-uncertainty"),
    ),
    readings=(
        Reading("A", "diverged", None, _DIVERGED, (1.0, 1.0), ".0f"),
        Reading("B", "diverged", None, _DIVERGED, (0.0, 0.0), ".0f", large=False),
        Reading("B", "mse", "task-1", _ERROR, (0.105, 0.240)),
    ),
    checks=(Check("value", 0, low=1.0), Check("value", 1, high=0.0), Check("value", 2, high=0.5)),
    charts=(Chart("mse", "task-1"), Chart("mse", "task-2")),
    shown=(20, 20),
)

ALL_LOSSES = Pairing(
    id="all-losses",
    title=Text("所有损失一起乘 100", "All losses times 100"),
    watch=_MEAN,
    expected=Text(
        "Adam 的两组误差相差不到 1 %；SGD 乘了 100 的一组几步就发散，没乘的好好的。",
        "Under Adam the errors agree to 1 %; under SGD times 100 diverges within a few steps, times 1 does not.",
    ),
    arms=(
        PairingArm("A", Text("Adam", "Adam"), "teachers-adam"),
        PairingArm("B", Text("Adam，乘 100", "Adam, x100"), "teachers-adam-hundredfold"),
        PairingArm("C", Text("SGD", "SGD"), "teachers-sgd"),
        PairingArm("D", Text("SGD，乘 100", "SGD, x100"), "teachers-sgd-hundredfold"),
    ),
    readings=(
        Reading("A", "mean_loss", None, _MEAN, (0.107, 0.131)),
        Reading("B", "mean_loss", None, _MEAN, (0.107, 0.131)),
        Reading("C", "mean_loss", None, _MEAN, (0.128, 0.174)),
        Reading("C", "diverged", None, _DIVERGED, (0.0, 0.0), ".0f", large=False),
        Reading("D", "diverged", None, _DIVERGED, (1.0, 1.0), ".0f"),
    ),
    checks=(
        Check("ratio", 1, 0, low=0.99, high=1.01),
        Check("value", 3, high=0.0),
        Check("value", 4, low=1.0),
    ),
    charts=(Chart("mean_loss", None), Chart("train", "task-1")),
    shown=(20, 20),
)

PAIRINGS = (LOSS_SCALE, UNCERTAINTY_NOISE, UNCERTAINTY_START, ONE_LOSS_SGD, ALL_LOSSES)
