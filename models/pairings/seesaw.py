"""Pairings in which tasks compete for what they share. Ranges are over 20 runs, seeds 0 to 19; CGC over 40."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_MEAN_LOSS = Text("两任务平均误差", "mean error of both tasks")
_FIRST, _SECOND = Text("任务 1 的误差", "error of task 1"), Text("任务 2 的误差", "error of task 2")

NARROW_TRUNK = Pairing(
    id="narrow-trunk",
    title=Text("太窄的共享主干", "A shared trunk that is too narrow"),
    watch=_MEAN_LOSS,
    expected=Text(
        "只有 2 个单元时，共享的误差是各用各的 3 倍以上；给到 16 个单元，两者打平。",
        "With 2 units, sharing has 3 times the error of two networks or more; with 16 units the two draw.",
    ),
    arms=(
        PairingArm("A", Text("共享 2 单元", "2 shared"), "two-directions-shared-2"),
        PairingArm("B", Text("各 2 单元", "2 each"), "two-directions-single-2"),
        PairingArm("C", Text("共享 16 单元", "16 shared"), "two-directions-shared-16"),
        PairingArm("D", Text("各 16 单元", "16 each"), "two-directions-single-16"),
    ),
    readings=(
        Reading("A", "mean_loss", None, _MEAN_LOSS, (0.107, 0.14)),
        Reading("B", "mean_loss", None, _MEAN_LOSS, (0.0102, 0.024)),
        Reading("C", "mean_loss", None, _MEAN_LOSS, (0.01, 0.0108)),
        Reading("D", "mean_loss", None, _MEAN_LOSS, (0.01, 0.0108)),
    ),
    checks=(
        Check("ratio", 0, 1, low=3.0),
        Check("ratio", 2, 3, low=0.9, high=1.1),
    ),
    charts=(Chart("mean_loss", None),),
    shown=(20, 20),
)

SEESAW_WEIGHTS = Pairing(
    id="seesaw-weights",
    title=Text("权重一换，跷跷板翻过来", "Weights that tip the seesaw"),
    watch=Text("两个任务各自的误差", "error of each task"),
    expected=Text(
        "权重 10:1 时任务 1 学得好、任务 2 差得多，1:10 时正好反过来：只是换了谁吃亏。",
        "At 10:1 task 1 is learned well and task 2 far worse; at 1:10 they swap. Weights only choose who pays.",
    ),
    arms=(
        PairingArm("A", Text("权重 10:1", "10:1"), "two-directions-10-to-1"),
        PairingArm("B", Text("权重 1:10", "1:10"), "two-directions-1-to-10"),
    ),
    readings=(
        Reading("A", "mse", "task-1", _FIRST, (0.00975, 0.021)),
        Reading("A", "mse", "task-2", _SECOND, (0.107, 0.288)),
        Reading("B", "mse", "task-1", _FIRST, (0.104, 0.267)),
        Reading("B", "mse", "task-2", _SECOND, (0.00979, 0.0285)),
    ),
    checks=(Check("ratio", 2, 0, low=1.5), Check("ratio", 1, 3, low=1.5)),
    charts=(Chart("mse", "task-1"), Chart("mse", "task-2")),
    shown=(20, 20),
)

OWN_EXPERT = Pairing(
    id="own-expert",
    title=Text("给弱任务留一个专家", "An expert kept for the weak task"),
    watch=Text("权重小的任务 1 的误差", "error of task 1, of little weight"),
    expected=Text(
        "权重 1:100，专家同样是四个：全部共享时任务 1 差三成以上，任务 2 两边差不多。",
        "Weights 1:100, four experts each: with all of them shared, task 1 is 30 % worse or more; task 2 is alike.",
    ),
    arms=(
        PairingArm("A", Text("MMoE", "MMoE"), "teachers-mmoe-1-to-100"),
        PairingArm("B", Text("CGC", "CGC"), "teachers-cgc-1-to-100"),
    ),
    readings=(
        Reading("A", "mse", "task-1", _FIRST, (0.179, 0.687)),
        Reading("B", "mse", "task-1", _FIRST, (0.104, 0.23)),
        Reading("A", "mse", "task-2", _SECOND, (0.115, 0.187)),
        Reading("B", "mse", "task-2", _SECOND, (0.112, 0.204)),
    ),
    checks=(Check("ratio", 0, 1, low=1.3), Check("ratio", 2, 3, low=0.7, high=1.4)),
    charts=(Chart("mse", "task-1"), Chart("mse", "task-2")),
    shown=(39, 40),
)

PAIRINGS = (NARROW_TRUNK, SEESAW_WEIGHTS, OWN_EXPERT)
