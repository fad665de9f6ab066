"""Recipes on two regressions with half of their units in common: the scale of targets and losses, learned weights."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import Teachers
from models.catalogue.weighting import Uncertainty
from models.events import Text
from models.recipe import Recipe, Training

_NETWORK = SharedBottom(hidden=(16,))
_TRAINING = Training(steps=1000, batch=128, learning_rate=0.005, probes=("remaining_loss",))
_LEARNED = Training(steps=1000, batch=128, learning_rate=0.005, weighting=Uncertainty())
_SGD_100 = Training(
    steps=1000, batch=128, optimizer="sgd", learning_rate=0.05, weights=(1.0, 100.0), probes=("diverged",)
)
_BOTH = SharedBottom(hidden=(32,))
_ADAM_ALL = Training(steps=500, batch=128, learning_rate=0.005, probes=("mean_loss", "diverged"))
_SGD_ALL = msgspec.structs.replace(_ADAM_ALL, optimizer="sgd", learning_rate=0.05)
_HUNDREDFOLD = (100.0, 100.0)

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
            training=_LEARNED,
        ),
    ),
    "teachers-sigma-1": (
        Text("第二个目标放大 100 倍，不确定性加权从 1 开始", "second target times 100, uncertainty weighting from 1"),
        Recipe(Teachers(scale_2=100.0), _NETWORK, training=_LEARNED),
    ),
    "teachers-sigma-first-loss": (
        Text("第二个目标放大 100 倍，不确定性加权从首批损失开始", "second target times 100, sigma from the first loss"),
        Recipe(
            Teachers(scale_2=100.0),
            _NETWORK,
            training=msgspec.structs.replace(_LEARNED, weighting=Uncertainty(start="first-loss")),
        ),
    ),
    "teachers-sigma-10": (
        Text("第二个目标放大 10 倍，不确定性加权学得快", "second target times 10, sigma learned fast"),
        Recipe(
            Teachers(scale_2=10.0),
            _NETWORK,
            training=Training(steps=2000, batch=128, learning_rate=0.01, weighting=Uncertainty(learning_rate=0.05)),
        ),
    ),
    "teachers-sgd-100": (
        Text("第二个损失乘 100，SGD，直接相加", "second loss times 100, SGD, losses added"),
        Recipe(Teachers(), _NETWORK, training=_SGD_100),
    ),
    "teachers-sgd-100-uncertainty": (
        Text("第二个损失乘 100，SGD，不确定性加权", "second loss times 100, SGD, uncertainty weighting"),
        Recipe(
            Teachers(),
            _NETWORK,
            training=msgspec.structs.replace(_SGD_100, weighting=Uncertainty(start="first-loss")),
        ),
    ),
    "teachers-adam": (
        Text("两个损失相加，Adam", "both losses added, Adam"),
        Recipe(Teachers(), _BOTH, training=_ADAM_ALL),
    ),
    "teachers-adam-hundredfold": (
        Text("两个损失都乘 100，Adam", "both losses times 100, Adam"),
        Recipe(Teachers(), _BOTH, training=msgspec.structs.replace(_ADAM_ALL, weights=_HUNDREDFOLD)),
    ),
    "teachers-sgd": (
        Text("两个损失相加，SGD", "both losses added, SGD"),
        Recipe(Teachers(), _BOTH, training=_SGD_ALL),
    ),
    "teachers-sgd-hundredfold": (
        Text("两个损失都乘 100，SGD", "both losses times 100, SGD"),
        Recipe(Teachers(), _BOTH, training=msgspec.structs.replace(_SGD_ALL, weights=_HUNDREDFOLD)),
    ),
}
