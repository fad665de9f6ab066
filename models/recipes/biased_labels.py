"""Recipes whose training labels are not those of the world: conversions still to come, negatives thrown away."""

from __future__ import annotations

from models.catalogue.networks import Dfm, Recalibrated, SingleTask
from models.catalogue.tasks import LateLabels, Rare
from models.events import Text
from models.recipe import Recipe, Training

_LINEAR = SingleTask(hidden=())
_LATE = Training(steps=500, batch=256, learning_rate=0.02)
_RARE = Training(steps=400, batch=256, learning_rate=0.03)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "late-labels-as-seen": (
        Text("一周内的点击，没到的转化当负样本", "clicks of a week, late conversions as negatives"),
        Recipe(LateLabels(), _LINEAR, training=_LATE),
    ),
    "late-labels-dfm": (
        Text("一周内的点击，延迟反馈模型（DFM）", "clicks of a week, delayed feedback model (DFM)"),
        Recipe(LateLabels(days=True), Dfm(), training=_LATE),
    ),
    "rare-kept-as-seen": (
        Text("负样本留 10 %，不校正", "10 % of negatives kept, not put right"),
        Recipe(Rare(), _LINEAR, training=_RARE),
    ),
    "rare-kept-recalibrated": (
        Text("负样本留 10 %，预测时校正", "10 % of negatives kept, predictions put right"),
        Recipe(Rare(), Recalibrated(), training=_RARE),
    ),
}
