"""Recipes in which two tasks compete for what they share: a narrow trunk, or experts under unequal task weights."""

from __future__ import annotations

import msgspec

from models.catalogue.networks import Cgc, Mmoe, SharedBottom, SingleTask
from models.catalogue.tasks import Teachers, TwoDirections
from models.events import Text
from models.recipe import Recipe, Training

_FALLING = Training(steps=800, batch=128, learning_rate=0.01, schedule="cosine", probes=("mean_loss",))
_FIRST, _SECOND = (msgspec.structs.replace(_FALLING, weights=weights) for weights in ((10.0, 1.0), (1.0, 10.0)))
_1_TO_100 = Training(steps=1000, batch=128, learning_rate=0.005, weights=(1.0, 100.0))


def _shared(units: int) -> SharedBottom:
    return SharedBottom(hidden=(units,), activation="tanh")


def _single(units: int) -> SingleTask:
    return SingleTask(hidden=(units,), activation="tanh")


RECIPES: dict[str, tuple[Text, Recipe]] = {
    "two-directions-shared-2": (
        Text("各用两个方向的两个任务，共享 2 个单元", "two directions per task, 2 units shared"),
        Recipe(TwoDirections(), _shared(2), training=_FALLING),
    ),
    "two-directions-single-2": (
        Text("各用两个方向的两个任务，每个任务 2 个单元", "two directions per task, 2 units each"),
        Recipe(TwoDirections(), _single(2), training=_FALLING),
    ),
    "two-directions-shared-16": (
        Text("各用两个方向的两个任务，共享 16 个单元", "two directions per task, 16 units shared"),
        Recipe(TwoDirections(), _shared(16), training=_FALLING),
    ),
    "two-directions-single-16": (
        Text("各用两个方向的两个任务，每个任务 16 个单元", "two directions per task, 16 units each"),
        Recipe(TwoDirections(), _single(16), training=_FALLING),
    ),
    "two-directions-10-to-1": (
        Text(
            "各用两个方向的两个任务，共享 3 个单元，权重 10:1", "two directions per task, 3 units shared, weights 10:1"
        ),
        Recipe(TwoDirections(), _shared(3), training=_FIRST),
    ),
    "two-directions-1-to-10": (
        Text(
            "各用两个方向的两个任务，共享 3 个单元，权重 1:10", "two directions per task, 3 units shared, weights 1:10"
        ),
        Recipe(TwoDirections(), _shared(3), training=_SECOND),
    ),
    "teachers-mmoe-1-to-100": (
        Text("权重 1:100，四个专家都共享（MMoE）", "weights 1:100, four experts, all shared (MMoE)"),
        Recipe(Teachers(), Mmoe(experts=4, expert=(4,), tower=()), training=_1_TO_100),
    ),
    "teachers-cgc-1-to-100": (
        Text(
            "权重 1:100，两个专家共享，每个任务另有一个（CGC）", "weights 1:100, two experts shared, one per task (CGC)"
        ),
        Recipe(Teachers(), Cgc(own=1, shared=2, expert=(4,), tower=()), training=_1_TO_100),
    ),
}
