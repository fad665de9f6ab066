"""Pairings on simulated impressions, where the truth is known. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ALL = Text("pCVR/真值（全部）", "pCVR / truth (all)")
_CLICKED = Text("pCVR/真值（点击）", "pCVR / truth (clicked)")

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
        Reading("A", "calibration", "conversion", _ALL, (0.902, 1.2), ".2f"),
        Reading("B", "calibration", "conversion", _ALL, (1.48, 1.75), ".2f"),
        Reading("C", "calibration", "conversion", _ALL, (1.5, 1.72), ".2f"),
        Reading("A", "calibration_on_clicks", None, _CLICKED, (0.845, 1.21), ".2f", large=False),
        Reading("B", "calibration_on_clicks", None, _CLICKED, (0.906, 1.04), ".2f", large=False),
        Reading("C", "calibration_on_clicks", None, _CLICKED, (0.916, 1.04), ".2f", large=False),
    ),
    checks=(
        Check("difference", 1, 0, low=0.2),
        Check("difference", 2, 0, low=0.2),
        Check("value", 4, low=0.8, high=1.2),
    ),
    charts=(Chart("calibration", "conversion"), Chart("calibration_on_clicks", None)),
    shown=(20, 20),
)

PAIRINGS = (HIDDEN_CONFOUNDER,)
