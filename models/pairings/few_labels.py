"""Pairings in which one task has a hundred labels. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ERROR = Text("主任务的误差", "error of the main task")

RELATED_TASKS = Pairing(
    id="related-tasks",
    title=Text("相关的任务减轻过拟合", "Related tasks reduce over-fitting"),
    watch=Text("主任务的验证误差", "validation error of the main task"),
    expected=Text(
        "B 比 A 低两成以上，C 没有这样的好处：起作用的是任务相关，不是任务多。",
        "B ends a fifth or more below A, and C brings no such gain: what helps is being related, not being many.",
    ),
    arms=(
        PairingArm("A", Text("单独训", "alone"), "few-labels-alone"),
        PairingArm("B", Text("加相关任务", "related"), "few-labels-related"),
        PairingArm("C", Text("加不相关任务", "unrelated"), "few-labels-unrelated"),
    ),
    readings=(
        Reading("A", "mse", "main", _ERROR, (0.266, 0.53)),
        Reading("B", "mse", "main", _ERROR, (0.138, 0.238)),
        Reading("C", "mse", "main", _ERROR, (0.25, 0.468)),
    ),
    checks=(Check("ratio", 1, 0, high=0.8), Check("ratio", 2, 0, low=0.8)),
    charts=(Chart("mse", "main"), Chart("train", "main")),
    shown=(20, 20),
)

WHEN_TO_STOP = Pairing(
    id="when-to-stop",
    title=Text("两个任务，两个停止点", "Two tasks, two points to stop"),
    watch=Text("各任务最低点在全程的位置", "where in the run each task is best"),
    expected=Text(
        "任务 1 在开头 10 % 之内就到最低，之后回升；任务 2 要到最后 10 % 才最低，停一次照顾不了两个。",
        "Task 1 is best in the first tenth and then worsens, task 2 is best in the last: no single stop serves both.",
    ),
    arms=(PairingArm("A", Text("共享底座", "shared bottom"), "unequal-labels"),),
    readings=(
        Reading("A", "best_point", "few", Text("任务 1 最低点", "task 1 best at"), (0.025, 0.05), ".1%"),
        Reading("A", "best_point", "many", Text("任务 2 最低点", "task 2 best at"), (0.925, 1.0), ".1%"),
    ),
    checks=(Check("value", 0, high=0.1), Check("value", 1, low=0.9)),
    charts=(Chart("loss", "few"), Chart("loss", "many")),
    shown=(20, 20),
)

OPPOSITE_LABELS = Pairing(
    id="opposite-labels",
    title=Text("标签相反的任务也有帮助", "A task of opposite labels helps too"),
    watch=Text("主任务的验证误差", "validation error of the main task"),
    expected=Text(
        "B 的辅助标签就是主任务取负，误差仍比 A 低两成以上；C 的任务不相关，没有这样的好处。",
        "The labels added in B are minus the main ones, yet it ends a fifth or more below A; C has no such gain.",
    ),
    arms=(
        PairingArm("A", Text("单独训", "alone"), "one-auxiliary-alone"),
        PairingArm("B", Text("加相反的任务", "opposite"), "one-auxiliary-opposite"),
        PairingArm("C", Text("加不相关任务", "unrelated"), "one-auxiliary-unrelated"),
    ),
    readings=(
        Reading("A", "mse", "main", _ERROR, (0.328, 0.580)),
        Reading("B", "mse", "main", _ERROR, (0.209, 0.312)),
        Reading("C", "mse", "main", _ERROR, (0.361, 0.570)),
    ),
    checks=(Check("ratio", 1, 0, high=0.8), Check("ratio", 2, 0, low=0.8)),
    charts=(Chart("mse", "main"), Chart("train", "main")),
    shown=(20, 20),
)

PAIRINGS = (RELATED_TASKS, OPPOSITE_LABELS, WHEN_TO_STOP)
