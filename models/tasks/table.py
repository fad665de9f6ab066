"""A person's own table: columns of a CSV or Parquet file as labels and inputs."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.tasks import DataError, Dataset, Rows
from models.tasks.cells import binary, moment, number
from models.tasks.files import PARQUET, rows
from models.tasks.splitting import split
from models.tasks.vocabulary import Codes, ids

Key = tuple[str, str]
"""What a column is for, the name of a setting, and the name of the column."""
Array = np.ndarray[Any, Any]


def build(config: catalogue.Table, seed: int) -> Dataset:
    """The table with a random share of its rows held out, or the last ones by time.

    Inputs: `numbers` [N, D + M], standardised, a missing one at the mean of the training rows, and after them a column
    for each of the M columns that miss some, 1 where they do; `categories` [N, F], ids: 0 for a category that no
    training row has, 1 for a missing one, and more than 50,000 are hashed; `text`, left as words for step 2. Regression
    labels are standardised with the training rows; missing labels are masked. Raises DataError, with file, row and
    column, for anything that does not fit.
    """
    _check(config)
    path = Path(config.path).expanduser()
    words = {key: Codes() for key in _keys(config, "categories", "group", "text")}
    readers: dict[Key, Callable[[Any], float]] = {
        ("labels", name): number if kind == "regression" else binary for name, kind in config.labels.items()
    }
    readers |= dict.fromkeys(_keys(config, "numbers"), number)
    readers.update(words)
    if config.split == "time":
        readers["time", config.time] = moment
    columns = _read(path, readers, config.delimiter)
    labels = _matrix(columns, "labels")
    times = torch.from_numpy(columns["time", config.time]) if config.split == "time" else None
    train, test = split(path, len(labels), config.held_out, seed, times)
    y, known = _labels(path, config, labels, train)
    inputs: dict[str, Tensor] = {}
    if config.numbers:
        inputs["numbers"] = _numbers(path, config, _matrix(columns, "numbers"), train)
    sizes: list[int] = []
    hashed: list[str] = []
    if config.categories:
        found = [
            ids(columns[key].astype(np.int64), list(words[key].known), train) for key in _keys(config, "categories")
        ]
        inputs["categories"] = torch.stack([column for column, *_ in found], dim=1)
        sizes = [size for _, size, _ in found]
        hashed = [name for name, (*_, large) in zip(config.categories, found, strict=True) if large]
    groups = torch.from_numpy(columns["group", config.group]).long() if config.group else None
    texts: dict[str, list[str]] = {}
    for key in _keys(config, "text"):
        written = [word or "" for word in words[key].known]
        texts["text"] = [written[int(code)] for code in columns[key]]

    def part(chosen: Tensor) -> Rows:
        return Rows(
            {name: values[chosen] for name, values in inputs.items()},
            y[chosen],
            None if known.all() else known[chosen].float(),
            None if groups is None else groups[chosen],
            {name: tuple(values[row] for row in chosen.tolist()) for name, values in texts.items()},
        )

    return Dataset(
        tuple(Task(name, Text(name, name), kind) for name, kind in config.labels.items()),
        part(train),
        part(test),
        vocabularies={"categories": tuple(sizes)} if sizes else {},
        hashed=tuple(hashed),
    )


def _check(config: catalogue.Table) -> None:
    if not config.path:
        raise DataError("tasks.path is empty; name a CSV or Parquet file.")
    if not config.labels:
        raise DataError('tasks.labels is empty; name a column and its kind, such as { click = "binary" }.')
    inputs = [name for _, name in _keys(config, "numbers", "categories", "text")]
    if not inputs:
        raise DataError("tasks.numbers, tasks.categories and tasks.text are empty; name a column to learn from.")
    for name in inputs:
        if name in config.labels:
            raise DataError(f"Column {name} is a label and an input at once; take it out of one of the two.")
        if inputs.count(name) > 1:
            raise DataError(f"Column {name} is an input twice; take it out of one of the places.")
    if config.split == "time" and not config.time:
        raise DataError('tasks.split is "time" and tasks.time is empty; name the column with the time.')


def _keys(config: catalogue.Table, *settings: str) -> list[Key]:
    """The columns that some settings name."""
    named = [(setting, getattr(config, setting)) for setting in settings]
    return [
        (setting, name) for setting, names in named for name in ((names,) if isinstance(names, str) else names) if name
    ]


def _read(path: Path, readers: Mapping[Key, Callable[[Any], float]], delimiter: str) -> dict[Key, Array]:
    """Every column as its reader understands it, [N] in float64."""
    columns = {key: array("d") for key in readers}
    for row, cells in rows(path, [name for _, name in readers], delimiter):
        for (key, read), cell in zip(readers.items(), cells, strict=True):
            try:
                columns[key].append(read(cell))
            except ValueError as error:
                place = "row" if path.suffix.lower() in PARQUET else "line"
                shown = f"“{cell}”" if str(cell).strip() else "an empty cell"
                raise DataError(
                    f"{path}, {place} {row}, column {key[1]}: {shown} {error}; correct it there."
                ) from error
    return {key: np.asarray(values) for key, values in columns.items()}


def _matrix(columns: Mapping[Key, Array], setting: str) -> Array:
    return np.stack([values for (owner, _), values in columns.items() if owner == setting], axis=1)


def _labels(path: Path, config: catalogue.Table, y: Array, train: Tensor) -> tuple[Tensor, Tensor]:
    """Labels [N, T], 0 where they are missing, and whether each is known."""
    known = ~np.isnan(y)
    for column, (name, kind) in enumerate(config.labels.items()):
        seen = y[train.numpy(), column][known[train.numpy(), column]]
        if not len(seen):
            raise DataError(f"{path}: no training row has a label in column {name}; add labels, or leave the task out.")
        if kind == "regression":
            y[:, column] = (y[:, column] - seen.mean()) / (seen.std() or 1.0)
    return torch.from_numpy(np.where(known, y, 0.0)).float(), torch.from_numpy(known)


def _numbers(path: Path, config: catalogue.Table, values: Array, train: Tensor) -> Tensor:
    """Standardised numbers, then where those are missing that sometimes are: [N, D] -> [N, D + M]."""
    missing = np.isnan(values)
    for column, name in enumerate(config.numbers):
        seen = values[train.numpy(), column][~missing[train.numpy(), column]]
        if not len(seen):
            raise DataError(f"{path}: no training row has a number in column {name}; leave the column out.")
        values[:, column] = (values[:, column] - seen.mean()) / (seen.std() or 1.0)
    filled = np.where(missing, 0.0, values)
    return torch.from_numpy(np.concatenate([filled, missing[:, missing.any(axis=0)]], axis=1)).float()
