"""Recipes of the article's second listing put right, and with one fault of it left in."""

from __future__ import annotations

from models.catalogue.networks import Transformer
from models.catalogue.tasks import Histories
from models.events import Text
from models.recipe import Recipe, Training

_ORDER = Training(400, 64, learning_rate=0.01, evaluations=21)
_HEADS = Training(
    400, 64, learning_rate=0.01, evaluations=21, probes=("correlation", "loss_of_both", "loss_of_neither")
)
_PADDING = Training(300, 64, learning_rate=0.003, evaluations=21, probes=("append_padding",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "listing2-positions": (
        Text("原文第二段代码，有位置编码", "the second listing, with positions"),
        Recipe(Histories(), Transformer(), training=_ORDER),
    ),
    "listing2-no-positions": (
        Text("原文第二段代码，没有位置编码", "the second listing, without positions"),
        Recipe(Histories(), Transformer(positions=False), training=_ORDER),
    ),
    "listing2-separate": (
        Text("原文第二段代码，每个任务一个 sigmoid", "the second listing, a sigmoid per task"),
        Recipe(Histories(), Transformer(), training=_HEADS),
    ),
    "listing2-one-softmax": (
        Text("原文第二段代码，两个任务共用一个 softmax", "the second listing, one softmax for both tasks"),
        Recipe(Histories(), Transformer(head="one-softmax"), training=_HEADS),
    ),
    "listing2-mask": (
        Text("原文第二段代码，掩掉补齐位", "the second listing, padding masked"),
        Recipe(Histories(shortest=4), Transformer(), training=_PADDING),
    ),
    "listing2-no-mask": (
        Text("原文第二段代码，不掩补齐位", "the second listing, padding not masked"),
        Recipe(Histories(shortest=4), Transformer(mask=False), training=_PADDING),
    ),
}
