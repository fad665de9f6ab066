"""The files of a store beside its journal: replaced whole, the pair before kept, dated copies."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable
from datetime import date
from pathlib import Path

COPIES = "copies"
KEPT_COPIES = 8
DAYS_BETWEEN_COPIES = 7


def replace_file(file: Path, blocks: Iterable[bytes]) -> None:
    """Write a file whole: the old one or the new one is on the disk, whenever the machine stops. A new one is for its
    owner alone; one that is there keeps its mode."""
    fresh = file.with_name(file.name + ".new")
    try:
        fresh.touch(mode=0o600)
        if file.exists():
            shutil.copymode(file, fresh)
        with fresh.open("wb") as out:
            out.writelines(blocks)
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def read(file: Path) -> bytes:
    """What is in a file. Raises OSError, also for a folder or a pipe, which would never end."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "not a file", str(file))
    return file.read_bytes()


def sync_folder(folder: Path) -> None:
    """What was made and renamed in a folder is on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def snapshot(folder: Path, number: int) -> Path:
    """The snapshot of a number."""
    return folder / f"snapshot-{number}"


def earlier_journal(folder: Path, number: int) -> Path:
    """The journal that followed the snapshot of a number, once another has taken its place; 0 is the first."""
    return folder / f"journal-{number}.jsonl"


def snapshots(folder: Path) -> list[int]:
    """The numbers of the snapshots in a folder."""
    return _numbers(folder, "snapshot-*")


def keep_journal(file: Path, number: int) -> None:
    """Give a journal its second name, under which it stays when another takes its place."""
    kept = earlier_journal(file.parent, number)
    kept.unlink(missing_ok=True)
    try:
        os.link(file, kept)
    except OSError:
        shutil.copy2(file, kept)


def prune(folder: Path, keep: set[int]) -> None:
    """Remove the pairs of other numbers."""
    for number in {*snapshots(folder), *_numbers(folder, "journal-*.jsonl")} - keep:
        snapshot(folder, number).unlink(missing_ok=True)
        earlier_journal(folder, number).unlink(missing_ok=True)


def copy_weekly(journal: Path, number: int, today: date) -> None:
    """Keep the journal and its snapshot under today's date if no copy is that new; of the copies the newest eight.

    Copies from days to come, of a clock that was ahead, do not count and stay.
    """
    copies = journal.parent / COPIES
    dates = sorted(day for day in _dates(copies) if day <= today)
    if dates and (today - dates[-1]).days < DAYS_BETWEEN_COPIES:
        return
    making = copies / "new"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        shutil.copy2(journal, making)
        if number:
            shutil.copy2(snapshot(journal.parent, number), making)
        making.rename(copies / today.isoformat())
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    for day in dates[: 1 - KEPT_COPIES]:
        shutil.rmtree(copies / day.isoformat())


def _numbers(folder: Path, pattern: str) -> list[int]:
    names = (file.name.removesuffix(".jsonl").partition("-")[2] for file in folder.glob(pattern))
    return [int(name) for name in names if name.isdecimal()]


def _dates(copies: Path) -> list[date]:
    found = []
    for each in copies.glob("????-??-??"):
        with contextlib.suppress(ValueError):
            found.append(date.fromisoformat(each.name))
    return found
