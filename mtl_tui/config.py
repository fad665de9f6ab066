"""The person's settings, in config.toml: checked when read, written whole when changed."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from mtl_tui.locale import Language

Pace = Literal["0.25", "0.5", "1", "2", "4", "full"]
PACES: tuple[Pace, ...] = ("0.25", "0.5", "1", "2", "4", "full")


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What can be set. `notes_folder` is relative to the folder in which the program was started; 0 minutes a day are
    no limit; `banks` are folders of a person's own questions, loaded beside ours."""

    language: Language = "en"
    theme: Literal["dark", "light"] = "dark"
    pace: Pace = "1"
    confidence: bool = True
    session_length: Annotated[int, Meta(ge=1, le=200)] = 10
    notes_folder: str = "notes"
    new_per_day: Annotated[int, Meta(ge=0, le=500)] = 10
    minutes_per_day: Annotated[int, Meta(ge=0, le=1440)] = 0
    interview_date: date | None = None
    interview_name: str = ""
    banks: tuple[str, ...] = ()


class ConfigError(Exception):
    """A config file that is not used; the message is one sentence for people, with file and line."""


def first_language() -> Language:
    """Chinese where the environment speaks Chinese, else English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((name for name in names if name), "").lower().startswith("zh") else "en"


def load(path: Path) -> Settings:
    """Read the settings; a file that does not exist gives the defaults. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(language=first_language())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); the defaults are used.") from error
    try:
        values = {"language": first_language(), **tomllib.loads(text)}
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError(
            f"{path}:{line[1] if line else 1}: not TOML ({error}); correct or delete it. The defaults are used."
        ) from error
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        named = re.search(r"`\$\.(\w+)`", str(error)) or re.search(r"unknown field `(\w+)`", str(error))
        raise ConfigError(
            f"{path}:{_line_of(text, named[1] if named else '')}: {error}; correct it or delete the line. "
            f"The defaults are used."
        ) from error


def save(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all. Raises OSError."""
    import tomli_w

    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(
        tomli_w.dumps({k: v for k, v in msgspec.to_builtins(settings).items() if v is not None}), encoding="utf-8"
    )
    new.replace(path)


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if key and line.split("=")[0].strip() == key:
            return number
    return 1
