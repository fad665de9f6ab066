"""Writing a note: the whole file or nothing, and never a person's own text."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from mtl_tui.notes.markdown import MARKER
from mtl_tui.notes.note import Note

_MARKER_LINE = re.compile(rb"^" + re.escape(MARKER.encode()) + rb"[ \t]*(?:\r?\n|$)", re.MULTILINE)


def file_name(note: Note) -> str:
    """Day and topic, `2026-11-24-mmoe.md`; `mixed` for several topics, or for none."""
    return f"{note.day.isoformat()}-{note.subject}.md"


def write(text: str, path: Path) -> Path:
    """Write a rendered note, which ends in the marker line, and return its path.

    What stands below the marker in an existing file stays below it. A file without a marker is somebody's own: all of
    it is kept below the marker. Raises OSError; then the old file is as it was.
    """
    file = Path(os.path.realpath(path))
    file.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode() + _own_text(file)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, part)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def _own_text(file: Path) -> bytes:
    try:
        old = file.read_bytes()
    except FileNotFoundError:
        return b""
    marker = _MARKER_LINE.search(old)
    return old[marker.end() :] if marker else old
