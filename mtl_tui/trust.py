"""Code of the person's own that may be loaded: each content was asked about once, and is known by its SHA-256."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import msgspec
import tomli_w
from msgspec import Struct

from models.own import Source
from mtl_tui import places


class Trusted(Struct, frozen=True):
    """The content of a file, where it stood, and when the person said yes."""

    sha256: str
    path: str
    date: datetime.date


def file() -> Path:
    """Where it is kept."""
    return places.data() / "trusted.toml"


def hashes() -> tuple[str, ...]:
    """The contents that are trusted."""
    return tuple(each.sha256 for each in _kept())


def keep(source: Source) -> None:
    """Trust this content from now on. Raises OSError."""
    entries = [*_kept(), Trusted(source.sha256, str(source.path), datetime.date.today())]
    place = file()
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(".new")
    kept = [{"sha256": each.sha256, "path": each.path, "date": each.date} for each in entries]
    new.write_text(tomli_w.dumps({"trusted": kept}), encoding="utf-8")
    new.replace(place)


def _kept() -> list[Trusted]:
    """Nothing, where the file is missing or damaged: then the person is asked again."""
    try:
        tree = tomllib.loads(file().read_text(encoding="utf-8"))
        return msgspec.convert(tree.get("trusted", []), list[Trusted])
    except (OSError, ValueError, msgspec.ValidationError):
        return []
