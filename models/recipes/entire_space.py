"""Recipes on simulated impressions: with and without a hidden factor, from clicks alone, with many conversions."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import Division, Esmm, SharedBottom
from models.catalogue.tasks import Impressions
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(steps=800, batch=512, learning_rate=0.003, evaluations=21, probes=("calibration_on_clicks",))
_SPACE = msgspec.structs.replace(_TRAINING, probes=("calibration_on_clicks", "unclicked_gradient"))
_CLICKED = SharedBottom(hidden=(32,), tower=(16,))
_KEEN = Impressions(conversion=0.5)
_ORDER = Training(steps=500, batch=256, learning_rate=0.003, probes=("above_click",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "impressions-esmm": (
        Text("模拟曝光，ESMM", "impressions, ESMM"),
        Recipe(Impressions(), Esmm(), training=_SPACE),
    ),
    "impressions-clicked": (
        Text("模拟曝光，只用点击样本", "impressions, clicked rows only"),
        Recipe(Impressions(), _CLICKED, training=_SPACE),
    ),
    "impressions-hidden-esmm": (
        Text("模拟曝光，有隐藏因素，ESMM", "impressions, hidden factor, ESMM"),
        Recipe(Impressions(confounding=1.0), Esmm(), training=_TRAINING),
    ),
    "impressions-hidden-clicked": (
        Text("模拟曝光，有隐藏因素，只用点击样本", "impressions, hidden factor, clicked rows only"),
        Recipe(Impressions(confounding=1.0), _CLICKED, training=_TRAINING),
    ),
    "impressions-keen-division": (
        Text("模拟曝光，点了多半会买，两个头各学各的", "impressions, most clicks convert, a head each"),
        Recipe(_KEEN, Division(), training=_ORDER),
    ),
    "impressions-keen-esmm": (
        Text("模拟曝光，点了多半会买，ESMM", "impressions, most clicks convert, ESMM"),
        Recipe(_KEEN, Esmm(tower=()), training=_ORDER),
    ),
}
