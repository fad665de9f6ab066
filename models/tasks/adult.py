"""UCI Adult: income above 50K, and never married, of 48,842 people in a 1994 census extract.

Source: Barry Becker and Ronny Kohavi (1996), Adult, UCI Machine Learning Repository, doi 10.24432/C5XW20, CC BY 4.0.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows
from models.tasks.shipped import arrays

FILE = Path(__file__).with_name("adult.npz")
NUMBERS = ("age", "educational-num", "hours-per-week", "capital-gain", "capital-loss")
LOGARITHMIC = ("capital-gain", "capital-loss")
CATEGORIES = ("workclass", "education", "occupation", "race", "gender", "native-country")
TASKS = (
    Task("income", Text("收入超过 50K", "income over 50K"), "binary"),
    Task("never-married", Text("从未结婚", "never married"), "binary"),
)


def read(path: Path = FILE, prepared: bool = True) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers [48842, 5] with capital columns as log(1 + x), one-hot categories [48842, 89], labels [48842, 2].

    Numbers that are not `prepared` are [48842, 6], the census weight too, none as a logarithm. Raises DataError if the
    file is missing or is not the one that this program ships.
    """
    names = NUMBERS if prepared else (*NUMBERS, "fnlwgt")
    labels = ("income", "marital-status")
    wanted = [f"n_{name}" for name in names]
    wanted += [f"{prefix}_{name}" for prefix in "cv" for name in (*CATEGORIES, *labels)]
    file = arrays(path, *wanted)
    columns = {name: file[f"n_{name}"].astype(np.float32) for name in names}
    if prepared:
        columns |= {name: np.log1p(columns[name]) for name in LOGARITHMIC}
    numbers = torch.from_numpy(np.stack(list(columns.values()), axis=1))
    codes = [(file[f"c_{name}"].astype(np.int64), len(file[f"v_{name}"])) for name in CATEGORIES]
    categories = [functional.one_hot(torch.from_numpy(code), size) for code, size in codes]
    said = [
        file[f"c_{name}"] == list(file[f"v_{name}"]).index(yes)
        for name, yes in zip(labels, (">50K", "Never-married"), strict=True)
    ]
    return numbers, torch.cat(categories, dim=1).float(), torch.from_numpy(np.stack(said, axis=1).astype(np.float32))


def build(config: catalogue.Adult, seed: int) -> Dataset:
    """A random split; unless they are to stay raw, numbers are standardised with mean and deviation of the training
    rows."""
    numbers, categories, labels = read(prepared=config.numbers == "prepared")
    order = torch.randperm(len(labels), generator=generator(seed, "split"))
    train, test = order[: config.train], order[config.train : config.train + config.test]
    if config.numbers != "raw":
        numbers = (numbers - numbers[train].mean(0)) / numbers[train].std(0)

    def rows(chosen: Tensor) -> Rows:
        return Rows({"numbers": numbers[chosen], "categories": categories[chosen]}, labels[chosen])

    return Dataset(TASKS, rows(train), rows(test))
