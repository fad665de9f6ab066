"""Step 3 in the catalogue: every network."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from models.catalogue.row import Row

Width = Annotated[int, Meta(ge=1, le=1024)]
Activation = Literal["relu", "tanh"]


class SingleTask(Row, frozen=True, tag="single-task"):
    """One network per task, nothing shared: the comparison that every claim about sharing needs."""

    module: ClassVar[str] = "models.networks.single_task:SingleTask"

    hidden: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer, per task")] = (
        32,
        16,
    )
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class SharedBottom(Row, frozen=True, tag="shared-bottom"):
    """One trunk for all tasks and a tower for each (hard sharing; Caruana, Machine Learning 28, 1997)."""

    module: ClassVar[str] = "models.networks.shared_bottom:SharedBottom"

    hidden: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of the shared bottom")
    ] = (32, 16)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = ()
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Omoe(Row, frozen=True, tag="omoe"):
    """Mixture of experts with one gate for all tasks (Ma et al., KDD 2018, the OMoE baseline)."""

    module: ClassVar[str] = "models.networks.omoe:Omoe"

    experts: Annotated[int, Meta(ge=2, le=64, description="number of experts")] = 4
    expert: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of an expert")
    ] = (8,)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = (8,)
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Mmoe(Row, frozen=True, tag="mmoe"):
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


class Esmm(Row, frozen=True, tag="esmm"):
    """Entire space multi-task model: click, and conversion learned through its product with click (SIGIR 2018)."""

    module: ClassVar[str] = "models.networks.esmm:Esmm"

    hidden: Annotated[
        tuple[Width, ...], Meta(min_length=1, max_length=6, description="units of each layer of the shared bottom")
    ] = (32,)
    tower: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")] = (16,)
    activation: Annotated[Activation, Meta(description="after every hidden layer")] = "relu"


class Listing1Printed(Row, frozen=True, tag="listing1-printed"):
    """The article's first listing as printed: two softmaxes, one over the tasks and one over the batch."""

    module: ClassVar[str] = "models.networks.listing1:Printed"


class Listing1Corrected(Row, frozen=True, tag="listing1-corrected"):
    """The same linear model put right: users count, and each task has a logit and a loss of its own."""

    module: ClassVar[str] = "models.networks.listing1:Corrected"


class Constant(Row, frozen=True, tag="constant"):
    """The same answer for every row: the baseline for any metric."""

    module: ClassVar[str] = "models.networks.constant:Constant"


class LinearSoftmax(Row, frozen=True, tag="linear-softmax"):
    """A linear model with two logits per binary task and cross-entropy, or softmax applied twice by mistake."""

    module: ClassVar[str] = "models.networks.linear_softmax:LinearSoftmax"

    twice: Annotated[bool, Meta(description="give probabilities to a loss that wants logits")] = False
    bias: Annotated[float, Meta(ge=-50, le=50, description="first bias of class 0; class 1 has its negative")] = 0.0


class Transformer(Row, frozen=True, tag="transformer"):
    """One Transformer layer over a history, the article's second listing put right; each repair can be left out."""

    module: ClassVar[str] = "models.networks.transformer:Transformer"

    heads: Annotated[int, Meta(ge=1, le=16, description="attention heads")] = 2
    key_dim: Annotated[int, Meta(ge=1, le=128, description="width of each head")] = 16
    positions: Annotated[bool, Meta(description="a learned vector for each place")] = True
    mask: Annotated[bool, Meta(description="keep padding out of the attention and of the mean")] = True
    head: Annotated[
        Literal["separate", "one-softmax"], Meta(description="a logit per task, or one softmax over the tasks")
    ] = "separate"


class Own(Row, frozen=True, tag="own"):
    """A network of your own: a torch.nn.Module in a Python file, which you are asked about before it is loaded.

    `Class(inputs, tasks)` is called with the number of columns and of tasks; its `forward` takes [N, inputs] to
    [N, tasks], a logit for a binary task and the value itself for a regression.
    """

    module: ClassVar[str] = "models.networks.own:Own"
    files: ClassVar[tuple[str, ...]] = ("source",)

    source: Annotated[str, Meta(description="a file and a class in it, such as net.py:Net")] = ""


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
    | Own
)
