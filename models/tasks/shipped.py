"""The data files that come with the program."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from models.tasks import DataError


def arrays(path: Path, *names: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays `names` of an npz file. Raises DataError if it is missing or is not the one that we ship."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except FileNotFoundError as error:
        raise DataError(f"The data file {path} is missing; install mtl-tui again.") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"The data file {path} is broken ({error}); install mtl-tui again.") from error
