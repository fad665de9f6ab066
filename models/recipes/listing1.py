"""Recipes of the article's first listing: as printed and put right, alone and with two batch sizes."""

from __future__ import annotations

from models.catalogue.networks import Listing1Corrected, Listing1Printed
from models.catalogue.tasks import Listing1
from models.events import Text
from models.recipe import Recipe, Training

_TRAINING = Training(steps=1000, batch=64, learning_rate=0.001, probes=("correlation", "shuffle_users"))
_BATCH_64 = Training(steps=200, batch=64, learning_rate=0.001, probes=("batch_loss",))
_BATCH_512 = Training(steps=200, batch=512, learning_rate=0.001, probes=("batch_loss",))

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "listing1-printed": (
        Text("原文第一段代码，原样", "the first listing, as printed"),
        Recipe(Listing1(), Listing1Printed(), training=_TRAINING),
    ),
    "listing1-corrected": (
        Text("原文第一段代码，改正", "the first listing, corrected"),
        Recipe(Listing1(), Listing1Corrected(), training=_TRAINING),
    ),
    "listing1-printed-batch-64": (
        Text("原文第一段代码，原样，批大小 64", "the first listing, as printed, batches of 64"),
        Recipe(Listing1(), Listing1Printed(), training=_BATCH_64),
    ),
    "listing1-printed-batch-512": (
        Text("原文第一段代码，原样，批大小 512", "the first listing, as printed, batches of 512"),
        Recipe(Listing1(), Listing1Printed(), training=_BATCH_512),
    ),
    "listing1-corrected-batch-64": (
        Text("原文第一段代码，改正，批大小 64", "the first listing, corrected, batches of 64"),
        Recipe(Listing1(), Listing1Corrected(), training=_BATCH_64),
    ),
    "listing1-corrected-batch-512": (
        Text("原文第一段代码，改正，批大小 512", "the first listing, corrected, batches of 512"),
        Recipe(Listing1(), Listing1Corrected(), training=_BATCH_512),
    ),
}
