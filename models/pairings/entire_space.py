"""Pairings on simulated impressions, where the truth is known. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ALL = Text("pCVR/真值（全部）", "pCVR / truth (all)")
_CLICKED = Text("pCVR/真值（点击）", "pCVR / truth (clicked)")
_UNCLICKED = Text("未点击样本对 CVR 的梯度", "CVR gradient of unclicked rows")
_ABOVE = Text("“点且买”高过“点”的占比", "rows with p(click & conversion) > p(click)")

HIDDEN_CONFOUNDER = Pairing(
    id="hidden-confounder",
    title=Text("ESMM 与隐藏因素", "ESMM and a hidden factor"),
    watch=Text("全部曝光的平均 pCVR 与真值之比", "mean pCVR / truth over all impressions"),
    expected=Text(
        "全部曝光上，A 在 1 附近，B 和 C 明显偏高；只看点击样本，三者都在 1 附近。",
        "Over all impressions A is near 1, B and C are far too high; on clicked rows all three are near 1.",
    ),
    arms=(
        PairingArm("A", Text("ESMM，无隐藏", "nothing hidden"), "impressions-esmm"),
        PairingArm("B", Text("ESMM，有隐藏", "hidden factor"), "impressions-hidden-esmm"),
        PairingArm("C", Text("只用点击样本", "clicked only"), "impressions-hidden-clicked"),
    ),
    readings=(
        Reading("A", "calibration", "conversion", _ALL, (0.89, 1.16), ".2f"),
        Reading("B", "calibration", "conversion", _ALL, (1.55, 1.73), ".2f"),
        Reading("C", "calibration", "conversion", _ALL, (1.50, 1.72), ".2f"),
        Reading("A", "calibration_on_clicks", None, _CLICKED, (0.85, 1.20), ".2f", large=False),
        Reading("B", "calibration_on_clicks", None, _CLICKED, (0.93, 1.06), ".2f", large=False),
        Reading("C", "calibration_on_clicks", None, _CLICKED, (0.91, 1.04), ".2f", large=False),
    ),
    checks=(
        Check("difference", 1, 0, low=0.2),
        Check("difference", 2, 0, low=0.2),
        Check("value", 4, low=0.8, high=1.2),
    ),
    charts=(Chart("calibration", "conversion"), Chart("calibration_on_clicks", None)),
    shown=(20, 20),
)

UNCLICKED_ROWS = Pairing(
    id="unclicked-rows",
    title=Text("没点击的曝光教不教 CVR 塔", "Do unclicked impressions teach the CVR tower?"),
    watch=_UNCLICKED,
    expected=Text(
        "只用点击样本的一组恰好一直是 0；ESMM 不是 0，但很小，训完时平均 0.03 左右。",
        "Trained on clicks alone it stays at exactly 0; in ESMM it is not 0 but small, about 0.03 at the end.",
    ),
    arms=(
        PairingArm("A", Text("只用点击样本", "clicked only"), "impressions-clicked"),
        PairingArm("B", Text("ESMM", "ESMM"), "impressions-esmm"),
    ),
    readings=(
        Reading("A", "unclicked_gradient", None, _UNCLICKED, (0.0, 0.0)),
        Reading("B", "unclicked_gradient", None, _UNCLICKED, (0.029, 0.041)),
    ),
    checks=(Check("value", 0, low=0.0, high=0.0), Check("value", 1, low=0.001)),
    charts=(Chart("unclicked_gradient", None), Chart("auc", "conversion")),
    shown=(20, 20),
    exact=True,
)

ORDER = Pairing(
    id="click-and-conversion",
    title=Text("先点后买的概率，不该高过点", "A click and a conversion, likelier than the click?"),
    watch=_ABOVE,
    expected=Text(
        "两个头各学各的，总有一些曝光，“点且买”预测得比“点”还可能，占百分之几；ESMM 用乘积，恰好是 0。",
        "With two heads some per cent of rows get a likelier click & conversion than click; with ESMM's product none.",
    ),
    arms=(
        PairingArm("A", Text("两个头", "two heads"), "impressions-keen-division"),
        PairingArm("B", Text("ESMM", "ESMM"), "impressions-keen-esmm"),
    ),
    readings=(
        Reading("A", "above_click", None, _ABOVE, (0.020, 0.072), ".1%"),
        Reading("B", "above_click", None, _ABOVE, (0.0, 0.0), ".1%"),
    ),
    checks=(Check("value", 0, low=0.001), Check("value", 1, low=0.0, high=0.0)),
    charts=(Chart("above_click", None), Chart("auc", "conversion"), Chart("calibration", "conversion")),
    shown=(20, 20),
)

PAIRINGS = (HIDDEN_CONFOUNDER, UNCLICKED_ROWS, ORDER)
