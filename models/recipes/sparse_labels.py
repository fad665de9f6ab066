"""Recipes of a task with few labels: its loss divided by the labelled rows or by the batch, under SGD and Adam."""

from __future__ import annotations

from models.catalogue.networks import SharedBottom
from models.catalogue.tasks import SparseLabels
from models.events import Text
from models.recipe import Recipe, Training

_NETWORK = SharedBottom(hidden=(16,))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "sparse-labels-sgd": (
        Text("5 % 有标签，除以有标签的行数，SGD", "5 % labelled, divided by labelled rows, SGD"),
        Recipe(SparseLabels(), _NETWORK, training=Training(500, 256, "sgd", 0.1)),
    ),
    "sparse-labels-sgd-batch": (
        Text("5 % 有标签，除以批大小，SGD", "5 % labelled, divided by the batch, SGD"),
        Recipe(SparseLabels(), _NETWORK, training=Training(500, 256, "sgd", 0.1, divisor="batch")),
    ),
    "sparse-labels-adam": (
        Text("5 % 有标签，除以有标签的行数，Adam", "5 % labelled, divided by labelled rows, Adam"),
        Recipe(SparseLabels(), _NETWORK, training=Training(500, 256, "adam", 0.005)),
    ),
    "sparse-labels-adam-batch": (
        Text("5 % 有标签，除以批大小，Adam", "5 % labelled, divided by the batch, Adam"),
        Recipe(SparseLabels(), _NETWORK, training=Training(500, 256, "adam", 0.005, divisor="batch")),
    ),
}
