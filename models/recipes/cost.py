"""Recipes that cost: one network with a head per task, and a whole network per task with tables of its own."""

from __future__ import annotations

from models.catalogue.features import Features
from models.catalogue.networks import SharedBottom, SingleTask
from models.catalogue.tasks import Uniform
from models.events import Text
from models.recipe import Recipe, Training

_FEATURES = Features(embedding=16)
_TRAINING = Training(steps=40, batch=512, evaluations=21, probes=("parameters", "step_time"))
_JOINT = SharedBottom(hidden=(128, 64), tower=(16,))
_APART = SingleTask(hidden=(128, 64, 16), tables="own")


def _ids(tasks: int) -> Uniform:
    return Uniform(train=2_048, test=512, fields=8, vocabulary=625, numbers=0, tasks=tasks)


RECIPES: dict[str, tuple[Text, Recipe]] = {
    "two-heads": (
        Text("两个任务，一个网络", "two tasks, one network"),
        Recipe(_ids(2), _JOINT, _FEATURES, _TRAINING),
    ),
    "two-networks": (
        Text("两个任务，两个网络", "two tasks, two networks"),
        Recipe(_ids(2), _APART, _FEATURES, _TRAINING),
    ),
    "eight-heads": (
        Text("八个任务，一个网络", "eight tasks, one network"),
        Recipe(_ids(8), _JOINT, _FEATURES, _TRAINING),
    ),
    "eight-networks": (
        Text("八个任务，八个网络", "eight tasks, eight networks"),
        Recipe(_ids(8), _APART, _FEATURES, _TRAINING),
    ),
}
