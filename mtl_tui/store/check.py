"""Is every line of a store whole, and if not, what can be had back. Checking changes nothing."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mtl_tui.store import files, snapshot
from mtl_tui.store.journal import (
    SUCCESSOR,
    VERSION,
    StoreError,
    Successor,
    damaged,
    line_of,
    newer,
    parse,
    successor,
)
from mtl_tui.store.tables import JournalStorage
from quizzes.question import Text


class Fault(Struct, frozen=True):
    """What is wrong with a line. A torn one, at the end, is set aside when the program opens the store."""

    kind: Literal["damaged", "torn", "newer", "snapshot"]
    message: Text


class Repaired(Struct, frozen=True):
    """Where everything is as it was before, which files were put in order, and where the damaged lines are."""

    copy: Path
    files: list[Path]
    aside: Path | None
    lines: int


def check(journal: Path) -> list[Fault]:
    """The faults of a journal and of the snapshot before it. Raises OSError."""
    content = journal.read_bytes()
    faults = [fault for _, fault in _lines(journal, content) if fault]
    if after := _after(content):
        faults += _snapshot_faults(journal, after)
    return faults


def check_kept(journal: Path) -> list[Fault]:
    """The faults of the pair before and of the dated copies. Raises OSError."""
    folder = journal.parent
    kept = [*folder.glob("journal-*.jsonl"), *folder.glob(f"{files.COPIES}/????-??-??/{journal.name}")]
    return [fault for each in sorted(kept) for fault in check(each)]


def repair(journal: Path, now: datetime) -> Repaired:
    """Keep every whole line, and set the damaged ones aside; have a damaged snapshot back from what was kept.

    The files are copied first. Raises OSError; StoreError, with nothing changed, for a store of a newer program and for
    a snapshot that cannot be had back.
    """
    folder = journal.parent
    with journal.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        content = journal.read_bytes()
        lines = list(_lines(journal, content))
        if faults := [fault for _, fault in lines if fault and fault.kind == "newer"]:
            raise StoreError(journal, 1, 0, faults[0].message)
        after = _after(content) or _newest(folder)
        again = _again(journal, after) if after and _snapshot_faults(journal, after) else None
        copy = folder / f"before-repair-{now:%Y-%m-%d-%H-%M-%S}"
        copy.mkdir()
        for file in [journal, *folder.glob("snapshot-*"), *folder.glob("journal-*.jsonl")]:
            shutil.copy2(file, copy)
        mended: list[Path] = []
        if after and again is not None:
            mended.append(files.snapshot(folder, after.snapshot))
            files.replace_file(mended[0], [again])
        bad = [line for line, fault in lines if fault]
        aside = journal.with_suffix(f".damaged-{now:%Y-%m-%d-%H-%M-%S}") if bad else None
        if aside:
            files.replace_file(aside, (line + b"\n" for line in bad))
            first = [line_of(msgspec.json.encode(after), SUCCESSOR)] if after else []
            whole = (line + b"\n" for line, fault in lines if not fault and not _is_first(line))
            files.replace_file(journal, [*first, *whole])
            mended.append(journal)
    return Repaired(copy, mended, aside, len(bad))


def _lines(journal: Path, content: bytes) -> Iterator[tuple[bytes, Fault | None]]:
    """Each line without its end, and what is wrong with it."""
    position = 0
    for number, line in enumerate(content.split(b"\n"), 1):
        entry = parse(line)
        if position + len(line) == len(content):
            if line:
                yield line, Fault("torn", _torn(journal, number, position, len(line)))
        elif entry is None or (entry.v == SUCCESSOR and (position or not successor(entry))):
            yield line, Fault("damaged", damaged(journal, number, position).message)
        elif entry.v > VERSION:
            yield line, Fault("newer", newer(journal, number, position).message)
        else:
            yield line, None
        position += len(line) + 1


def _after(content: bytes) -> Successor | None:
    line = parse(content.partition(b"\n")[0])
    return successor(line) if line else None


def _is_first(line: bytes) -> bool:
    entry = parse(line)
    return entry is not None and entry.v == SUCCESSOR


def _newest(folder: Path) -> Successor | None:
    """The newest snapshot, for a journal whose first line was lost.

    If it was made from that journal already, reading the journal once more changes nothing in it.
    """
    for number in sorted(files.snapshots(folder), reverse=True):
        head = parse(files.snapshot(folder, number).read_bytes().partition(b"\n")[0])
        if head:
            return Successor(number, head.crc)
    return None


def _snapshot_faults(journal: Path, after: Successor) -> list[Fault]:
    try:
        snapshot.read(files.snapshot(journal.parent, after.snapshot), after.crc)
    except StoreError as error:
        return [Fault("snapshot", error.message)]
    return []


def _again(journal: Path, after: Successor) -> bytes:
    """The same snapshot from a dated copy, or made again from the pair before it. Raises StoreError if both fail."""
    folder = journal.parent
    for copied in folder.glob(f"{files.COPIES}/????-??-??/snapshot-{after.snapshot}"):
        with contextlib.suppress(StoreError):
            snapshot.read(copied, after.crc)
            return copied.read_bytes()
    for earlier in folder.glob("journal-*.jsonl"):
        with tempfile.TemporaryDirectory() as place, contextlib.suppress(StoreError):
            shutil.copy(earlier, Path(place, journal.name))
            for number in files.snapshots(folder):
                shutil.copy(files.snapshot(folder, number), place)
            storage = JournalStorage(Path(place, journal.name), lambda _: None, lambda *_: None)
            storage.close()
            made = Path(place, "again")
            if snapshot.write(made, storage.tables) == after.crc:
                return made.read_bytes()
    file = files.snapshot(folder, after.snapshot)
    raise StoreError(
        file,
        1,
        0,
        Text(
            zh=f"{file} 坏了，留下的备份里也还原不出它，什么都没有动；"
            f"把 {folder / files.COPIES} 里最新的完好副本放回 {folder} 再启动。",
            en=f"{file} is damaged and cannot be made again from what was kept; nothing was changed. "
            f"Put the newest whole copy in {folder / files.COPIES} back into {folder}, and start again.",
        ),
    )


def _torn(journal: Path, number: int, position: int, size: int) -> Text:
    return Text(
        zh=f"{journal}:{number}：最后一行没写完（从第 {position} 字节起，{size} 字节）；下次打开时会移到旁边。",
        en=f"{journal}:{number}: the last line was cut short ({size} bytes from byte {position} on); "
        "it is set aside when the store is opened next.",
    )
