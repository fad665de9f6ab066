"""Step 1 in the catalogue: every data set."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from models.catalogue.row import Row

Rows = Annotated[int, Meta(ge=64, le=200_000)]
Width = Annotated[int, Meta(ge=1, le=1024)]
Labels = Annotated[int, Meta(ge=16, le=100_000)]
Share = Annotated[float, Meta(gt=0, lt=1)]
Split = Literal["seed", "time"]
SPLIT = "held-out rows are drawn by the seed, or are the last by time"


class Adult(Row, frozen=True, tag="adult"):
    """UCI Adult census extract: income above 50K, and never married. 48,842 people; the seed draws the split.

    The two tasks are those of the MMoE paper's census experiment. Marital status and relationship would give the
    second label away and are not among the inputs.
    """

    module: ClassVar[str] = "models.tasks.adult:build"

    train: Annotated[int, Meta(ge=64, le=40_000, description="training rows")] = 32_000
    test: Annotated[int, Meta(ge=64, le=8_842, description="held-out rows")] = 4_000
    numbers: Annotated[
        Literal["prepared", "standardised", "raw"],
        Meta(description="five with logs of capital, standardised; or all six, standardised or as they are"),
    ] = "prepared"


class Reviews(Row, frozen=True, tag="reviews"):
    """Women's E-Commerce Clothing Reviews: is the garment recommended, its rating, and is it a top. 22,641 reviews.

    The text is written with the rating: for a model that recommends before the purchase it would be leakage. Rating and
    recommendation are nearly the same task.
    """

    module: ClassVar[str] = "models.tasks.reviews:build"

    train: Annotated[int, Meta(ge=64, le=18_000, description="training rows")] = 18_000
    test: Annotated[int, Meta(ge=64, le=4_641, description="held-out rows")] = 4_000
    tasks: Annotated[
        tuple[Literal["recommended", "rating", "department"], ...],
        Meta(min_length=1, max_length=3, description="labels"),
    ] = ("recommended", "rating", "department")
    labels: Annotated[
        int, Meta(ge=0, le=18_000, description="training rows with a label of the first task; 0: all")
    ] = 0
    shuffled: Annotated[bool, Meta(description="training rows exchange their ratings at random")] = False


class Listing1(Row, frozen=True, tag="listing1"):
    """Users and items for the article's first listing, with two labels that can both be 1 for the same pair."""

    module: ClassVar[str] = "models.tasks.listing1:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    cosine: Annotated[float, Meta(ge=-1, le=1, description="cosine between the tasks' item directions")] = 0.7


class Bits(Row, frozen=True, tag="bits"):
    """100 fair bits, the first two of which are the labels: a linear model makes no error."""

    module: ClassVar[str] = "models.tasks.bits:build"

    train: Annotated[Rows, Meta(description="training rows")] = 512
    test: Annotated[Rows, Meta(description="held-out rows")] = 512


class Logistic(Row, frozen=True, tag="logistic"):
    """One binary label that depends on its inputs through a linear score."""

    module: ClassVar[str] = "models.tasks.logistic:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 4_000
    width: Annotated[Width, Meta(description="inputs")] = 20
    bias: Annotated[float, Meta(ge=-20, le=20, description="score of a row whose inputs are 0")] = -4.3
    slope: Annotated[float, Meta(ge=0, le=100, description="standard deviation of the score")] = 1.5
    shuffled: Annotated[bool, Meta(description="training rows exchange their labels at random")] = False


class Rare(Row, frozen=True, tag="rare"):
    """One rare binary label; of the negatives only a share is kept for training. Held-out rows keep all of them."""

    module: ClassVar[str] = "models.tasks.rare:build"

    train: Annotated[Rows, Meta(description="training rows that are kept")] = 5_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 10_000
    kept: Annotated[float, Meta(ge=0.01, le=1, description="share of the negatives kept for training")] = 0.1


class ManyIds(Row, frozen=True, tag="many-ids"):
    """Clicks on 200 ids that have nothing to do with one another, given as an id and as a number."""

    module: ClassVar[str] = "models.tasks.many_ids:build"

    train: Annotated[Rows, Meta(description="training rows")] = 6_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 4_000


class ColdItems(Row, frozen=True, tag="cold-items"):
    """Clicks of users on items with an id and a text; a fifth of the items is never trained on."""

    module: ClassVar[str] = "models.tasks.cold_items:build"

    train: Annotated[Rows, Meta(description="training rows, all on warm items")] = 40_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 10_000
    held_out: Annotated[Literal["warm", "cold"], Meta(description="items of the held-out rows")] = "warm"


class Uniform(Row, frozen=True, tag="uniform"):
    """Equally likely categories and normal numbers, each with an effect on every task: a table to measure speed on."""

    module: ClassVar[str] = "models.tasks.uniform:build"

    train: Annotated[int, Meta(ge=64, le=2_000_000, description="training rows")] = 50_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 5_000
    fields: Annotated[int, Meta(ge=1, le=64, description="categorical columns")] = 8
    vocabulary: Annotated[int, Meta(ge=2, le=50_000, description="ids of each categorical column")] = 1_000
    numbers: Annotated[int, Meta(ge=0, le=1024, description="numeric columns")] = 8
    tasks: Annotated[int, Meta(ge=1, le=16, description="binary tasks")] = 2


class ClickHabits(Row, frozen=True, tag="click-habits"):
    """Clicks of 100 users who differ in how much they click, but agree on which items are better."""

    module: ClassVar[str] = "models.tasks.click_habits:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 4_000


class SparseLabels(Row, frozen=True, tag="sparse-labels"):
    """Two binary tasks; the second label is known for few of the training rows."""

    module: ClassVar[str] = "models.tasks.sparse_labels:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    labelled: Annotated[float, Meta(gt=0, le=1, description="share of rows with the second label")] = 0.05


class Histories(Row, frozen=True, tag="histories"):
    """Histories of up to 12 events with 20 ids; one task asks for their order, the other for their counts."""

    module: ClassVar[str] = "models.tasks.histories:build"

    train: Annotated[Rows, Meta(description="training rows")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 1_000
    shortest: Annotated[int, Meta(ge=1, le=12, description="events of the shortest history")] = 12


class Sines(Row, frozen=True, tag="sines"):
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


class TwoDirections(Row, frozen=True, tag="two-directions"):
    """Two regressions, each on two directions of its own: a trunk with two units can serve only one of them."""

    module: ClassVar[str] = "models.tasks.two_directions:build"

    train: Annotated[Rows, Meta(description="training rows")] = 8_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    noise: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise")] = 0.1


class Teachers(Row, frozen=True, tag="teachers"):
    """Two regressions taught by ReLU networks with half of their units in common, in agreement or in conflict."""

    module: ClassVar[str] = "models.tasks.teachers:build"

    train: Annotated[Rows, Meta(description="training rows")] = 2_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    noise_1: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise on task 1")] = 0.3
    noise_2: Annotated[float, Meta(ge=0, le=10, description="deviation of the noise on task 2")] = 0.3
    scale_2: Annotated[float, Meta(gt=0, le=10_000, description="factor on the second target")] = 1.0
    relation: Annotated[
        Literal["independent", "conflicting", "opposite"],
        Meta(
            description="read-outs of the shared units: drawn apart, or of opposite sign; opposite: target 2 is minus 1"
        ),
    ] = "independent"


class Impressions(Row, frozen=True, tag="impressions"):
    """Simulated impressions, clicks and conversions; a hidden factor may drive both. Held-out rows know the truth."""

    module: ClassVar[str] = "models.tasks.impressions:build"

    train: Annotated[Rows, Meta(description="training rows")] = 30_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 10_000
    confounding: Annotated[float, Meta(ge=0, le=5, description="strength of the hidden factor")] = 0.0
    click: Annotated[float, Meta(ge=-10, le=10, description="logit of a click where all inputs are 0")] = -1.6
    conversion: Annotated[float, Meta(ge=-10, le=10, description="logit of a conversion where all inputs are 0")] = -1.5


class LateLabels(Row, frozen=True, tag="late-labels"):
    """Clicks of the last week, some of whose conversions are yet to come. Held-out rows know the truth."""

    module: ClassVar[str] = "models.tasks.late_labels:build"

    train: Annotated[Rows, Meta(description="training rows")] = 30_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 10_000
    delay: Annotated[float, Meta(gt=0, le=1000, description="mean days from the click to the conversion")] = 3.0
    days: Annotated[bool, Meta(description="a second label: days to the conversion, or waited for it so far")] = False


class Auxiliary(Row, frozen=True, tag="auxiliary"):
    """A main task with few labels and auxiliary tasks with many, on the same hidden units or on others."""

    module: ClassVar[str] = "models.tasks.auxiliary:build"

    labels: Annotated[Labels, Meta(description="training rows with a label of the main task")] = 100
    auxiliary_rows: Annotated[Labels, Meta(description="training rows with auxiliary labels")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000
    tasks: Annotated[int, Meta(ge=1, le=8, description="auxiliary tasks")] = 8
    units: Annotated[
        Literal["same", "other", "opposite"],
        Meta(
            description="hidden units of the auxiliary tasks; opposite: the same, and the target is minus the main one"
        ),
    ] = "same"

    @property
    def train(self) -> int:
        """Training rows."""
        return self.labels + self.auxiliary_rows


class Unequal(Row, frozen=True, tag="unequal"):
    """A regression with few and noisy labels beside one with many and clean ones."""

    module: ClassVar[str] = "models.tasks.unequal:build"

    labels_1: Annotated[Labels, Meta(description="training rows with a label of task 1")] = 100
    labels_2: Annotated[Labels, Meta(description="training rows with a label of task 2")] = 3_000
    test: Annotated[Rows, Meta(description="held-out rows")] = 2_000

    @property
    def train(self) -> int:
        """Training rows."""
        return self.labels_1 + self.labels_2


class Movielens(Row, frozen=True, tag="movielens"):
    """Ratings of films, liked or not and how many stars, from a MovieLens folder of your own: 100k, 1M or newer."""

    module: ClassVar[str] = "models.tasks.movielens:build"
    paper: ClassVar[str] = "Harper and Konstan, The MovieLens Datasets, ACM TiiS 5(4), 2015"
    train: ClassVar[None] = None

    folder: Annotated[
        str, Meta(description="holds u.data, ratings.dat or ratings.csv", examples=["~/data/ml-100k"])
    ] = ""
    split: Annotated[Split, Meta(description=SPLIT)] = "seed"
    held_out: Annotated[Share, Meta(description="share of the rows that is held out")] = 0.2


class Table(Row, frozen=True, tag="table"):
    """A table of your own, CSV or Parquet: which columns are labels, and which are learned from."""

    module: ClassVar[str] = "models.tasks.table:build"
    train: ClassVar[None] = None

    path: Annotated[str, Meta(description="CSV or Parquet file", examples=["clicks.csv"])] = ""
    labels: Annotated[
        dict[str, Literal["binary", "regression"]], Meta(description="columns to predict, and what each holds")
    ] = msgspec.field(default_factory=dict)
    numbers: Annotated[tuple[str, ...], Meta(description="columns of numbers")] = ()
    categories: Annotated[tuple[str, ...], Meta(description="columns of categories")] = ()
    text: Annotated[str, Meta(description="column of texts; empty: none", examples=["review"])] = ""
    group: Annotated[str, Meta(description="column with the user, for GAUC; empty: none", examples=["user"])] = ""
    time: Annotated[str, Meta(description="column with the time of a row; empty: none", examples=["date"])] = ""
    split: Annotated[Split, Meta(description=SPLIT)] = "seed"
    held_out: Annotated[Share, Meta(description="share of the rows that is held out")] = 0.2
    delimiter: Annotated[
        Literal["detected", "comma", "semicolon", "tab", "bar"], Meta(description="between the cells of CSV")
    ] = "detected"


Tasks = (
    Adult
    | Reviews
    | Listing1
    | Bits
    | Logistic
    | Rare
    | ManyIds
    | ColdItems
    | ClickHabits
    | SparseLabels
    | Histories
    | Sines
    | TwoDirections
    | Teachers
    | Impressions
    | LateLabels
    | Auxiliary
    | Unequal
    | Uniform
    | Movielens
    | Table
)
