"""Recipes on two tasks that are trained together, or one after the other."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Teachers
from models.events import Text
from models.recipe import Change, Recipe, Training

_NETWORK = SharedBottom(hidden=(8,))
_TOGETHER = Training(steps=1000, batch=64, learning_rate=0.02, evaluations=41, probes=("best_point",))
_ONE_AFTER_THE_OTHER = msgspec.structs.replace(
    _TOGETHER, weights=(1.0, 0.0), changes=(Change(step=500, weights=(0.0, 1.0)),)
)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "teachers-together": (
        Text("两个任务一起训", "two tasks together"),
        Recipe(Teachers(), _NETWORK, training=_TOGETHER),
    ),
    "teachers-one-after-the-other": (
        Text("先训任务 1，再训任务 2", "task 1 first, then task 2"),
        Recipe(Teachers(), _NETWORK, training=_ONE_AFTER_THE_OTHER),
    ),
}
