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
_BATCH_LOSS = Text("每批的损失", "loss of a batch")
_SHUFFLE = Text("打乱用户后预测的变化", "change of predictions, users shuffled")

SOFTMAX = Pairing(
    id="listing1-softmax",
    title=Text("两个任务共用一个 softmax", "One softmax over two tasks"),
    watch=_CORRELATION,
    expected=Text(
        "A 恒为 -1，一个任务涨，另一个必跌；B 升到正的，两个任务的 AUC 都比 A 高得多。",
        "A stays at -1: as one task rises, the other falls. B turns positive, with a far higher AUC on both tasks.",
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
    title=Text("损失随批大小涨", "A loss that grows with the batch"),
    watch=Text("每批的损失：512 行对 64 行", "loss of a batch: 512 rows against 64"),
    expected=Text(
        "原样的损失按 N log N 涨，512 行是 64 行的 12 倍左右；改正后按样本平均，不随批大小涨。",
        "As printed the loss grows as N log N, about 12 times from 64 to 512 rows; corrected, it does not grow.",
    ),
    arms=(
        PairingArm("A", Text("批 64 原样", "64 as printed"), "listing1-printed-batch-64"),
        PairingArm("B", Text("批 512 原样", "512 as printed"), "listing1-printed-batch-512"),
        PairingArm("C", Text("批 64 改正", "64 corrected"), "listing1-corrected-batch-64"),
        PairingArm("D", Text("批 512 改正", "512 corrected"), "listing1-corrected-batch-512"),
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
    title=Text("没人读的用户特征", "Users that are never read"),
    watch=_SHUFFLE,
    expected=Text(
        "A 恰好是 0，换成谁的特征都一样；B 平均变 0.2 左右。",
        "A is exactly 0, as no prediction reads the user; B changes by about 0.2 on average.",
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
