"""Recipes on reviews of garments: their text against the table beside it, and ratings as an auxiliary task."""

from __future__ import annotations

import msgspec

from models.catalogue.features import Features
from models.catalogue.networks import SharedBottom, SingleTask
from models.catalogue.tasks import Reviews
from models.events import Text
from models.recipe import Recipe, Training

_TEXT, _TABLE = Features(("text",)), Features(("kind", "age"))
_ONE = SingleTask(hidden=(32,))
_ALL, _200 = Reviews(tasks=("recommended",)), Reviews(tasks=("recommended",), labels=200)
_300_STEPS = Training(steps=300, batch=128, learning_rate=0.003)
_200_STEPS = msgspec.structs.replace(_300_STEPS, steps=200)

_50 = Reviews(tasks=("recommended", "rating"), labels=50)
_FOUR = SharedBottom(hidden=(4,), activation="tanh")
_JOINT = Training(steps=500, batch=128, optimizer="adamw", learning_rate=0.003, weight_decay=3.0, weights=(1.0, 3.0))
_ALONE = msgspec.structs.replace(_JOINT, weights=(1.0, 0.0))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "reviews-text": (
        Text("评论是否推荐，看文本向量", "is a garment recommended, from the text of the review"),
        Recipe(_ALL, _ONE, _TEXT, _300_STEPS),
    ),
    "reviews-table": (
        Text("评论是否推荐，看品类和年龄", "is a garment recommended, from its kind and the writer's age"),
        Recipe(_ALL, _ONE, _TABLE, _300_STEPS),
    ),
    "reviews-text-200": (
        Text("评论是否推荐，200 条标签，看文本向量", "is a garment recommended, 200 labels, from the text"),
        Recipe(_200, _ONE, _TEXT, _200_STEPS),
    ),
    "reviews-table-200": (
        Text("评论是否推荐，200 条标签，看品类和年龄", "is a garment recommended, 200 labels, from kind and age"),
        Recipe(_200, _ONE, _TABLE, _200_STEPS),
    ),
    "reviews-50-alone": (
        Text("50 条推荐标签，单独训", "50 labels of recommended, alone"),
        Recipe(_50, _FOUR, _TEXT, _ALONE),
    ),
    "reviews-50-ratings": (
        Text("50 条推荐标签，加 18,000 条评分", "50 labels of recommended, with 18,000 ratings"),
        Recipe(_50, _FOUR, _TEXT, _JOINT),
    ),
    "reviews-50-shuffled": (
        Text("50 条推荐标签，加打乱的 18,000 条评分", "50 labels of recommended, with 18,000 shuffled ratings"),
        Recipe(msgspec.structs.replace(_50, shuffled=True), _FOUR, _TEXT, _JOINT),
    ),
}
