"""Vectors that have been computed before, by model and text: one SQLite file for each model."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
import platformdirs
import torch
from torch import Tensor

from models.tasks import DataError

CHUNK = 256
"""Texts that are computed and kept at a time; a run that is ended begins again after the last of them."""


class Encoder(Protocol):
    """Makes vectors of texts. Two encoders with the same `identity` give the same vectors."""

    @property
    def identity(self) -> str:
        """What the vectors depend on besides the text."""

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Vectors [N, D] in float32. Raises DataError."""


def folder() -> Path:
    """Where the files are: in MTL_TUI_CACHE, or the person's cache folder."""
    return Path(os.environ.get("MTL_TUI_CACHE") or platformdirs.user_cache_path("mtl-tui")) / "texts"


def cached(encoder: Encoder, texts: Sequence[str]) -> Tensor:
    """Vectors [N, D] of the texts; those that the cache lacks are computed and kept. An empty text is all zeros.

    A vector is found by the SHA-256 of the encoder's identity and the text. Raises DataError if all texts are empty, or
    vectors can be neither computed nor kept.
    """
    keys = [_digest(encoder.identity, text) for text in texts]
    wanted = {key: text for key, text in zip(keys, texts, strict=True) if text}
    if not wanted:
        raise DataError("All texts are empty; leave the column of texts out.")
    file = folder() / f"{_digest(encoder.identity).hex()[:16]}.sqlite"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=60)) as connection:
            found = _filled(connection, encoder, wanted)
    except (OSError, sqlite3.Error) as error:
        raise DataError(f"The cache {file} cannot be used ({error}); delete it or set MTL_TUI_CACHE.") from error
    widths = {len(vector) for vector in found.values()}
    if len(widths) > 1:
        raise DataError(f"Vectors of one model have {len(widths)} lengths; delete {file} and run again.")
    nothing = np.zeros(widths.pop(), dtype=np.float32)
    return torch.from_numpy(np.stack([found.get(key, nothing) for key in keys]))


def _filled(
    connection: sqlite3.Connection, encoder: Encoder, wanted: dict[bytes, str]
) -> dict[bytes, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
    select = "SELECT vector FROM vectors WHERE key = ?"
    found = {key: row[0] for key in wanted if (row := connection.execute(select, (key,)).fetchone())}
    missing = [key for key in wanted if key not in found]
    for start in range(0, len(missing), CHUNK):
        keys = missing[start : start + CHUNK]
        vectors = encoder.encode([wanted[key] for key in keys]).numpy().astype("<f4")
        made = {key: vector.tobytes() for key, vector in zip(keys, vectors, strict=True)}
        with connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", made.items())
        found |= made
    return {key: np.frombuffer(vector, dtype="<f4") for key, vector in found.items()}


def _digest(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).digest()
