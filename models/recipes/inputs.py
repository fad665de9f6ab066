"""Recipes that differ only in how an input is given: an id or its number, raw or standardised, an item's id or text."""

from __future__ import annotations

from models.catalogue.features import Features
from models.catalogue.networks import SharedBottom, SingleTask, TwoTower
from models.catalogue.tasks import Adult, ColdItems, ManyIds
from models.events import Text
from models.recipe import Recipe, Training

_IDS = Training(steps=500, batch=128, learning_rate=0.01)
_NUMBERS = Training(steps=400, batch=128, learning_rate=0.003)
_ITEMS = Training(steps=600, batch=256, learning_rate=0.01)
_COLD, _WARM = ColdItems(held_out="cold"), ColdItems(held_out="warm")
_BY_ID, _BY_TEXT = Features(("user", "item")), Features(("user", "text"))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "many-ids-embedding": (
        Text("200 个 id，查 embedding 表", "200 ids, each with a vector"),
        Recipe(ManyIds(), SingleTask(hidden=(16,)), Features(("id",)), _IDS),
    ),
    "many-ids-number": (
        Text("200 个 id，当成数值", "200 ids, read as a number"),
        Recipe(ManyIds(), SingleTask(hidden=(16,)), Features(("number",)), _IDS),
    ),
    "adult-standardised": (
        Text("人口普查，六个数值列，标准化", "census, six numeric columns, standardised"),
        Recipe(Adult(numbers="standardised"), SharedBottom(hidden=(32, 16)), Features(("numbers",)), _NUMBERS),
    ),
    "adult-raw": (
        Text("人口普查，六个数值列，原样", "census, six numeric columns, raw"),
        Recipe(Adult(numbers="raw"), SharedBottom(hidden=(32, 16)), Features(("numbers",)), _NUMBERS),
    ),
    "cold-items-id": (
        Text("新物品，用物品 id", "cold items, by the id of the item"),
        Recipe(_COLD, TwoTower(), _BY_ID, _ITEMS),
    ),
    "cold-items-text": (
        Text("新物品，用物品文本", "cold items, by the text of the item"),
        Recipe(_COLD, TwoTower(), _BY_TEXT, _ITEMS),
    ),
    "warm-items-id": (
        Text("老物品，用物品 id", "warm items, by the id of the item"),
        Recipe(_WARM, TwoTower(), _BY_ID, _ITEMS),
    ),
    "warm-items-text": (
        Text("老物品，用物品文本", "warm items, by the text of the item"),
        Recipe(_WARM, TwoTower(), _BY_TEXT, _ITEMS),
    ),
}
