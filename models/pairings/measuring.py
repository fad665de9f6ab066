"""Pairings in which one number flatters a model and another does not.

Ranges are over 40 runs, seeds 0 to 19 and 100 to 119.
"""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ACCURACY, _AUC, _GAUC = Text("准确率", "accuracy"), Text("AUC", "AUC"), Text("GAUC", "GAUC")
_TRAINING_LOSS = Text("训练损失", "training loss")

ACCURACY = Pairing(
    id="accuracy-lies",
    title=Text("准确率骗人", "Accuracy flatters"),
    watch=Text("同一个模型的准确率和 AUC", "accuracy and AUC of the same model"),
    expected=Text(
        "准确率两组都在 0.965 上下，AUC 是 0.83 左右对 0.50：常数模型什么也没排。",
        "Accuracy is about 0.965 in both; AUC is about 0.83 against 0.50, since a constant ranks nothing.",
    ),
    arms=(
        PairingArm("A", Text("线性模型", "linear"), "rare-clicks-linear"),
        PairingArm("B", Text("常数", "constant"), "rare-clicks-constant"),
    ),
    readings=(
        Reading("A", "accuracy", "click", _ACCURACY, (0.961, 0.972)),
        Reading("A", "auc", "click", _AUC, (0.804, 0.868)),
        Reading("B", "accuracy", "click", _ACCURACY, (0.961, 0.972)),
        Reading("B", "auc", "click", _AUC, (0.5, 0.5)),
    ),
    checks=(
        Check("difference", 0, 2, low=-0.01, high=0.01),
        Check("difference", 1, 3, low=0.1),
        Check("value", 3, low=0.5, high=0.5),
    ),
    charts=(Chart("accuracy", "click"), Chart("auc", "click")),
    shown=(40, 40),
)

USERS = Pairing(
    id="auc-gauc",
    title=Text("AUC 高，GAUC 只有一半", "A high AUC with a GAUC of one half"),
    watch=Text("点击的 AUC 和 GAUC", "AUC and GAUC of clicks"),
    expected=Text(
        "次序反过来：AUC 是 A 高，GAUC 是 B 高，A 的 GAUC 恰好是 0.50。",
        "The order is reversed: A leads in AUC, B in GAUC, where A has exactly 0.50.",
    ),
    arms=(
        PairingArm("A", Text("只看用户", "users only"), "click-habits-users"),
        PairingArm("B", Text("只看物品", "items only"), "click-habits-items"),
    ),
    readings=(
        Reading("A", "auc", "click", _AUC, (0.730, 0.811)),
        Reading("A", "gauc", "click", _GAUC, (0.5, 0.5)),
        Reading("B", "auc", "click", _AUC, (0.662, 0.709)),
        Reading("B", "gauc", "click", _GAUC, (0.718, 0.760)),
    ),
    checks=(
        Check("difference", 0, 2, low=0.02),
        Check("difference", 3, 1, low=0.1),
        Check("value", 1, low=0.5, high=0.5),
    ),
    charts=(Chart("auc", "click"), Chart("gauc", "click")),
    shown=(40, 40),
)

SHUFFLED = Pairing(
    id="training-loss-lies",
    title=Text("训练损失骗人", "The training loss flatters"),
    watch=Text("训练损失和测试 AUC", "training loss and test AUC"),
    expected=Text(
        "训练损失两组都降到 0.001 以下，测试 AUC 是 0.9 左右对 0.5 上下。",
        "The training loss falls below 0.001 in both; test AUC is about 0.9 against about 0.5.",
    ),
    arms=(
        PairingArm("A", Text("真标签", "true labels"), "few-rows-true-labels"),
        PairingArm("B", Text("打乱的标签", "shuffled"), "few-rows-shuffled-labels"),
    ),
    readings=(
        Reading("A", "training_loss", None, _TRAINING_LOSS, (0.0001, 0.0003), ".4f"),
        Reading("A", "auc", "click", _AUC, (0.888, 0.923)),
        Reading("B", "training_loss", None, _TRAINING_LOSS, (0.0004, 0.0007), ".4f"),
        Reading("B", "auc", "click", _AUC, (0.394, 0.635)),
    ),
    checks=(Check("value", 0, high=0.001), Check("value", 2, high=0.001), Check("difference", 1, 3, low=0.1)),
    charts=(Chart("training_loss", None), Chart("auc", "click")),
    shown=(40, 40),
)

PAIRINGS = (ACCURACY, USERS, SHUFFLED)
