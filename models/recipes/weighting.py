"""Recipes on two regressions with half of their units in common: units of measurement, and learned weights."""

from __future__ import annotations

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Teachers
from models.catalogue.weighting import Uncertainty
from models.events import Text
from models.recipe import Recipe, Training

_NETWORK = SharedBottom(hidden=(16,))
_TRAINING = Training(steps=1000, batch=128, learning_rate=0.005, probes=("remaining_loss",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "teachers-scale-100": (
        Text("第二个目标放大 100 倍，损失直接相加", "second target times 100, losses added"),
        Recipe(Teachers(scale_2=100.0), _NETWORK, training=_TRAINING),
    ),
    "teachers-standardised": (
        Text("两个目标都标准化，损失直接相加", "both targets standardised, losses added"),
        Recipe(Teachers(), _NETWORK, training=_TRAINING),
    ),
    "teachers-uncertainty": (
        Text("噪声 0.2 和 1.0，不确定性加权", "noise 0.2 and 1.0, uncertainty weighting"),
        Recipe(
            Teachers(noise_1=0.2, noise_2=1.0),
            _NETWORK,
            training=Training(steps=1000, batch=128, learning_rate=0.005, weighting=Uncertainty()),
        ),
    ),
}
