"""Step 3 in the catalogue: every network."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from models.catalogue.row import Row

N = "models.networks"
Presets = dict[str, dict[str, Any]]
Width = Annotated[int, Meta(ge=1, le=1024)]
Activation = Annotated[Literal["relu", "tanh"], Meta(description="after every hidden layer")]
Layers = Annotated[tuple[Width, ...], Meta(min_length=1, max_length=6)]
Expert = Annotated[Layers, Meta(description="units of each layer of an expert")]
Tower = Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a tower")]
Bottom = Annotated[
    tuple[Width, ...], Meta(max_length=6, description="units of each layer of the shared bottom; empty: none")
]
PerTask = Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer, per task")]
Experts = Annotated[int, Meta(ge=2, le=64, description="number of experts")]
OwnExperts = Annotated[int, Meta(ge=1, le=16, description="experts of each task's own")]
SharedExperts = Annotated[int, Meta(ge=1, le=16, description="experts that all tasks share")]
MIXTURES: Presets = {
    "tiny": {"experts": 2, "expert": (4,), "tower": (4,)},
    "small": {"experts": 4, "expert": (32,), "tower": (16,)},
    "paper": {"experts": 8, "expert": (16,), "tower": (8,)},
}


class SingleTask(Row, frozen=True, tag="single-task"):
    """One network per task, nothing shared: the comparison that every claim about sharing needs."""

    module: ClassVar[str] = f"{N}.single_task:SingleTask"
    presets: ClassVar[Presets] = {"tiny": {"hidden": (8,)}, "small": {"hidden": (32, 16)}}

    hidden: PerTask = (32, 16)
    activation: Activation = "relu"
    tables: Annotated[Literal["one", "own"], Meta(description="vectors of ids: one table for all, or one per task")] = (
        "one"
    )


class Recalibrated(Row, frozen=True, tag="recalibrated"):
    """A network per task, trained on rows that have lost negatives; its predictions undo the loss."""

    module: ClassVar[str] = f"{N}.recalibrated:Recalibrated"
    paper: ClassVar[str] = "He et al., Practical Lessons from Predicting Clicks on Ads at Facebook, ADKDD 2014"

    hidden: PerTask = ()
    activation: Activation = "relu"
    kept: Annotated[float, Meta(gt=0, le=1, description="share of the negatives kept for training")] = 0.1


class SharedBottom(Row, frozen=True, tag="shared-bottom"):
    """One trunk for all tasks and a tower for each: hard sharing."""

    module: ClassVar[str] = f"{N}.shared_bottom:SharedBottom"
    paper: ClassVar[str] = "Caruana, Multitask Learning, Machine Learning 28, 1997; sizes of Ma et al., KDD 2018"
    presets: ClassVar[Presets] = {
        "tiny": {"hidden": (8,), "tower": ()},
        "small": {"hidden": (64, 32), "tower": (16,)},
        "paper": {"hidden": (113,), "tower": (8,)},
    }

    hidden: Annotated[Layers, Meta(description="units of each layer of the shared bottom")] = (32, 16)
    tower: Tower = ()
    activation: Activation = "relu"
    initial: Annotated[
        Literal["random", "dead"],
        Meta(description="dead: biases of the first layer so low that no unit is ever active"),
    ] = "random"


class CrossStitch(Row, frozen=True, tag="cross-stitch"):
    """A network per task, each going on after every layer with a learned mixture of all tasks' layers."""

    module: ClassVar[str] = f"{N}.cross_stitch:CrossStitch"
    paper: ClassVar[str] = "Misra, Shrivastava, Gupta, Hebert, Cross-stitch Networks for Multi-task Learning, CVPR 2016"
    presets: ClassVar[Presets] = {"tiny": {"hidden": (8,)}, "small": {"hidden": (64, 32)}}

    hidden: Annotated[Layers, Meta(description="units of each hidden layer, per task")] = (32, 16)
    own: Annotated[float, Meta(ge=0, le=1, description="first weight of a task's own layer in the mixture")] = 0.9
    activation: Activation = "relu"


class Omoe(Row, frozen=True, tag="omoe"):
    """Mixture of experts with one gate for all tasks."""

    module: ClassVar[str] = f"{N}.omoe:Omoe"
    paper: ClassVar[str] = "Ma et al., KDD 2018, section 4, equation 5, the baseline OMoE"
    presets: ClassVar[Presets] = MIXTURES

    experts: Experts = 4
    expert: Expert = (8,)
    tower: Tower = (8,)
    activation: Activation = "relu"


class Mmoe(Row, frozen=True, tag="mmoe"):
    """Mixture of experts with a gate for each task."""

    module: ClassVar[str] = f"{N}.mmoe:Mmoe"
    paper: ClassVar[str] = "Ma et al., Multi-gate Mixture-of-Experts, KDD 2018, section 4, equations 6-8"
    presets: ClassVar[Presets] = MIXTURES

    experts: Experts = 4
    expert: Expert = (8,)
    tower: Tower = (8,)
    activation: Activation = "relu"
    routing: Annotated[Literal["soft", "top-1"], Meta(description="all experts, or only the gate's first choice")] = (
        "soft"
    )
    initial: Annotated[
        Literal["random", "equal", "idle"],
        Meta(description="equal: all experts constant, gates 0; idle: gates give the last expert almost nothing"),
    ] = "random"


class Cgc(Row, frozen=True, tag="cgc"):
    """Customized gate control: a task's gate sees its own experts and the shared ones, never those of another task."""

    module: ClassVar[str] = f"{N}.cgc:Cgc"
    paper: ClassVar[str] = "Tang, Liu, Zhao, Gong, Progressive Layered Extraction, RecSys 2020, section 4.1"
    presets: ClassVar[Presets] = {
        "tiny": {"own": 1, "shared": 1, "expert": (4,), "tower": (4,)},
        "small": {"own": 2, "shared": 2, "expert": (32,), "tower": (16,)},
    }

    own: OwnExperts = 1
    shared: SharedExperts = 2
    expert: Expert = (8,)
    tower: Tower = (8,)
    activation: Activation = "relu"


class Ple(Row, frozen=True, tag="ple"):
    """Progressive layered extraction: levels of own and shared experts, apart only on the last one."""

    module: ClassVar[str] = f"{N}.ple:Ple"
    paper: ClassVar[str] = "Tang, Liu, Zhao, Gong, Progressive Layered Extraction, RecSys 2020, section 4.2"
    presets: ClassVar[Presets] = {
        "tiny": {"levels": 2, "own": 1, "shared": 1, "expert": (4,), "tower": (4,)},
        "small": {"levels": 2, "own": 2, "shared": 2, "expert": (32,), "tower": (16,)},
    }

    levels: Annotated[int, Meta(ge=1, le=6, description="levels of experts; 1 is CGC")] = 2
    own: OwnExperts = 1
    shared: SharedExperts = 2
    expert: Expert = (8,)
    tower: Tower = (8,)
    activation: Activation = "relu"


class Stem(Row, frozen=True, tag="stem"):
    """STEM-Net: embeddings per task and for all; forward a task reads all experts, backward it moves its own."""

    module: ClassVar[str] = f"{N}.stem:Stem"
    paper: ClassVar[str] = "Su et al., STEM, AAAI 2024; sizes of the authors' code"
    presets: ClassVar[Presets] = {
        "tiny": {"own": 1, "shared": 1, "expert": (8,), "gate": (), "tower": (4,)},
        "small": {"own": 1, "shared": 1, "expert": (32,), "gate": (16,), "tower": (16,)},
        "paper": {"expert": (512, 512, 512), "gate": (128, 64), "tower": (128, 64)},
    }

    own: OwnExperts = 1
    shared: SharedExperts = 1
    expert: Expert = (16,)
    gate: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a gate")] = ()
    tower: Tower = (8,)
    activation: Activation = "relu"


class PepNet(Row, frozen=True, tag="pepnet"):
    """Gates that read prior information scale the embeddings (EPNet) and each task's hidden units (PPNet)."""

    module: ClassVar[str] = f"{N}.pepnet:PepNet"
    paper: ClassVar[str] = "Chang et al., PEPNet, KDD 2023"
    presets: ClassVar[Presets] = {"tiny": {"tower": (8,), "gate": 4}, "small": {"tower": (64, 32), "gate": 32}}

    prior: Annotated[tuple[str, ...], Meta(description="inputs that the gates read besides; empty: none")] = ()
    gate: Annotated[Width, Meta(description="hidden units of a gate")] = 16
    tower: Annotated[Layers, Meta(description="units of each hidden layer of a tower")] = (32, 16)
    activation: Activation = "relu"


class MetaHeac(Row, frozen=True, tag="metaheac"):
    """Hybrid experts and critics: all tasks share experts, towers and gates, which are told which task asks."""

    module: ClassVar[str] = f"{N}.metaheac:MetaHeac"
    paper: ClassVar[str] = "Zhu et al., Meta Hybrid Experts and Critics, KDD 2021, without its meta-learning"
    presets: ClassVar[Presets] = {
        "tiny": {"experts": 2, "critics": 2, "expert": (4,), "critic": (), "task": 2},
        "small": {"experts": 4, "critics": 4, "expert": (32,), "critic": (16,), "task": 8},
    }

    experts: Experts = 4
    expert: Expert = (8,)
    critics: Annotated[int, Meta(ge=1, le=64, description="number of critics, the towers that tasks share")] = 3
    critic: Annotated[tuple[Width, ...], Meta(max_length=6, description="units of each hidden layer of a critic")] = (
        8,
    )
    task: Annotated[int, Meta(ge=1, le=256, description="width of the vector of a task")] = 4
    activation: Activation = "relu"


class DSelectK(Row, frozen=True, tag="dselect-k"):
    """Experts with gates that come to use at most k of them, chosen bit by bit and by gradients alone."""

    module: ClassVar[str] = f"{N}.dselect_k:DSelectK"
    paper: ClassVar[str] = "Hazimeh et al., DSelect-k, NeurIPS 2021"
    presets: ClassVar[Presets] = {
        "tiny": {"experts": 4, "selected": 1, "expert": (4,), "tower": (4,)},
        "small": {"experts": 8, "selected": 2, "expert": (32,), "tower": (16,)},
    }

    experts: Annotated[int, Meta(ge=2, le=64, description="number of experts, a power of 2")] = 4
    selected: Annotated[int, Meta(ge=1, le=16, description="experts that a gate may come to use: k")] = 2
    gating: Annotated[Literal["task", "row"], Meta(description="a choice of experts per task, or per task and row")] = (
        "task"
    )
    gamma: Annotated[float, Meta(gt=0, le=100, description="width of the smooth step")] = 1.0
    entropy: Annotated[float, Meta(ge=0, le=10, description="pull towards a choice: factor of the entropy")] = 0.01
    expert: Expert = (8,)
    tower: Tower = (8,)
    activation: Activation = "relu"


class Esmm(Row, frozen=True, tag="esmm"):
    """Entire space multi-task model: click, and conversion learned through its product with click."""

    module: ClassVar[str] = f"{N}.esmm:Esmm"
    paper: ClassVar[str] = "Ma et al., Entire Space Multi-Task Model, SIGIR 2018, section 2.3"
    presets: ClassVar[Presets] = {
        "tiny": {"hidden": (8,), "tower": (4,)},
        "small": {"hidden": (64,), "tower": (32,)},
        "paper": {"hidden": (), "tower": (360, 200, 80)},
    }

    hidden: Bottom = (32,)
    tower: Tower = (16,)
    activation: Activation = "relu"


class Division(Row, frozen=True, tag="division"):
    """Click, and click & conversion, each with a head of its own; the conversion is their quotient, even above 1."""

    module: ClassVar[str] = f"{N}.division:Division"
    paper: ClassVar[str] = "The baseline DIVISION of Ma et al., ESMM, SIGIR 2018; with a shared bottom here"

    hidden: Bottom = (32,)
    tower: Tower = ()
    activation: Activation = "relu"


class Escm2(Row, frozen=True, tag="escm2"):
    """ESCM²: ESMM with a counterfactual risk of the conversion, by inverse propensities or doubly robust."""

    module: ClassVar[str] = f"{N}.escm2:Escm2"
    paper: ClassVar[str] = "Wang et al., ESCM²: Entire Space Counterfactual Multi-Task Model, SIGIR 2022"
    presets: ClassVar[Presets] = {"tiny": {"hidden": (8,), "tower": (4,)}, "small": {"hidden": (64,), "tower": (32,)}}

    risk: Annotated[
        Literal["ipw", "dr"],
        Meta(description="inverse propensity weighting, or doubly robust with an imputation tower"),
    ] = "ipw"
    counterfactual: Annotated[float, Meta(ge=0, le=10, description="factor of the risk of the conversion")] = 0.1
    product: Annotated[float, Meta(ge=0, le=10, description="factor of the loss of click and conversion")] = 1.0
    floor: Annotated[float, Meta(gt=0, le=1, description="smallest propensity that is divided by")] = 0.05
    hidden: Bottom = (32,)
    tower: Tower = (16,)
    activation: Activation = "relu"


class Aitm(Row, frozen=True, tag="aitm"):
    """Adaptive information transfer: each step of a conversion attends to what the step before passes on."""

    module: ClassVar[str] = f"{N}.aitm:Aitm"
    paper: ClassVar[str] = "Xi et al., AITM, KDD 2021; sizes of the authors' code"
    presets: ClassVar[Presets] = {
        "tiny": {"hidden": (8,)},
        "small": {"hidden": (64, 32)},
        "paper": {"hidden": (128, 64, 32), "alpha": 0.6},
    }

    hidden: Annotated[Layers, Meta(description="units of each layer of a tower")] = (32, 16)
    alpha: Annotated[float, Meta(ge=0, le=10, description="penalty where a step is likelier than the one before")] = 0.6
    activation: Activation = "relu"


class Dfm(Row, frozen=True, tag="dfm"):
    """Delayed feedback model: the conversion and the rate at which it comes, so that a late one is no negative."""

    module: ClassVar[str] = f"{N}.dfm:Dfm"
    paper: ClassVar[str] = "Chapelle, Modeling Delayed Feedback in Display Advertising, KDD 2014"

    hidden: PerTask = ()
    activation: Activation = "relu"


class TwoTower(Row, frozen=True, tag="two-tower"):
    """A tower for the user and one for the item; their vectors meet in an inner product."""

    module: ClassVar[str] = f"{N}.two_tower:TwoTower"
    paper: ClassVar[str] = "Huang et al., Deep Structured Semantic Models, CIKM 2013"
    presets: ClassVar[Presets] = {"tiny": {"vector": 4}, "small": {"hidden": (32,), "vector": 16}}

    user: Annotated[
        tuple[str, ...], Meta(min_length=1, description="inputs of the user's tower; the item's has the rest")
    ] = ("user",)
    hidden: Tower = ()
    vector: Annotated[Width, Meta(description="width of the vectors of user and item")] = 8
    activation: Activation = "relu"


class Transformer(Row, frozen=True, tag="transformer"):
    """One Transformer layer over a history, the article's second listing put right; each repair can be left out."""

    module: ClassVar[str] = f"{N}.transformer:Transformer"
    paper: ClassVar[str] = "Vaswani et al., Attention Is All You Need, NIPS 2017, section 3"
    presets: ClassVar[Presets] = {"tiny": {"heads": 1, "key_dim": 8}, "small": {"heads": 4, "key_dim": 16}}

    heads: Annotated[int, Meta(ge=1, le=16, description="attention heads")] = 2
    key_dim: Annotated[int, Meta(ge=1, le=128, description="width of each head")] = 16
    positions: Annotated[bool, Meta(description="a learned vector for each place")] = True
    mask: Annotated[bool, Meta(description="keep padding out of the attention and of the mean")] = True
    head: Annotated[
        Literal["separate", "one-softmax"], Meta(description="a logit per task, or one softmax over the tasks")
    ] = "separate"


class Listing1Printed(Row, frozen=True, tag="listing1-printed"):
    """The article's first listing as printed: two softmaxes, one over the tasks and one over the batch."""

    module: ClassVar[str] = f"{N}.listing1:Printed"


class Listing1Corrected(Row, frozen=True, tag="listing1-corrected"):
    """The same linear model put right: users count, and each task has a logit and a loss of its own."""

    module: ClassVar[str] = f"{N}.listing1:Corrected"


class Constant(Row, frozen=True, tag="constant"):
    """The same answer for every row: the baseline for any metric."""

    module: ClassVar[str] = f"{N}.constant:Constant"


class LinearSoftmax(Row, frozen=True, tag="linear-softmax"):
    """A linear model with two logits per binary task and cross-entropy, or softmax applied twice by mistake."""

    module: ClassVar[str] = f"{N}.linear_softmax:LinearSoftmax"

    twice: Annotated[bool, Meta(description="give probabilities to a loss that wants logits")] = False
    bias: Annotated[float, Meta(ge=-50, le=50, description="first bias of class 0; class 1 has its negative")] = 0.0


class Own(Row, frozen=True, tag="own"):
    """A network of your own: a torch.nn.Module in a Python file, which you are asked about before it is loaded.

    `Class(inputs, tasks)` is called with the number of columns and of tasks; its `forward` takes [N, inputs] to
    [N, tasks], a logit for a binary task and the value itself for a regression.
    """

    module: ClassVar[str] = f"{N}.own:Own"
    files: ClassVar[tuple[str, ...]] = ("source",)

    source: Annotated[str, Meta(description="a file and a class in it, such as net.py:Net")] = ""


Network = (
    SingleTask
    | Recalibrated
    | SharedBottom
    | CrossStitch
    | Omoe
    | Mmoe
    | Cgc
    | Ple
    | DSelectK
    | MetaHeac
    | Stem
    | PepNet
    | TwoTower
    | Transformer
    | Esmm
    | Division
    | Escm2
    | Aitm
    | Dfm
    | Listing1Printed
    | Listing1Corrected
    | Constant
    | LinearSoftmax
    | Own
)
