"""UCI Adult: income above 50K, and never married, of 48,842 people in a 1994 census extract.

Source: Barry Becker and Ronny Kohavi (1996), Adult, UCI Machine Learning Repository, doi 10.24432/C5XW20, CC BY 4.0.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import DataError, Dataset, Rows

FILE = Path(__file__).with_name("adult.npz")
NUMBERS = ("age", "educational-num", "hours-per-week", "capital-gain", "capital-loss")
LOGARITHMIC = ("capital-gain", "capital-loss")
CATEGORIES = ("workclass", "education", "occupation", "race", "gender", "native-country")
TASKS = (
    Task("income", Text("收入超过 50K", "income over 50K"), "binary"),
    Task("never-married", Text("从未结婚", "never married"), "binary"),
)


def read(path: Path = FILE) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers [48842, 5] with capital columns as log(1 + x), one-hot categories [48842, 89], labels [48842, 2].

    Raises DataError if the file is missing or is not the one that this program ships.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = {name: file[f"n_{name}"].astype(np.float32) for name in NUMBERS}
            codes = {name: (file[f"c_{name}"].astype(np.int64), len(file[f"v_{name}"])) for name in CATEGORIES}
            income = file["c_income"] == list(file["v_income"]).index(">50K")
            married = file["c_marital-status"] == list(file["v_marital-status"]).index("Never-married")
    except FileNotFoundError as error:
        raise DataError(f"The data file {path} is missing; install mtl-tui again.") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"The data file {path} is broken ({error}); install mtl-tui again.") from error
    for name in LOGARITHMIC:
        columns[name] = np.log1p(columns[name])
    numbers = torch.from_numpy(np.stack([columns[name] for name in NUMBERS], axis=1))
    categories = [functional.one_hot(torch.from_numpy(code), size) for code, size in codes.values()]
    labels = torch.from_numpy(np.stack([income, married], axis=1).astype(np.float32))
    return numbers, torch.cat(categories, dim=1).float(), labels


def build(config: catalogue.Adult, seed: int) -> Dataset:
    """A random split; numbers are standardised with mean and deviation of the training rows."""
    numbers, categories, labels = read()
    order = torch.randperm(len(labels), generator=generator(seed, "split"))
    train, test = order[: config.train], order[config.train : config.train + config.test]
    numbers = (numbers - numbers[train].mean(0)) / numbers[train].std(0)

    def rows(chosen: Tensor) -> Rows:
        return Rows({"numbers": numbers[chosen], "categories": categories[chosen]}, labels[chosen])

    return Dataset(TASKS, rows(train), rows(test))
