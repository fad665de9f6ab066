"""Recipes of a linear classifier with softmax once and twice, from a usual start and from a confidently wrong one."""

from __future__ import annotations

from models.catalogue.networks import LinearSoftmax
from models.catalogue.tasks import Bits
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(steps=600, batch=64, optimizer="sgd", learning_rate=0.5, weights=(0.5, 0.5))
_WRONG = 10.0

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "softmax-once": (
        Text("线性分类，softmax 一次", "linear classifier, softmax once"),
        Recipe(Bits(), LinearSoftmax(), training=_TRAINING),
    ),
    "softmax-twice": (
        Text("线性分类，softmax 两次", "linear classifier, softmax twice"),
        Recipe(Bits(), LinearSoftmax(twice=True), training=_TRAINING),
    ),
    "softmax-once-wrong-start": (
        Text("线性分类，softmax 一次，从判错的偏置出发", "linear classifier, softmax once, from wrong biases"),
        Recipe(Bits(), LinearSoftmax(bias=_WRONG), training=_TRAINING),
    ),
    "softmax-twice-wrong-start": (
        Text("线性分类，softmax 两次，从判错的偏置出发", "linear classifier, softmax twice, from wrong biases"),
        Recipe(Bits(), LinearSoftmax(twice=True, bias=_WRONG), training=_TRAINING),
    ),
}
