"""Reviews of garments in a shop: is it recommended, its rating, its department, from the text or from the table.

Source: Nick Brooks (2018), Women's E-Commerce Clothing Reviews, Kaggle, CC0. The text is not here: a review is 64
principal components of its sentence embedding, made by `models/tasks/make/reviews.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.seeding import generator
from models.tasks import Dataset, Rows, joined
from models.tasks.shipped import arrays

FILE = Path(__file__).with_name("reviews.npz")
KINDS = ("division", "department", "class")
TASKS = {
    "recommended": Task("recommended", Text("推荐", "recommended"), "binary"),
    "rating": Task("rating", Text("评分", "rating"), "regression"),
    "department": Task("department", Text("是上衣", "is a top"), "binary"),
}


def build(config: catalogue.Reviews, seed: int) -> Dataset:
    """A random split of the reviews that have a text. The text was written with the rating.

    Inputs: `text` [N, 64], all columns divided by one number so that their mean variance is 1; `age` of the writer
    [N, 1], standardised; and, unless the department is a label, `kind` [N, 3], ids of division, department and class of
    the garment. Tasks: recommended; rating, standardised; department, 1 for Tops, the largest. With `labels` that many
    training rows have a label of the first task, and they have no other; all training rows have those of the others.
    Raises DataError if the file is missing or is not the one that this program ships.
    """
    values, vocabularies = _read(FILE)
    order = torch.randperm(len(values["age"]), generator=generator(seed, "split"))
    train, test = order[: config.train], order[config.train : config.train + config.test]
    values["text"] = values["text"] / values["text"][train].var(0).mean().sqrt()
    for name in ("age", "rating"):
        values[name] = (values[name] - values[name][train].mean()) / values[name][train].std()
    if config.shuffled:
        values["rating"][train] = values["rating"][
            train[torch.randperm(config.train, generator=generator(seed, "shuffled"))]
        ]
    tasks = tuple(dict.fromkeys(config.tasks))
    names = ["text", "age"] if "department" in tasks else ["text", "age", "kind"]
    labels = torch.cat([values[name] for name in tasks], dim=1)

    def rows(chosen: Tensor, mask: Tensor | None = None) -> Rows:
        known = None if mask is None else mask.expand(len(chosen), -1)
        return Rows({name: values[name][chosen] for name in names}, labels[chosen], known)

    first = torch.tensor([float(index == 0) for index in range(len(tasks))])
    parts = [rows(train[: config.labels], first)] if config.labels else [rows(train)]
    if config.labels and len(tasks) > 1:
        parts.append(rows(train, 1 - first))
    return Dataset(
        tuple(TASKS[name] for name in tasks),
        parts[0] if len(parts) == 1 else joined(parts),
        rows(test),
        vocabularies={"kind": vocabularies} if "kind" in names else {},
    )


def _read(path: Path) -> tuple[dict[str, Tensor], tuple[int, ...]]:
    """Inputs and labels of the 22,641 reviews with a text, each [N, .]; number of ids of each column of `kind`."""
    file = arrays(path, "emb_q8", "emb_scale", "age", "rating", "recommended", "has_text", *_named("c"), *_named("v"))
    there = file["has_text"]
    tops = list(file["v_department"]).index("Tops")
    columns = {
        "text": file["emb_q8"] * file["emb_scale"],
        "age": file["age"][:, None],
        "rating": file["rating"][:, None],
        "recommended": file["recommended"][:, None],
        "department": (file["c_department"] == tops)[:, None],
    }
    values = {name: torch.from_numpy(column[there].astype(np.float32)) for name, column in columns.items()}
    kinds = np.stack([file[name][there] for name in _named("c")], axis=1)
    values["kind"] = torch.from_numpy(kinds.astype(np.int64))
    return values, tuple(len(file[name]) for name in _named("v"))


def _named(prefix: str) -> list[str]:
    return [f"{prefix}_{name}" for name in KINDS]
