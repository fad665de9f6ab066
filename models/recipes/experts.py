"""Recipes of mixtures of experts on two regressions that have nothing in common: gates, initial values, routing."""

from __future__ import annotations

from models.catalogue.networks import Mmoe, Omoe
from models.catalogue.tasks import Sines
from models.events import Text
from models.recipe import Recipe, Training

_NARROW = Training(
    steps=800,
    batch=128,
    learning_rate=0.01,
    schedule="cosine",
    probes=("mean_loss",),
)
_DISTANCE = Training(
    steps=800,
    batch=128,
    learning_rate=0.01,
    schedule="cosine",
    probes=("mean_loss", "expert_distance"),
)
_FOUR_SINES = Sines(frequencies=(1.0, 2.0, 3.0, 4.0), phases="random", targets="raw")
_IDLE = Training(
    steps=200,
    batch=128,
    learning_rate=0.003,
    probes=("last_expert_use", "last_expert_gradient", "last_expert_movement"),
)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "sines-omoe": (
        Text("正弦任务，专家各一个单元，共用一个门（OMoE）", "sines, experts of one unit, one gate (OMoE)"),
        Recipe(Sines(), Omoe(expert=(1,), activation="tanh"), training=_NARROW),
    ),
    "sines-mmoe": (
        Text("正弦任务，专家各一个单元，每个任务一个门（MMoE）", "sines, experts of one unit, a gate per task (MMoE)"),
        Recipe(Sines(), Mmoe(expert=(1,), activation="tanh"), training=_DISTANCE),
    ),
    "sines-equal-experts": (
        Text("正弦任务，专家各一个单元，都从同一个常数开始", "sines, experts of one unit, all from one constant"),
        Recipe(Sines(), Mmoe(expert=(1,), activation="tanh", initial="equal"), training=_DISTANCE),
    ),
    "sines-idle-soft": (
        Text("正弦任务，末位专家几乎不用，软门", "sines, last expert hardly used, soft gates"),
        Recipe(_FOUR_SINES, Mmoe(initial="idle"), training=_IDLE),
    ),
    "sines-idle-top-1": (
        Text("正弦任务，末位专家几乎不用，top-1 门", "sines, last expert hardly used, top-1 gates"),
        Recipe(_FOUR_SINES, Mmoe(initial="idle", routing="top-1"), training=_IDLE),
    ),
}
