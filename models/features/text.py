"""Vectors of texts by a sentence-transformers model that is on this machine. Nothing is downloaded.

Reimers and Gurevych, Sentence-BERT, EMNLP 2019.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.tasks import DataError


@dataclass(frozen=True)
class SentenceModel:
    """The model `name` in its folder; it is loaded when the first text needs it."""

    name: str
    folder: Path

    @classmethod
    def find(cls, name: str) -> SentenceModel:
        """A folder by path, or a model of the Hugging Face hub that has been downloaded, by name.

        Raises DataError if there is no such model here, or sentence-transformers is not installed.
        """
        path = Path(name).expanduser()
        if not path.is_dir():
            path = _downloaded(name)
        if not (path / "modules.json").is_file():
            raise DataError(f"{path} holds no sentence-transformers model (no modules.json); correct features.text.")
        return cls(name, path)

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the model's files and their names."""
        digest = hashlib.sha256()
        for file in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            digest.update(file.relative_to(self.folder).as_posix().encode() + b"\0")
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Vectors [N, D] in float32; a text longer than the model takes is cut. Raises DataError."""
        vectors = self._model.encode(list(texts), show_progress_bar=False, convert_to_numpy=True)
        return torch.from_numpy(np.array(vectors, dtype=np.float32))

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise DataError(_NOT_INSTALLED) from error
        try:
            return SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        except Exception as error:  # whatever a broken model makes a library raise
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise DataError(f"The model {self.name} cannot be loaded ({reason}); correct features.text.") from error


_NOT_INSTALLED = 'Texts need sentence-transformers, which is not installed; pip install "mtl-tui[text]".'


def _downloaded(name: str) -> Path:
    try:
        import huggingface_hub
    except ImportError as error:
        raise DataError(_NOT_INSTALLED) from error
    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(huggingface_hub.snapshot_download(repository, local_files_only=True))
    except (OSError, ValueError) as error:
        raise DataError(
            f"The model {name} is not on this machine, and nothing is downloaded; set features.text to the folder of a "
            f"sentence-transformers model, or run: hf download {repository}"
        ) from error
