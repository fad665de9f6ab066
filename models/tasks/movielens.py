"""Ratings of films from a MovieLens folder that the person has; none of it comes with the program.

Source: F. Maxwell Harper and Joseph A. Konstan (2015), The MovieLens Datasets: History and Context, ACM TiiS 5(4).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from models.catalogue import tasks as catalogue
from models.events import Task, Text
from models.tasks import DataError, Dataset, Rows
from models.tasks.splitting import split
from models.tasks.vocabulary import ids

LIKED = 4.0
TASKS = (
    Task("liked", Text("喜欢（4 分及以上）", "liked (4 stars or more)"), "binary"),
    Task("rating", Text("评分", "rating"), "regression"),
)


class _Format(NamedTuple):
    """A file of ratings: user, item, rating and time on a line, under some lines of header."""

    file: str
    delimiter: str
    header: int


FORMATS = (_Format("u.data", "\t", 0), _Format("ratings.dat", "::", 0), _Format("ratings.csv", ",", 1))


def build(config: catalogue.Movielens, seed: int) -> Dataset:
    """Tasks: liked, a rating of 4 or more; rating, standardised with the training rows.

    Inputs `user` and `item` [N, 1] are ids: 0 for one that no training row has, and more than 50,000 are hashed. The
    rows of a user are a group for GAUC. Raises DataError, with file and line, if the folder or its ratings cannot be
    read.
    """
    path, ratings = _read(config.folder)
    times = torch.from_numpy(ratings[:, 3]) if config.split == "time" else None
    train, test = split(path, len(ratings), config.held_out, seed, times)
    rating = torch.from_numpy(ratings[:, 2])
    deviation = rating[train].std(correction=0).item() or 1.0
    labels = torch.stack([rating >= LIKED, (rating - rating[train].mean()) / deviation], dim=1).float()
    inputs, vocabularies, hashed = {}, {}, []
    for column, name in enumerate(("user", "item")):
        known, codes = np.unique(ratings[:, column], return_inverse=True)
        found, size, large = ids(codes, [f"{each:.0f}" for each in known], train)
        inputs[name], vocabularies[name] = found[:, None], (size,)
        hashed += [name] if large else []
    users = torch.from_numpy(ratings[:, 0]).long()

    def part(chosen: Tensor) -> Rows:
        return Rows({name: values[chosen] for name, values in inputs.items()}, labels[chosen], groups=users[chosen])

    return Dataset(TASKS, part(train), part(test), vocabularies=vocabularies, hashed=tuple(hashed))


def _read(folder: str) -> tuple[Path, np.ndarray[Any, Any]]:
    """The file of ratings, and user, item, rating and time, [N, 4] in float64."""
    if not folder:
        raise DataError("tasks.folder is empty; name the folder of a MovieLens data set that you have.")
    names = ", ".join(each.file for each in FORMATS)
    for form in FORMATS:
        path = Path(folder).expanduser() / form.file
        if not path.exists():
            continue
        try:
            with path.open(encoding="utf-8", errors="replace") as file, warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # numpy's, of a file without a line
                found = np.loadtxt(_tabbed(file, form), delimiter="\t", skiprows=form.header, comments=None, ndmin=2)
        except ValueError as error:
            raise _fault(path, form) or DataError(f"{path} cannot be read ({error}).") from error
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error.strerror or error}); correct tasks.folder.") from error
        if not len(found):
            raise DataError(f"{path} holds no ratings; name another folder in tasks.folder.")
        if found.shape[1] != 4 or not np.isfinite(found).all():
            raise _fault(path, form) or DataError(f"{path} has {found.shape[1]} columns, not 4.")
        return path, found
    raise DataError(f"{folder} has none of {names}; name a MovieLens folder in tasks.folder.")


def _tabbed(lines: Any, form: _Format) -> Iterator[str]:
    return (line.replace(form.delimiter, "\t") for line in lines)


def _fault(path: Path, form: _Format) -> DataError | None:
    """The first line that is not four numbers."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(_tabbed(file, form), start=1):
            if number <= form.header or not line.strip():
                continue
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 4 or not all(map(_finite, cells)):
                shown = line.strip().replace("\t", form.delimiter)[:60]
                return DataError(f"{path}:{number}: “{shown}” is not user, item, rating and time; correct it there.")
    return None


def _finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
