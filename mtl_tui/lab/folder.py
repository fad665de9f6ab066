"""A run folder is the truth about a run: its recipes, and every event in the order it happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from models import events
from models.events import Event

EVENTS = "events.jsonl"


class RunFolderError(Exception):
    """A run folder that cannot be read; the message names file and line."""


def read(folder: Path) -> Iterator[Event]:
    """The events of a run. Raises RunFolderError for a missing, broken or newer file; a torn last line is left out."""
    path = folder / EVENTS
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise RunFolderError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines[:-1], start=1):
        try:
            event = events.decode(line)
        except msgspec.MsgspecError as error:
            raise RunFolderError(f"{path}:{number}: not an event of this program ({error})") from error
        if isinstance(event, events.Hello) and event.version > events.VERSION:
            raise RunFolderError(f"{path}:{number}: written by a newer version; update mtl-tui to read it")
        yield event


class Writer:
    """Appends events to a run folder. After the first OSError it stops writing; `saved` tells.

    With `offset` it goes on with the events of an earlier run, of which it keeps that many bytes.
    """

    def __init__(self, folder: Path, recipes: dict[str, str], offset: int = 0) -> None:
        self.saved = True
        self._file = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for arm, recipe in recipes.items():
                (folder / f"recipe-{arm}.toml").write_text(recipe, encoding="utf-8")
            self._file = (folder / EVENTS).open("ab", buffering=0)
            if offset:
                self._file.truncate(offset)
        except OSError:
            self.saved = False

    @property
    def offset(self) -> int:
        """Bytes in the events file; 0 once it cannot be written."""
        return self._file.tell() if self._file is not None and self.saved else 0

    def write(self, lines: list[bytes]) -> None:
        """Append whole lines in one write."""
        if self._file is None or not self.saved or not lines:
            return
        block = b"".join(line + b"\n" for line in lines)
        try:
            if self._file.write(block) != len(block):
                self.saved = False
        except OSError:
            self.saved = False

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None
