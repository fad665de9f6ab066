"""Where things are kept: the platform's user folders, or under MTL_TUI_HOME."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import platformdirs

APP = "mtl-tui"


def typed(text: str) -> Path:
    """The path that a person means; ~somebody of a person whom the machine does not know stays as it is."""
    path = Path(text)
    with contextlib.suppress(RuntimeError):
        return path.expanduser()
    return path


def _home() -> Path | None:
    home = os.environ.get("MTL_TUI_HOME")
    return typed(home) if home else None


def config_file() -> Path:
    """Settings of the person."""
    home = _home()
    return (home or platformdirs.user_config_path(APP)) / "config.toml"


def recipes() -> Path:
    """The person's own recipes, one file each."""
    return config_file().parent / "recipes"


def data() -> Path:
    """The journal of answers."""
    home = _home()
    return home / "data" if home else platformdirs.user_data_path(APP)


def runs() -> Path:
    """One folder a run."""
    return data() / "runs"


def cache() -> Path:
    """What can be made again."""
    home = _home()
    return home / "cache" if home else platformdirs.user_cache_path(APP)


def log() -> Path:
    """The program's log; it rotates."""
    home = _home()
    return (home / "log" if home else platformdirs.user_log_path(APP)) / "mtl-tui.log"


def worker_log() -> Path:
    """Standard error of the training process."""
    return log().with_name("worker.log")
