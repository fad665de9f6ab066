"""The catalogue: every data set, network and weighting, as typed settings, and where the code that builds it stands.

Adding one takes a row in the file of its step (a `Row`, listed in the union at the end of that file) and the code that
`module` points to. Nothing here imports torch or numpy, so that recipes are listed and checked without them.
"""

from __future__ import annotations

import importlib
from typing import Any

from models.catalogue.row import Row


def builder(row: Row) -> Any:
    """What `row.module` names, imported now.

    For a data set it is called with (row, seed) and gives a `models.tasks.Dataset`; for a network with (row, inputs,
    tasks) and gives a `models.networks.Network`; for a weighting with (row, replicas, binary, sources) and gives a
    `models.training.weighting.Weighting`.
    """
    module, _, name = row.module.partition(":")
    return getattr(importlib.import_module(module), name)


def name(row: Row) -> str:
    """The name by which a recipe picks this row."""
    return str(row.__struct_config__.tag)
