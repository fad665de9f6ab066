"""Recipes that differ in the start or in the learning rate: units that never wake up, a rate lowered or thrown up."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Teachers
from models.events import Text
from models.recipe import Change, Recipe, Training

_NETWORK = SharedBottom(hidden=(32,))
_CALM = Training(steps=600, batch=128, learning_rate=0.005, probes=("mean_loss",))
_START = msgspec.structs.replace(_CALM, probes=("mean_loss", "trunk_gradient"))
_HIGH = msgspec.structs.replace(_CALM, batch=16, learning_rate=0.05)
_LOWERED = msgspec.structs.replace(_HIGH, changes=(Change(300, learning_rate=0.05),))


def _spike(factor: float) -> Training:
    changes = (Change(300, learning_rate=factor), Change(330, learning_rate=1 / factor))
    return msgspec.structs.replace(_CALM, changes=changes)


RECIPES: dict[str, tuple[Text, Recipe]] = {
    "teachers-random-start": (
        Text("32 个 ReLU 单元，随机初始", "32 ReLU units, random start"),
        Recipe(Teachers(), _NETWORK, training=_START),
    ),
    "teachers-dead-start": (
        Text("32 个 ReLU 单元，偏置从 -10 开始", "32 ReLU units, biases start at -10"),
        Recipe(Teachers(), SharedBottom(hidden=(32,), initial="dead"), training=_START),
    ),
    "teachers-rate-kept": (
        Text("学习率 0.05，小批，不变", "learning rate 0.05, small batch, kept"),
        Recipe(Teachers(), _NETWORK, training=_HIGH),
    ),
    "teachers-rate-lowered": (
        Text("学习率 0.05，小批，半程降到 1/20", "learning rate 0.05, small batch, a twentieth from half-way"),
        Recipe(Teachers(), _NETWORK, training=_LOWERED),
    ),
    "teachers-rate-calm": (
        Text("学习率 0.005，不变", "learning rate 0.005, kept"),
        Recipe(Teachers(), _NETWORK, training=_CALM),
    ),
    "teachers-rate-spike-30": (
        Text("学习率 0.005，半程有 30 步放大 30 倍", "learning rate 0.005, times 30 for 30 steps half-way"),
        Recipe(Teachers(), _NETWORK, training=_spike(30.0)),
    ),
    "teachers-rate-spike-100": (
        Text("学习率 0.005，半程有 30 步放大 100 倍", "learning rate 0.005, times 100 for 30 steps half-way"),
        Recipe(Teachers(), _NETWORK, training=_spike(100.0)),
    ),
}
