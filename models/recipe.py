"""A recipe is a model to train, in four steps: tasks, features, network, training.

Nothing here imports torch or numpy, so that the program can list, validate and show every recipe without them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from models.catalogue.features import Features
from models.catalogue.networks import Network
from models.catalogue.tasks import Tasks
from models.catalogue.weighting import Equal, Weighting

Probe = Literal[
    "above_click",
    "append_padding",
    "batch_loss",
    "best_point",
    "calibration_on_clicks",
    "conflicting_gradients",
    "correlation",
    "diverged",
    "expert_distance",
    "harmful_updates",
    "last_expert_gradient",
    "last_expert_movement",
    "last_expert_use",
    "loss_of_both",
    "loss_of_neither",
    "mean_loss",
    "parameters",
    "remaining_loss",
    "shuffle_users",
    "step_time",
    "training_loss",
    "trunk_gradient",
    "unclicked_gradient",
]

CLOCKED: frozenset[Probe] = frozenset({"step_time"})
"""Probes that read the clock; every other number of a run is decided by recipe and seed."""


class RecipeError(Exception):
    """A recipe that does not exist or cannot be trained; the message is one sentence for the person."""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """A planned intervention, in effect from the step after `step`; it leaves a mark as a person's own would.

    `learning_rate` multiplies the rate; `weights` (empty: as they were) replace the task weights.
    """

    step: Annotated[int, Meta(ge=0)]
    learning_rate: Annotated[float, Meta(gt=0, le=10_000)] = 1.0
    weights: tuple[Annotated[float, Meta(ge=0)], ...] = ()


class Training(Struct, frozen=True, forbid_unknown_fields=True):
    """Step 4: how the parameters are moved.

    `weights` are fixed task weights (empty: all 1); `weighting` combines the weighted losses or their gradients. A
    weighting that works on gradients takes them, under `balancing` "exact", of all parameters that tasks share, or,
    under "representation", at the first activation where tasks meet. `divisor` says by how many rows the sum of a
    task's losses is divided: those with a label for it, or the whole batch. `evaluations` counts those before the first
    and after the last step. `patience` is the number of evaluations without a better held-out loss after which a task
    is no longer trained; 0 means never. `replicas` seeds are trained together: the run's seed and those after it.
    `probes` names extra numbers computed at each evaluation.
    """

    steps: Annotated[int, Meta(ge=1, le=1_000_000, description="steps of the optimiser")] = 1000
    batch: Annotated[int, Meta(ge=1, le=65_536, description="rows a step, drawn with replacement")] = 128
    optimizer: Annotated[
        Literal["adam", "adamw", "sgd"], Meta(description="how the parameters follow the gradient")
    ] = "adam"
    learning_rate: Annotated[float, Meta(gt=0, le=100, description="of the optimiser")] = 0.003
    schedule: Annotated[
        Literal["constant", "cosine"], Meta(description="of the learning rate after the warm-up; cosine falls to 0")
    ] = "constant"
    warmup: Annotated[int, Meta(ge=0, le=1_000_000, description="steps over which the rate rises from 0")] = 0
    weight_decay: Annotated[float, Meta(ge=0, le=100, description="pull of all parameters towards 0")] = 0.0
    clip: Annotated[float, Meta(ge=0, description="largest norm of the gradient; 0: no bound")] = 0.0
    weights: Annotated[
        tuple[Annotated[float, Meta(ge=0)], ...], Meta(description="fixed task weights; empty: all 1")
    ] = ()
    weighting: Weighting = msgspec.field(default_factory=Equal)
    balancing: Annotated[
        Literal["exact", "representation"], Meta(description="which gradients a gradient weighting looks at")
    ] = "exact"
    divisor: Annotated[Literal["labelled", "batch"], Meta(description="rows that a task's loss is divided by")] = (
        "labelled"
    )
    patience: Annotated[int, Meta(ge=0, le=1000, description="evaluations without a better loss; 0: no early stop")] = 0
    replicas: Annotated[int, Meta(ge=1, le=64, description="seeds trained together")] = 1
    evaluations: Annotated[int, Meta(ge=2, le=1000, description="on held-out rows, over the whole run")] = 40
    window: Annotated[int, Meta(ge=1, le=10_000, description="steps whose mean loss is one point")] = 1
    changes: Annotated[tuple[Change, ...], Meta(description="interventions planned for a step")] = ()
    probes: Annotated[tuple[Probe, ...], Meta(description="extra numbers at each evaluation")] = ()


class Recipe(Struct, frozen=True, forbid_unknown_fields=True):
    """The four steps of the source article, typed.

    `tasks` says which rows and labels, `features` which of their inputs the network sees, `network` what is trained
    and `training` how. `tasks` and `network` are rows of the catalogue, told apart by `name`.
    """

    tasks: Tasks
    network: Network
    features: Features = Features()
    training: Training = msgspec.field(default_factory=Training)
