"""Pairings on the article's second listing: positions, one softmax over two tasks, padding.

Ranges are over 40 runs, seeds 0 to 19 and 100 to 119.
"""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ORDER, _COUNTS = Text("先后 AUC", "AUC order"), Text("次数 AUC", "AUC counts")
_CORRELATION = Text("相关系数", "correlation")
_BOTH, _NEITHER = Text("(1, 1) 的损失", "loss on (1, 1)"), Text("(0, 0) 的损失", "loss on (0, 0)")
_MOVE = Text("预测的变化", "change of predictions")

POSITIONS = Pairing(
    id="positions",
    title=Text("没有位置，就没有先后", "No positions, no order"),
    watch=Text("判断先后的 AUC", "AUC of the task about order"),
    expected=Text(
        "有位置的到 1.0，没有的停在 0.7 左右；数次数的任务，两组都接近 1.0。",
        "With positions it gets to 1.0, without to about 0.7; on the task about counts both get close to 1.0.",
    ),
    arms=(
        PairingArm("A", Text("有位置", "positions"), "listing2-positions"),
        PairingArm("B", Text("没有位置", "no positions"), "listing2-no-positions"),
    ),
    readings=(
        Reading("A", "auc", "order", _ORDER, (0.992, 1.0)),
        Reading("B", "auc", "order", _ORDER, (0.681, 0.750)),
        Reading("A", "auc", "counts", _COUNTS, (0.996, 1.0), large=False),
        Reading("B", "auc", "counts", _COUNTS, (0.986, 1.0), large=False),
    ),
    checks=(Check("difference", 0, 1, low=0.1), Check("difference", 2, 3, high=0.1)),
    charts=(Chart("auc", "order"), Chart("auc", "counts")),
    shown=(40, 40),
)

ONE_TASK = Pairing(
    id="listing2-one-task",
    title=Text("一个 softmax 里的两个任务", "Two tasks in one softmax"),
    watch=Text("两个预测的相关系数，标签 (1, 1) 的损失", "correlation of predictions, loss on (1, 1)"),
    expected=Text(
        "B 的相关系数恒为 -1，(1, 1) 的损失降不到 1.386 以下；A 的相关系数接近 0，损失低得多。",
        "B has a correlation of -1, and (1, 1) costs at least 1.386; A has one near 0, and costs far less.",
    ),
    arms=(
        PairingArm("A", Text("两个 sigmoid", "two sigmoids"), "listing2-separate"),
        PairingArm("B", Text("一个 softmax", "one softmax"), "listing2-one-softmax"),
    ),
    readings=(
        Reading("A", "correlation", None, _CORRELATION, (-0.119, 0.080), "+.3f"),
        Reading("A", "loss_of_both", None, _BOTH, (0.001, 0.562)),
        Reading("B", "correlation", None, _CORRELATION, (-1.0, -1.0), "+.3f"),
        Reading("B", "loss_of_both", None, _BOTH, (1.390, 1.883)),
        Reading("A", "auc", "order", _ORDER, (0.992, 1.0), large=False),
        Reading("B", "auc", "order", _ORDER, (0.592, 0.803), large=False),
        Reading("B", "loss_of_neither", None, _NEITHER, (0.0, 0.0), large=False),
    ),
    checks=(
        Check("value", 0, low=-0.5),
        Check("value", 1, high=1.0),
        Check("value", 2, high=-0.999),
        Check("value", 3, low=1.386),
        Check("difference", 4, 5, low=0.1),
        Check("value", 6, low=0.0, high=0.0),
    ),
    charts=(
        Chart("loss_of_both", None),
        Chart("correlation", None),
        Chart("auc", "order"),
        Chart("auc", "counts"),
    ),
    shown=(40, 40),
)

PADDING = Pairing(
    id="padding-mask",
    title=Text("补齐位要掩两处", "Padding needs two masks"),
    watch=Text("多补 20 个 0 以后预测的变化", "change of predictions, 20 zeros appended"),
    expected=Text(
        "有掩码的只剩浮点误差；没有掩码的平均变 0.05 以上，训练也消不掉。",
        "With masks only rounding is left; without, it is 0.05 or more on average, and training does not remove it.",
    ),
    arms=(
        PairingArm("A", Text("有掩码", "masked"), "listing2-mask"),
        PairingArm("B", Text("没有掩码", "not masked"), "listing2-no-mask"),
    ),
    readings=(
        Reading("A", "append_padding", None, _MOVE, (0.0, 2e-8)),
        Reading("B", "append_padding", None, _MOVE, (0.057, 0.287)),
    ),
    checks=(Check("value", 0, high=1e-6), Check("value", 1, low=0.05)),
    charts=(Chart("append_padding", None), Chart("auc", "order"), Chart("auc", "counts")),
    shown=(40, 40),
)

PAIRINGS = (POSITIONS, ONE_TASK, PADDING)
