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
_OPPOSITE = Auxiliary(auxiliary_rows=5_000, tasks=1, units="opposite")
_DEEP = SharedBottom(hidden=(64, 64))
_WITH_ONE = Training(steps=800, batch=128, optimizer="adamw", learning_rate=0.003, weight_decay=0.01)

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
    "one-auxiliary-alone": (
        Text("100 条标签，单独训，两层", "100 labels, alone, two layers"),
        Recipe(_OPPOSITE, _DEEP, training=msgspec.structs.replace(_WITH_ONE, weights=(1.0, 0.0))),
    ),
    "one-auxiliary-opposite": (
        Text("100 条标签，加一个标签相反的任务", "100 labels, with a task of opposite labels"),
        Recipe(_OPPOSITE, _DEEP, training=_WITH_ONE),
    ),
    "one-auxiliary-unrelated": (
        Text("100 条标签，加一个不相关任务", "100 labels, with an unrelated task"),
        Recipe(msgspec.structs.replace(_OPPOSITE, units="other"), _DEEP, training=_WITH_ONE),
    ),
    "unequal-labels": (
        Text("100 条有噪声的标签，配 3,000 条干净的", "100 noisy labels, beside 3,000 clean ones"),
        Recipe(
            Unequal(),
            _DEEP,
            training=Training(steps=1000, batch=128, learning_rate=0.003, evaluations=41, probes=("best_point",)),
        ),
    ),
}
