"""Recipes on the census data: four ways to share, from nothing to a gate for each task."""

from __future__ import annotations

from models.catalogue.networks import Mmoe, Omoe, SharedBottom, SingleTask
from models.catalogue.tasks import Adult
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(steps=600, batch=128, learning_rate=0.003)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "adult-single": (
        Text("人口普查，每个任务一个网络", "census, a network per task"),
        Recipe(Adult(), SingleTask(hidden=(32, 16)), training=_TRAINING),
    ),
    "adult-shared-bottom": (
        Text("人口普查，共享底座（shared bottom）", "census, shared bottom"),
        Recipe(Adult(), SharedBottom(hidden=(32, 16)), training=_TRAINING),
    ),
    "adult-omoe": (
        Text("人口普查，四个专家共用一个门（OMoE）", "census, four experts, one gate (OMoE)"),
        Recipe(Adult(), Omoe(), training=_TRAINING),
    ),
    "adult-mmoe": (
        Text("人口普查，四个专家，每个任务一个门（MMoE）", "census, four experts, a gate per task (MMoE)"),
        Recipe(Adult(), Mmoe(), training=_TRAINING),
    ),
}
