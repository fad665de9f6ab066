"""The catalogue: every data set and every network, as typed settings, and where the code that builds it stands.

Adding one takes a row here (a Struct, listed in `Tasks` or `Network`) and a file that `module` points to. Nothing here
imports torch or numpy, so that recipes are listed and checked without them.
"""

from __future__ import annotations

import importlib
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

Rows = Annotated[int, Meta(ge=64, le=200_000)]
Labels = Annotated[int, Meta(ge=16, le=100_000)]
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


class Bits(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="bits"):
    """100 fair bits, the first two of which are the labels: a linear model makes no error."""

    module: ClassVar[str] = "models.tasks.bits:build"

    train: Annotated[Rows, Meta(description="training rows")] = 512
    test: Annotated[Rows, Meta(description="held-out rows")] = 512


class Logistic(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="logistic"):
    """One binary label that depends on its inputs through a linear score."""

    module: ClassVar[str] = "models.tasks.logistic:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 4_000
    width: Annotated[Width, Meta(description="inputs")] = 20
    bias: Annotated[float, Meta(ge=-20, le=20, description="score of a row whose inputs are 0")] = -4.3
    slope: Annotated[float, Meta(ge=0, le=100, description="standard deviation of the score")] = 1.5
    shuffled: Annotated[bool, Meta(description="training rows exchange their labels at random")] = False


class ClickHabits(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="click-habits"):
    """Clicks of 100 users who differ in how much they click, but agree on which items are better."""

    module: ClassVar[str] = "models.tasks.click_habits:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 4_000


class SparseLabels(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="sparse-labels"):
    """Two binary tasks; the second label is known for few of the training rows."""

    module: ClassVar[str] = "models.tasks.sparse_labels:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    labelled: Annotated[float, Meta(gt=0, le=1, description="share of rows with the second label")] = 0.05


class Histories(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="histories"):
    """Histories of up to 12 events with 20 ids; one task asks for their order, the other for their counts."""

    module: ClassVar[str] = "models.tasks.histories:build"

    train: Annotated[Rows, Meta(description="training rows")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 1_000
    shortest: Annotated[int, Meta(ge=1, le=12, description="events of the shortest history")] = 12


class Sines(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="sines"):
    """Two regressions on sines of two directions, as in the MMoE paper; the cosine says how close the tasks are."""

    module: ClassVar[str] = "models.tasks.sines:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    cosine: Annotated[float, Meta(ge=-1, le=1, description="cosine between the tasks' directions")] = 0.0
    slope: Annotated[float, Meta(ge=0, le=10, description="slope of the straight part")] = 1.0
    frequencies: Annotated[
        tuple[Annotated[float, Meta(gt=0, le=100)], ...], Meta(min_length=1, max_length=8, description="of the sines")
    ] = (2.0,)
    phases: Annotated[Literal["zero", "random"], Meta(description="of the sines; random: drawn from the seed")] = "zero"
    noise: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise")] = 0.1
    targets: Annotated[Literal["standardised", "raw"], Meta(description="before the noise")] = "standardised"


class Teachers(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="teachers"):
    """Two regressions taught by ReLU networks with half of their units in common; noise and unit can be set."""

    module: ClassVar[str] = "models.tasks.teachers:build"

    train: Annotated[Rows, Meta(description="training rows")] = 2_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    noise_1: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise on task 1")] = 0.3
    noise_2: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise on task 2")] = 0.3
    scale_2: Annotated[float, Meta(gt=0, le=10_000, description="factor on the second target")] = 1.0


class Impressions(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="impressions"):
    """Simulated impressions, clicks and conversions; a hidden factor may drive both. Held-out rows know the truth."""

    module: ClassVar[str] = "models.tasks.impressions:build"

    train: Annotated[Rows, Meta(description="training rows")] = 30_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 10_000
    confounding: Annotated[float, Meta(ge=0, le=5, description="strength of the hidden factor")] = 0.0


class Auxiliary(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="auxiliary"):
    """A main task with few labels and eight auxiliary tasks with many, on the same hidden units or on others."""

    module: ClassVar[str] = "models.tasks.auxiliary:build"

    labels: Annotated[Labels, Meta(description="training rows with a label of the main task")] = 100
    auxiliary_rows: Annotated[Labels, Meta(description="training rows with auxiliary labels")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    units: Annotated[Literal["same", "other"], Meta(description="hidden units of the auxiliary tasks")] = "same"

    @property
    def train(self) -> int:
        """Training rows."""
        return self.labels + self.auxiliary_rows


class Unequal(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="unequal"):
    """A regression with few and noisy labels beside one with many and clean ones."""

    module: ClassVar[str] = "models.tasks.unequal:build"

    labels_1: Annotated[Labels, Meta(description="training rows with a label of task 1")] = 100
    labels_2: Annotated[Labels, Meta(description="training rows with a label of task 2")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000

    @property
    def train(self) -> int:
        """Training rows."""
        return self.labels_1 + self.labels_2


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
    routing: Annotated[Literal["soft", "top-1"], Meta(description="all experts, or only the gate's first choice")] = (
        "soft"
    )
    initial: Annotated[
        Literal["random", "equal", "idle"],
        Meta(description="equal: all experts constant, gates 0; idle: gates give the last expert almost nothing"),
    ] = "random"


class Esmm(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="esmm"):
    """Entire space multi-task model: click, and conversion learned through its product with click (SIGIR 2018)."""

    module: ClassVar[str] = "models.networks.esmm:Esmm"

    hidden: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of the shared bottom")
    ] = (32,)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = (16,)
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Listing1Printed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="listing1-printed"):
    """The article's first listing as printed: two softmaxes, one over the tasks and one over the batch."""

    module: ClassVar[str] = "models.networks.listing1:Printed"


class Listing1Corrected(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="listing1-corrected"):
    """The same linear model put right: users count, and each task has a logit and a loss of its own."""

    module: ClassVar[str] = "models.networks.listing1:Corrected"


class Constant(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="constant"):
    """The same answer for every row: the baseline for any metric."""

    module: ClassVar[str] = "models.networks.constant:Constant"


class LinearSoftmax(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="linear-softmax"):
    """A linear model with two logits per binary task and cross-entropy, or softmax applied twice by mistake."""

    module: ClassVar[str] = "models.networks.linear_softmax:LinearSoftmax"

    twice: Annotated[bool, Meta(description="give probabilities to a loss that wants logits")] = False
    bias: Annotated[float, Meta(ge=-50, le=50, description="first bias of class 0; class 1 has its negative")] = 0.0


class Transformer(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="transformer"):
    """One Transformer layer over a history, the article's second listing put right; each repair can be left out."""

    module: ClassVar[str] = "models.networks.transformer:Transformer"

    heads: Annotated[int, Meta(ge=1, le=16, description="attention heads")] = 2
    key_dim: Annotated[int, Meta(ge=1, le=128, description="width of each head")] = 16
    positions: Annotated[bool, Meta(description="a learned vector for each place")] = True
    mask: Annotated[bool, Meta(description="keep padding out of the attention and of the mean")] = True
    head: Annotated[
        Literal["separate", "one-softmax"], Meta(description="a logit per task, or one softmax over the tasks")
    ] = "separate"


Tasks = (
    Adult
    | Listing1
    | Bits
    | Logistic
    | ClickHabits
    | SparseLabels
    | Histories
    | Sines
    | Teachers
    | Impressions
    | Auxiliary
    | Unequal
)
Network = (
    SingleTask
    | SharedBottom
    | Omoe
    | Mmoe
    | Listing1Printed
    | Listing1Corrected
    | Constant
    | LinearSoftmax
    | Transformer
    | Esmm
)


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
