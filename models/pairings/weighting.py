"""Pairings on the scale and the noise of targets. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ERROR = Text("任务 1 的误差", "error of task 1")
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
        Reading("A", "sigma", "task-1", Text("sigma_1", "sigma_1"), (0.194, 0.212)),
        Reading("A", "sigma", "task-2", Text("sigma_2", "sigma_2"), (0.892, 1.04)),
        Reading("A", "weight", "task-1", Text("权重 w_1", "weight w_1"), (11.1, 13.3), ".1f", large=False),
        Reading("A", "weight", "task-2", Text("权重 w_2", "weight w_2"), (0.471, 0.628), ".2f", large=False),
    ),
    checks=(
        Check("value", 0, low=0.17, high=0.23),
        Check("value", 1, low=0.85, high=1.15),
        Check("ratio", 2, 3, low=15.0),
    ),
    charts=(Chart("sigma", "task-1"), Chart("sigma", "task-2"), Chart("weight", "task-1"), Chart("weight", "task-2")),
    shown=(20, 20),
)

PAIRINGS = (LOSS_SCALE, UNCERTAINTY_NOISE)
