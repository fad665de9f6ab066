"""Pairings in which the training labels are not those of the world. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_RATIO = Text("预测/真值", "prediction / truth")
_AUC = Text("AUC", "AUC")

LATE_CONVERSIONS = Pairing(
    id="late-conversions",
    title=Text("转化还没到，不等于没有转化", "A conversion that is late is no negative"),
    watch=Text("平均预测与真实转化率之比", "mean prediction / true conversion rate"),
    expected=Text(
        "A 把没到的转化当负样本，只报出真值的六成上下；B 把延迟也建了模，在 1 附近。两组 AUC 几乎一样。",
        "A takes late conversions for negatives: about 0.6 of the truth. B models the delay: near 1. AUCs are alike.",
    ),
    arms=(
        PairingArm("A", Text("当负样本", "as negatives"), "late-labels-as-seen"),
        PairingArm("B", Text("DFM", "DFM"), "late-labels-dfm"),
    ),
    readings=(
        Reading("A", "calibration", "conversion", _RATIO, (0.563, 0.656), ".2f"),
        Reading("B", "calibration", "conversion", _RATIO, (0.93, 1.11), ".2f"),
        Reading("A", "auc", "conversion", _AUC, (0.691, 0.713), large=False),
        Reading("B", "auc", "conversion", _AUC, (0.687, 0.711), large=False),
    ),
    checks=(
        Check("value", 0, high=0.85),
        Check("value", 1, low=0.85, high=1.15),
        Check("difference", 2, 3, low=-0.02, high=0.02),
    ),
    charts=(Chart("calibration", "conversion"), Chart("auc", "conversion")),
    shown=(20, 20),
)

LOST_NEGATIVES = Pairing(
    id="lost-negatives",
    title=Text("负样本只留一成，概率要改回来", "With a tenth of the negatives, put the odds right"),
    watch=Text("平均预测与真实点击率之比", "mean prediction / true click rate"),
    expected=Text(
        "A 高出好几倍；B 把几率（odds）乘上 0.1，就回到 1 附近。次序没变，两组的 AUC 一样。",
        "A is several times too high; B multiplies the odds by 0.1 and is near 1. Order and AUC are the same.",
    ),
    arms=(
        PairingArm("A", Text("不校正", "as trained"), "rare-kept-as-seen"),
        PairingArm("B", Text("校正之后", "put right"), "rare-kept-recalibrated"),
    ),
    readings=(
        Reading("A", "calibration", "click", _RATIO, (4.26, 4.91), ".2f"),
        Reading("B", "calibration", "click", _RATIO, (0.92, 1.11), ".2f"),
        Reading("A", "auc", "click", _AUC, (0.766, 0.792), large=False),
        Reading("B", "auc", "click", _AUC, (0.766, 0.792), large=False),
    ),
    checks=(
        Check("value", 0, low=2.0),
        Check("value", 1, low=0.85, high=1.15),
        Check("difference", 2, 3, low=-0.001, high=0.001),
    ),
    charts=(Chart("calibration", "click"), Chart("log_loss", "click"), Chart("auc", "click")),
    shown=(20, 20),
)

PAIRINGS = (LATE_CONVERSIONS, LOST_NEGATIVES)
