"""Recipes that look good by one number and bad by another: accuracy, AUC across users, training loss."""

from __future__ import annotations

from models.catalogue.features import Features
from models.catalogue.networks import Constant, SingleTask
from models.catalogue.tasks import ClickHabits, Logistic
from models.events import Text
from models.recipe import Recipe, Training

_LINEAR = SingleTask(hidden=())
_RARE = Training(steps=300, batch=256, learning_rate=0.03)
_HABITS = Training(steps=400, batch=256, learning_rate=0.03)
_FEW = Training(steps=1000, batch=64, learning_rate=0.01, probes=("training_loss",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "rare-clicks-linear": (
        Text("稀疏点击，线性模型", "rare clicks, linear model"),
        Recipe(Logistic(), _LINEAR, training=_RARE),
    ),
    "rare-clicks-constant": (
        Text("稀疏点击，常数模型", "rare clicks, constant model"),
        Recipe(Logistic(), Constant(), training=_RARE),
    ),
    "click-habits-users": (
        Text("100 个用户的点击，只看用户", "clicks of 100 users, users only"),
        Recipe(ClickHabits(), _LINEAR, Features(("user",)), _HABITS),
    ),
    "click-habits-items": (
        Text("100 个用户的点击，只看物品", "clicks of 100 users, items only"),
        Recipe(ClickHabits(), _LINEAR, Features(("item",)), _HABITS),
    ),
    "few-rows-true-labels": (
        Text("300 行，真标签", "300 rows, true labels"),
        Recipe(Logistic(300, 4_000, 30, 0.0, 4.0), SingleTask(hidden=(64,)), training=_FEW),
    ),
    "few-rows-shuffled-labels": (
        Text("300 行，打乱的标签", "300 rows, shuffled labels"),
        Recipe(Logistic(300, 4_000, 30, 0.0, 4.0, shuffled=True), SingleTask(hidden=(64,)), training=_FEW),
    ),
}
