"""The file: written whole or not at all, and a person's own text outlives every export."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mtl_tui.notes.export import write
from mtl_tui.notes.markdown import MARKER

NOTE = f"# First\n\n{MARKER}\n"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_own_text_below_the_marker_is_kept(tmp_path: Path) -> None:
    path = write(NOTE, tmp_path / "notes" / "a.md")
    own = b"my own text\r\n\xff not UTF-8\n" + MARKER.encode() + b"\n"
    path.write_bytes(path.read_bytes().replace(b"First", b"changed above") + own)
    write(NOTE.replace("First", "Second"), path)
    assert path.read_bytes() == NOTE.replace("First", "Second").encode() + own
    assert [file.name for file in path.parent.iterdir()] == ["a.md"]


def test_file_without_a_marker_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("somebody's own file\n")
    write(NOTE, path)
    assert path.read_text() == NOTE + "somebody's own file\n"


def test_link_is_followed_and_permissions_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "kept.md", tmp_path / "link.md"
    target.write_text("")
    target.chmod(0o640)
    link.symlink_to(target)
    write(NOTE, link)
    assert link.is_symlink()
    assert (target.read_text(), target.stat().st_mode & 0o777) == (NOTE, 0o640)


def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = write(NOTE, tmp_path / "a.md")
    with largest_file(64), pytest.raises(OSError):
        write("# Long\n\n" + "x" * 4096 + f"\n\n{MARKER}\n", path)
    assert path.read_text() == NOTE
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_cannot_be_written_raises(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file where the folder should be")
    with pytest.raises(OSError):
        write(NOTE, tmp_path / "notes" / "a.md")
    with pytest.raises(OSError):
        write(NOTE, Path("/proc/notes/a.md"))
