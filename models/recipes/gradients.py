"""Recipes on two tasks that want opposite things of one shared unit: the plain sum of the gradients, and PCGrad."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Sines
from models.catalogue.weighting import Pcgrad
from models.events import Text
from models.recipe import Recipe, Training

_TASKS = Sines(train=1_500, cosine=-0.5, slope=0.0, frequencies=(1.5,), targets="raw")
_NETWORK = SharedBottom(hidden=(1,), activation="tanh")
_SUM = Training(
    steps=1000,
    batch=64,
    optimizer="sgd",
    learning_rate=0.01,
    weights=(1.0, 10.0),
    probes=("harmful_updates", "conflicting_gradients"),
)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "one-unit-sum": (
        Text("共享一个单元，梯度直接相加", "one shared unit, gradients added"),
        Recipe(_TASKS, _NETWORK, training=_SUM),
    ),
    "one-unit-pcgrad": (
        Text("共享一个单元，PCGrad", "one shared unit, PCGrad"),
        Recipe(_TASKS, _NETWORK, training=msgspec.structs.replace(_SUM, weighting=Pcgrad())),
    ),
}
