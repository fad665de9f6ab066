"""The catalogue: every data set and every network, as typed settings, and where the code that builds it stands.

Adding one takes a row here (a Struct, listed in `Tasks` or `Network`) and a file that `module` points to. Nothing here
imports torch or numpy, so that recipes are listed and checked without them.
"""

from __future__ import annotations

import importlib
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

Rows = Annotated[int, Meta(ge=64, le=200_000)]
Width = Annotated[int, Meta(ge=1, le=1024)]
Activation = Literal["relu", "tanh"]


class Features(Struct, frozen=True, forbid_unknown_fields=True):
    """Step 2: what the network sees. `inputs` names inputs of the data set; empty means all of them."""

    inputs: tuple[str, ...] = ()


class Adult(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="adult"):
    """UCI Adult census extract: income above 50K, and never married. 48,842 people; the seed draws the split.

    The two tasks are those of the MMoE paper's census experiment. Marital status and relationship would give the
    second label away and are not among the inputs.
    """

    module: ClassVar[str] = "models.tasks.adult:build"

    train: Annotated[int, Meta(ge=64, le=40_000, description="training rows")] = 32_000
    test: Annotated[int, Meta(ge=64, le=8_842, description="held-out rows")] = 4_000


class Listing1(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="listing1"):
    """Users and items for the article's first listing, with two labels that can both be 1 for the same pair."""

    module: ClassVar[str] = "models.tasks.listing1:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    cosine: Annotated[float, Meta(ge=-1, le=1, description="cosine between the tasks' item directions")] = 0.7


class SingleTask(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="single-task"):
    """One network per task, nothing shared: the comparison that every claim about sharing needs."""

    module: ClassVar[str] = "models.networks.single_task:SingleTask"

    hidden: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer, per task")] = (
        32,
        16,
    )
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class SharedBottom(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="shared-bottom"):
    """One trunk for all tasks and a tower for each (hard sharing; Caruana, Machine Learning 28, 1997)."""

    module: ClassVar[str] = "models.networks.shared_bottom:SharedBottom"

    hidden: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of the shared bottom")
    ] = (32, 16)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = ()
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Omoe(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="omoe"):
    """Mixture of experts with one gate for all tasks (Ma et al., KDD 2018, the OMoE baseline)."""

    module: ClassVar[str] = "models.networks.omoe:Omoe"

    experts: Annotated[int, Meta(ge=2, le=64, description="number of experts")] = 4
    expert: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of an expert")
    ] = (8,)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = (8,)
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Mmoe(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="mmoe"):
    """Mixture of experts with a gate for each task (Ma et al., KDD 2018, section 4)."""

    module: ClassVar[str] = "models.networks.mmoe:Mmoe"

    experts: Annotated[int, Meta(ge=2, le=64, description="number of experts")] = 4
    expert: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of an expert")
    ] = (8,)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = (8,)
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Listing1Printed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="listing1-printed"):
    """The article's first listing as printed: two softmaxes, one over the tasks and one over the batch."""

    module: ClassVar[str] = "models.networks.listing1:Printed"


class Listing1Corrected(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="listing1-corrected"):
    """The same linear model put right: users count, and each task has a logit and a loss of its own."""

    module: ClassVar[str] = "models.networks.listing1:Corrected"


Tasks = Adult | Listing1
Network = SingleTask | SharedBottom | Omoe | Mmoe | Listing1Printed | Listing1Corrected


def builder(row: Tasks | Network) -> Any:
    """What `row.module` names, imported now.

    For `Tasks` it is called with (row, seed) and gives a `models.tasks.Dataset`; for `Network` with (row, widths,
    tasks) and gives a `models.networks.Network`.
    """
    module, _, name = row.module.partition(":")
    return getattr(importlib.import_module(module), name)


def name(row: Tasks | Network) -> str:
    """The name by which a recipe picks this row."""
    return str(row.__struct_config__.tag)
