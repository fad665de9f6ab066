"""Recipes in which one task has a hundred labels and others have thousands."""

from __future__ import annotations

import math

import msgspec

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Auxiliary, Unequal
from models.events import Text
from models.recipe import Recipe, Training

_NETWORK = SharedBottom(hidden=(32,))
_JOINT = Training(
    steps=600,
    batch=128,
    optimizer="adamw",
    learning_rate=0.003,
    weight_decay=0.3,
    weights=(1.0, *(1 / math.sqrt(8),) * 8),
)
_ALONE = msgspec.structs.replace(_JOINT, weights=(1.0, *(0.0,) * 8))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "few-labels-alone": (
        Text("100 条标签，单独训", "100 labels, alone"),
        Recipe(Auxiliary(), _NETWORK, training=_ALONE),
    ),
    "few-labels-related": (
        Text("100 条标签，加八个相关任务", "100 labels, with eight related tasks"),
        Recipe(Auxiliary(), _NETWORK, training=_JOINT),
    ),
    "few-labels-unrelated": (
        Text("100 条标签，加八个不相关任务", "100 labels, with eight unrelated tasks"),
        Recipe(Auxiliary(units="other"), _NETWORK, training=_JOINT),
    ),
    "unequal-labels": (
        Text("100 条有噪声的标签，配 3,000 条干净的", "100 noisy labels, beside 3,000 clean ones"),
        Recipe(
            Unequal(),
            SharedBottom(hidden=(64, 64)),
            training=Training(steps=1000, batch=128, learning_rate=0.003, evaluations=41, probes=("best_point",)),
        ),
    ),
}
