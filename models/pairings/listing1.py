"""Pairings on the article's first listing: what its two softmaxes, its batch and its unused input do.

Ranges are over 40 runs, seeds 0 to 19 and 100 to 119.
"""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_PRINTED, _CORRECTED = Text("原样", "as printed"), Text("改正", "corrected")
_ARMS = (PairingArm("A", _PRINTED, "listing1-printed"), PairingArm("B", _CORRECTED, "listing1-corrected"))
_CORRELATION = Text("两个预测的相关系数", "correlation of the two predictions")
_INTEREST, _RECOMMEND = Text("兴趣 AUC", "AUC interest"), Text("推荐 AUC", "AUC recommend")
_BATCH_LOSS, _SHUFFLE = (
    Text("每批的损失", "loss of a batch"),
    Text("打乱用户后 p 的变化", "change of p, users shuffled"),
)

SOFTMAX = Pairing(
    id="listing1-softmax",
    title=Text("两个任务共用一个 softmax", "One softmax over two tasks"),
    watch=_CORRELATION,
    expected=Text(
        "A 恒为 -1：两列相加等于 1，一个任务涨，另一个必跌。B 停在 0.71 到 0.80，AUC 高出 0.25 以上。",
        "A stays at -1: the two columns add up to 1, so one task can rise only if the other falls. B ends between 0.71 "
        "and 0.80, with an AUC higher by 0.25 or more.",
    ),
    arms=_ARMS,
    readings=(
        Reading("A", "correlation", None, _CORRELATION, (-1.0, -0.9999), "+.3f"),
        Reading("B", "correlation", None, _CORRELATION, (0.712, 0.796), "+.3f"),
        Reading("A", "auc", "interest", _INTEREST, (0.586, 0.649), large=False),
        Reading("B", "auc", "interest", _INTEREST, (0.871, 0.909), large=False),
        Reading("A", "auc", "recommend", _RECOMMEND, (0.571, 0.641), large=False),
        Reading("B", "auc", "recommend", _RECOMMEND, (0.870, 0.902), large=False),
    ),
    checks=(
        Check("value", 0, high=-0.999),
        Check("value", 1, low=0.0),
        Check("difference", 3, 2, low=0.05),
        Check("difference", 5, 4, low=0.05),
    ),
    charts=(Chart("auc", "interest"), Chart("auc", "recommend")),
    shown=(40, 40),
)

BATCH = Pairing(
    id="listing1-batch",
    title=Text("损失随批大小变", "A loss that depends on the batch"),
    watch=Text("每批的损失：512 行对 64 行", "loss of a batch: 512 rows against 64"),
    expected=Text(
        "原样的损失差 12 倍：它对一批里的各行求和，按 N log N 涨，512 log 512 / (64 log 64) = 12。改正后不涨，"
        "反而略低，因为同样 200 步里大批看过的样本是 8 倍。",
        "As printed the loss is 12 times as large: it is a sum over the batch and grows as N log N, and 512 log 512 / "
        "(64 log 64) = 12. Corrected, it does not grow; it is a little lower, since 200 large batches show 8 times as "
        "many rows.",
    ),
    arms=(
        PairingArm("A", Text("原样 64", "printed 64"), "listing1-printed-batch-64"),
        PairingArm("B", Text("原样 512", "printed 512"), "listing1-printed-batch-512"),
        PairingArm("C", Text("改正 64", "corrected 64"), "listing1-corrected-batch-64"),
        PairingArm("D", Text("改正 512", "corrected 512"), "listing1-corrected-batch-512"),
    ),
    readings=(
        Reading("A", "batch_loss", None, _BATCH_LOSS, (220.9, 240.6), ".0f"),
        Reading("B", "batch_loss", None, _BATCH_LOSS, (2624.8, 2966.0), ".0f"),
        Reading("C", "batch_loss", None, _BATCH_LOSS, (1.170, 1.293)),
        Reading("D", "batch_loss", None, _BATCH_LOSS, (0.991, 1.086)),
    ),
    checks=(Check("ratio", 1, 0, low=10.0, high=14.0), Check("ratio", 3, 2, high=1.1)),
    charts=(Chart("batch_loss", None), Chart("auc", "interest")),
    shown=(40, 40),
)

USERS = Pairing(
    id="listing1-users",
    title=Text("没有用上的用户", "Users that are never read"),
    watch=_SHUFFLE,
    expected=Text(
        "A 恰好是 0：用户声明了却没有进入预测，换成谁都一样。B 平均变 0.19 到 0.21。",
        "A is exactly 0: users are declared but never enter the prediction, so any user will do. B changes by 0.19 to "
        "0.21 on average.",
    ),
    arms=_ARMS,
    readings=(
        Reading("A", "shuffle_users", None, _SHUFFLE, (0.0, 0.0)),
        Reading("B", "shuffle_users", None, _SHUFFLE, (0.192, 0.211)),
    ),
    checks=(Check("value", 0, low=0.0, high=0.0), Check("value", 1, low=0.05)),
    charts=(Chart("shuffle_users", None), Chart("auc", "interest")),
    shown=(40, 40),
    exact=True,
)

PAIRINGS = (SOFTMAX, BATCH, USERS)
