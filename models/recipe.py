"""A recipe is a model to train, in four steps: tasks, features, network, training.

Nothing here imports torch or numpy, so that the program can list, validate and show every recipe without them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from models.catalogue import Features, Network, Tasks

Probe = Literal[
    "append_padding",
    "batch_loss",
    "best_point",
    "calibration",
    "calibration_on_clicks",
    "conflicting_gradients",
    "correlation",
    "expert_distance",
    "harmful_updates",
    "last_expert_gradient",
    "last_expert_movement",
    "last_expert_use",
    "loss_of_both",
    "loss_of_neither",
    "mean_loss",
    "remaining_loss",
    "shuffle_users",
    "training_loss",
]


class RecipeError(Exception):
    """A recipe that does not exist or cannot be trained; the message is one sentence for the person."""


class Training(Struct, frozen=True, forbid_unknown_fields=True):
    """Step 4: how the parameters are moved.

    `weights` are fixed task weights (empty: all 1). `weighting` combines the weighted losses; under `uncertainty` the
    log sigmas have an Adam of their own, at `uncertainty_learning_rate`; `pcgrad` projects conflicting gradients.
    `divisor` says by how many rows the sum of a task's losses is divided: those with a label for it, or the whole
    batch. `evaluations` counts those before the first and after the last step. `probes` names extra numbers computed
    at each of them.
    """

    steps: Annotated[int, Meta(ge=1, le=1_000_000)] = 1000
    batch: Annotated[int, Meta(ge=1, le=65_536)] = 128
    optimizer: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: Annotated[float, Meta(gt=0, le=100)] = 0.003
    schedule: Literal["constant", "cosine"] = "constant"
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    weighting: Literal["equal", "uncertainty", "pcgrad"] = "equal"
    uncertainty_learning_rate: Annotated[float, Meta(gt=0, le=100)] = 0.02
    weights: tuple[Annotated[float, Meta(ge=0)], ...] = ()
    divisor: Literal["labelled", "batch"] = "labelled"
    evaluations: Annotated[int, Meta(ge=2, le=1000)] = 40
    window: Annotated[int, Meta(ge=1)] = 1
    probes: tuple[Probe, ...] = ()


class Recipe(Struct, frozen=True, forbid_unknown_fields=True):
    """The four steps of the source article, typed.

    `tasks` says which rows and labels, `features` which of their inputs the network sees, `network` what is trained
    and `training` how. `tasks` and `network` are rows of the catalogue, told apart by `name`.
    """

    tasks: Tasks
    network: Network
    features: Features = Features()
    training: Training = msgspec.field(default_factory=Training)
