"""Recipes on simulated impressions, with and without a hidden factor that drives click and conversion."""

from __future__ import annotations

from models.catalogue import Esmm, Impressions, SharedBottom
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(
    steps=800, batch=512, learning_rate=0.003, evaluations=21, probes=("calibration", "calibration_on_clicks")
)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "impressions-esmm": (
        Text("模拟曝光，ESMM", "simulated impressions, ESMM"),
        Recipe(Impressions(), Esmm(), training=_TRAINING),
    ),
    "hidden-factor-esmm": (
        Text("有隐藏因素的曝光，ESMM", "impressions with a hidden factor, ESMM"),
        Recipe(Impressions(confounding=1.0), Esmm(), training=_TRAINING),
    ),
    "hidden-factor-clicked-only": (
        Text("有隐藏因素的曝光，转化只用点击样本", "impressions with a hidden factor, conversion from clicked rows"),
        Recipe(Impressions(confounding=1.0), SharedBottom(hidden=(32,), tower=(16,)), training=_TRAINING),
    ),
}
