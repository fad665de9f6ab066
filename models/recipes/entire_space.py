"""Recipes on simulated impressions, with and without a hidden factor that drives click and conversion."""

from __future__ import annotations

from models.catalogue.networks import Esmm, SharedBottom
from models.catalogue.tasks import Impressions
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(steps=800, batch=512, learning_rate=0.003, evaluations=21, probes=("calibration_on_clicks",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "impressions-esmm": (
        Text("模拟曝光，ESMM", "impressions, ESMM"),
        Recipe(Impressions(), Esmm(), training=_TRAINING),
    ),
    "impressions-hidden-esmm": (
        Text("模拟曝光，有隐藏因素，ESMM", "impressions, hidden factor, ESMM"),
        Recipe(Impressions(confounding=1.0), Esmm(), training=_TRAINING),
    ),
    "impressions-hidden-clicked": (
        Text("模拟曝光，有隐藏因素，只用点击样本", "impressions, hidden factor, clicked rows only"),
        Recipe(Impressions(confounding=1.0), SharedBottom(hidden=(32,), tower=(16,)), training=_TRAINING),
    ),
}
