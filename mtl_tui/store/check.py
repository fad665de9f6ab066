"""Is every line of a store whole, and if not, what can be had back. Checking changes nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Raw, Struct

from mtl_tui.store import documents, files, snapshot
from mtl_tui.store.errors import StoreError, beginning_lost, damaged, newer
from mtl_tui.store.journal import SUCCESSOR, TRANSACTION, VERSION, Successor, line_of, parse, successor
from mtl_tui.store.snapshot import Table
from mtl_tui.store.tables import JournalStorage, Put, decode_ops
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
    content = _content(journal)
    faults = [fault for _, fault in _lines(journal, content) if fault]
    if b"\n" not in content and (numbers := files.snapshots(journal.parent)):
        return [Fault("damaged", beginning_lost(journal, files.snapshot(journal.parent, max(numbers))).message)]
    if after := _after(content):
        faults += _snapshot_faults(journal, after)
    return faults


def damaged_spares(journal: Path) -> list[Path]:
    """The journal before, and the folders of dated copies, that are not whole. Raises OSError."""
    folder = journal.parent
    before = [each for each in sorted(folder.glob("journal-*.jsonl")) if check(each)]
    copies = sorted(folder.glob(f"{files.COPIES}/????-??-??/{journal.name}"))
    return before + [each.parent for each in copies if check(each)]


def repair(journal: Path, now: datetime) -> Repaired:
    """Keep every whole line, and set the damaged ones aside; have a damaged snapshot back from what was kept, or else
    every document of it that is whole. A journal that is gone begins anew after the newest snapshot.

    The files are copied first. Raises OSError; StoreError, with nothing changed, for a store of a newer program and for
    a snapshot whose head cannot be had back.
    """
    folder = journal.parent
    with _held(journal):
        content = _content(journal)
        lines = [each for line, fault in _lines(journal, content) for each in _apart(line, fault)]
        if faults := [fault for _, fault in lines if fault and fault.kind == "newer"]:
            raise StoreError(journal, 1, 0, faults[0].message)
        named = (_after(line) for line, fault in lines if not fault)
        after = next((each for each in named if each), None) or _newest(folder)
        again, kept, lost = None, None, list[bytes]()
        if after and _snapshot_faults(journal, after):
            again = _again(journal, after)
            if again is None:
                kept, lost = _salvaged(journal, after)
        copy = _copied(journal, f"before-repair-{now:%Y-%m-%d-%H-%M-%S}")
        mended: list[Path] = []
        if after and again is not None:
            mended.append(files.snapshot(folder, after.snapshot))
            files.replace_file(mended[0], [again])
        if kept is not None:
            number = 1 + max(files.snapshots(folder))
            mended.append(files.snapshot(folder, number))
            after = Successor(number, snapshot.write(mended[0], kept))
        bad = [line for line, fault in lines if fault] + lost
        aside = journal.with_suffix(f".damaged-{now:%Y-%m-%d-%H-%M-%S}") if bad else None
        if aside:
            files.replace_file(aside, (line + b"\n" for line in bad))
        if aside or kept is not None or not content:
            first = [line_of(msgspec.json.encode(after), SUCCESSOR)] if after else []
            whole = (line + b"\n" for line, fault in lines if not fault and not _is_first(line))
            files.replace_file(journal, [*first, *whole])
            mended.append(journal)
    return Repaired(copy, mended, aside, len(bad))


def _content(journal: Path) -> bytes:
    """What is in a journal; nothing if it is gone that was there. Raises OSError."""
    try:
        return files.read(journal)
    except FileNotFoundError:
        if not files.snapshots(journal.parent):
            raise
        return b""


@contextlib.contextmanager
def _held(journal: Path) -> Iterator[None]:
    """The lock of the file that has the name, if one has: it may be replaced while this waits."""
    with contextlib.ExitStack() as stack:
        while journal.exists():
            held = stack.enter_context(journal.open("rb"))
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(held.fileno()), journal.stat()):
                break
        yield


def _copied(journal: Path, name: str) -> Path:
    """The files of a store in a new folder beside them. Raises OSError, and leaves no folder then."""
    copy = journal.parent / name
    copy.mkdir()
    try:
        for pattern in (journal.name, "snapshot-*", "journal-*.jsonl"):
            for file in copy.parent.glob(pattern):
                shutil.copy2(file, copy)
    except OSError:
        shutil.rmtree(copy, ignore_errors=True)
        raise
    return copy


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
        elif entry.v == TRANSACTION and not _is_transaction(entry.ops):
            yield line, Fault("damaged", damaged(journal, number, position).message)
        else:
            yield line, None
        position += len(line) + 1


def _apart(line: bytes, fault: Fault | None) -> list[tuple[bytes, Fault | None]]:
    """A damaged line, and each whole one inside it: where the byte between two is damaged they look like one."""
    found: list[tuple[bytes, Fault | None]] = []
    if fault and fault.kind in ("damaged", "torn"):
        starts = [each.start() for each in re.finditer(rb'\{"v":', line)]
        for start, stop in pairwise([*starts, len(line)]):
            piece = line[start : line.rfind(b"}", start, stop) + 1]
            entry = parse(piece)
            if entry and (entry.v == SUCCESSOR or (entry.v == TRANSACTION and _is_transaction(entry.ops))):
                found.append((piece, None))
    return [*found, (line, fault)]


def _is_transaction(ops: Raw) -> bool:
    try:
        return all(not isinstance(op, Put) or _sound(op.table, op.id, op.document) for op in decode_ops(ops))
    except (msgspec.MsgspecError, RecursionError):
        return False


def _sound(table: str, id: int, document: Raw | bytes) -> bool:
    try:
        documents.check(table, id, document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


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
    """What is wrong with the snapshot that comes first: a line of it, or documents that no program writes."""
    file = files.snapshot(journal.parent, after.snapshot)
    try:
        tables = snapshot.read(file, after.crc)
    except StoreError as error:
        return [Fault("snapshot", error.message)]
    line = 1
    for name, table in tables.items():
        for id, document in table.documents.items():
            line += 1
            if not _sound(name, id, document):
                return [Fault("snapshot", damaged(file, line, 0).message)]
    return []


def _salvaged(journal: Path, after: Successor) -> tuple[dict[str, Table], list[bytes]]:
    """The documents of a damaged snapshot that are whole, and the others. Raises OSError, StoreError."""
    file = files.snapshot(journal.parent, after.snapshot)
    try:
        return snapshot.salvage(file, _sound)
    except (StoreError, FileNotFoundError) as error:
        raise StoreError(file, 1, 0, _beyond_repair(file)) from error


def _again(journal: Path, after: Successor) -> bytes | None:
    """The same snapshot from a dated copy, or made again from the pair before it; None if both fail, or if its bytes
    are what was written."""
    folder = journal.parent
    if not _is_damaged(files.snapshot(folder, after.snapshot), after.crc):
        return None
    for copied in folder.glob(f"{files.COPIES}/????-??-??/snapshot-{after.snapshot}"):
        if not _is_damaged(copied, after.crc):
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
    return None


def _is_damaged(file: Path, crc: str) -> bool:
    try:
        snapshot.read(file, crc)
    except StoreError:
        return True
    return False


def _beyond_repair(file: Path) -> Text:
    folder, copies = file.parent, file.parent / files.COPIES
    if any(copies.glob("????-??-??")):
        return Text(
            zh=f"{file} 坏了，留下的备份里也还原不出它，什么都没有动；"
            f"把 {copies} 里最新的完好副本放回 {folder} 再启动。",
            en=f"{file} is damaged and cannot be made again from what was kept; nothing was changed. "
            f"Put the newest whole copy in {copies} back into {folder}, and start again.",
        )
    return Text(
        zh=f"{file} 坏了，也没有留下能还原它的备份，什么都没有动；把 {folder} 换成自己的备份，或者移开它重新开始。",
        en=f"{file} is damaged and nothing was kept that it can be made from again; nothing was changed. "
        f"Put a backup of your own in the place of {folder}, or move it away and begin anew.",
    )


def _torn(journal: Path, number: int, position: int, size: int) -> Text:
    return Text(
        zh=f"{journal}:{number}：最后一行没写完（从第 {position} 字节起，{size} 字节）；下次打开时会移到旁边。",
        en=f"{journal}:{number}: the last line was cut short ({size} bytes from byte {position} on); "
        "it is set aside when the store is opened next.",
    )
