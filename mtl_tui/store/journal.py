"""A file to which transactions are appended, one checksummed JSON line each, and from which they are read back.

A line is `{"v":1,"crc":"<hex>","ops":[...]}`; the checksum is CRC-32 of the bytes of `ops`, started at `v`. When
`append` returns with `pending` 0 the transaction is on the disk (fdatasync). Several programs may share the file.

A journal that goes on after a snapshot starts with a line of version 2, whose `ops` are `{"snapshot":N,"crc":"<hex>"}`:
the file `snapshot-N` beside it, and its checksum. A journal is replaced by rename alone, while its lock is held; who
has the old one open finds that the name means another file, and reads that from its start. A file whose time of change
is not the one that was left is read again, and not written to if what was known of it is no longer there.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from mtl_tui.store import files
from mtl_tui.store.errors import (
    StoreError,
    beginning_lost,
    damaged,
    newer,
    overwritten,
    unreadable,
    unwritten,
)
from quizzes.question import Text

VERSION, TRANSACTION, SUCCESSOR = 2, 1, 2
LONG = 2000
"""Lines from which on a journal is worth a snapshot."""

_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class Line(Struct):
    """A line as it is written; without `crc` it is none."""

    v: int
    crc: str = ""
    ops: Raw = Raw()

    @property
    def whole(self) -> bool:
        """The checksum agrees."""
        return self.crc == checksum(self.ops, self.v)


class Successor(Struct):
    """What the first line of a journal says that follows a snapshot."""

    snapshot: int
    crc: str


class Journal:
    """Calls `begin` when reading starts, with the snapshot that comes first if there is one, then `read` with the ops
    of every transaction: on opening, whenever another program wrote one, and anew when the file was replaced.

    `pending` transactions could not be written yet; they are kept in memory and tried again before the next one.
    `reports` are sentences for the person. Raises StoreError on opening.
    """

    def __init__(self, file: Path, begin: Callable[[Successor | None], None], read: Callable[[Raw], None]) -> None:
        self.file = file
        self.reports: list[Text] = []
        self._begin, self._read = begin, read
        self._waiting: list[bytes] = []
        self._depth = 0
        self._descriptor: int | None = None
        self._begun = False
        self._follows = 0
        self._end = 0
        self._crc = 0
        self._changed_ns = 0
        self._lines = 0
        self._trouble: OSError | StoreError | None = None
        try:
            try:
                with self._locked():
                    pass
            except OSError as error:
                self._report(error)
                self._take(self._unlocked()[self._end :])
        except StoreError:
            self.close()
            raise

    @property
    def pending(self) -> int:
        """Transactions that are in memory only."""
        return len(self._waiting)

    @property
    def trouble(self) -> str:
        """Why what is pending could not be written; empty if nothing is."""
        return (self._trouble.strerror if isinstance(self._trouble, OSError) else str(self._trouble or "")) or ""

    def append(self, ops: bytes) -> None:
        """Write a transaction, a JSON list, and whatever was waiting before it."""
        self._waiting.append(ops)
        self.retry()

    def retry(self) -> None:
        """Write what is waiting. Trouble is reported once, until everything is written again."""
        try:
            with self._locked() as descriptor:
                self._write(descriptor, b"".join(line_of(ops, TRANSACTION) for ops in self._waiting))
        except (OSError, StoreError) as error:
            self._report(error)
        else:
            self._waiting.clear()
            self._trouble = None

    def catch_up(self) -> None:
        """Read what other programs wrote; trouble is reported."""
        if self._descriptor is None:
            return
        try:
            status = os.fstat(self._descriptor)
            known = (status.st_size, status.st_ctime_ns) == (self._end, self._changed_ns)
            if not known or self._replaced(self._descriptor):
                with self._locked():
                    pass
        except (OSError, StoreError) as error:
            self._report(error)

    def close(self) -> None:
        """Close the file; what is pending is lost."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Everything that other programs wrote is read, and none writes until this ends; trouble is reported.

        What is decided and appended inside rests on what is in the file.
        """
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._locked())
            except (OSError, StoreError) as error:
                self._report(error)
            yield

    def compact(self, write: Callable[[Path], str]) -> None:
        """Begin a new journal after a snapshot if this one is long; `write` makes the file and returns its checksum.

        The journal and the snapshot before stay as a pair, `journal-N.jsonl` and `snapshot-N`; older ones go. Until
        the last rename the old journal is the one that counts. A disk without room leaves everything as it is.
        """
        with contextlib.suppress(OSError, StoreError), self._locked() as old:
            if self._lines <= LONG or self._waiting:
                return
            folder, before = self.file.parent, self._follows
            number = 1 + max([before, *files.snapshots(folder)])
            crc = write(files.snapshot(folder, number))
            first = line_of(msgspec.json.encode(Successor(number, crc)), SUCCESSOR)
            files.keep_journal(self.file, before)
            files.replace_file(self.file, [first])
            self._descriptor = _open(self.file)
            os.close(old)
            self._follows, self._end, self._crc, self._lines = number, len(first), zlib.crc32(first), 1
            files.prune(folder, {before, number})

    def copy_weekly(self) -> None:
        """Keep a dated copy if the newest is a week old; no room for it is no trouble."""
        with contextlib.suppress(OSError, StoreError), self._locked():
            if self._lines:
                files.copy_weekly(self.file, self._follows, date.today())

    def _unlocked(self) -> bytes:
        """What is in a file that cannot be opened for writing; nothing if there is none. Raises StoreError."""
        try:
            return files.read(self.file)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise unreadable(self.file, error) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, locked against other programs, everything in it read and no torn line at its end."""
        if not self._depth:
            self._lock()
        assert self._descriptor is not None
        self._depth += 1
        try:
            status = os.fstat(self._descriptor)
            touched = status.st_ctime_ns != self._changed_ns
            if status.st_size < self._end or (
                touched and zlib.crc32(_read(self._descriptor, 0, self._end)) != self._crc
            ):
                raise overwritten(self.file, self._lines, self._end)
            fresh = status.st_size > self._end or not self._begun
            if fresh and (torn := self._take(_read(self._descriptor, self._end, status.st_size))):
                self._set_aside(torn)
                os.ftruncate(self._descriptor, self._end)
            self._changed_ns = status.st_ctime_ns
            yield self._descriptor
        finally:
            self._depth -= 1
            if not self._depth:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _lock(self) -> None:
        """Hold the lock of the file that has the name now; one that has gone is an OSError."""
        while True:
            if self._descriptor is None:
                self._descriptor = _open(self.file)
            descriptor = self._descriptor
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                if not self._replaced(descriptor):
                    return
            except OSError:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                raise
            self.close()
            self._start_over()

    def _start_over(self) -> None:
        """Nothing of the file is known."""
        self._begun, self._follows, self._end, self._crc, self._lines = False, 0, 0, 0, 0

    def _replaced(self, descriptor: int) -> bool:
        return not os.path.samestat(os.fstat(descriptor), self.file.stat())

    def _write(self, descriptor: int, block: bytes) -> None:
        if not block:
            return
        try:
            left = memoryview(block)
            while left:
                left = left[os.write(descriptor, left) :]
            _sync(descriptor)
        except OSError:
            os.ftruncate(descriptor, self._end)
            raise
        self._end += len(block)
        self._crc = zlib.crc32(block, self._crc)
        self._changed_ns = os.fstat(descriptor).st_ctime_ns
        self._lines += len(self._waiting)

    def _take(self, content: bytes) -> bytes:
        """Read the lines that follow what is known; returns the torn one at the end, if any.

        A crash of the machine can leave zeros where the last line should be.
        """
        found: list[tuple[int, Line]] = []
        position = 0
        while (stop := content.find(b"\n", position)) >= 0:
            line = content[position:stop]
            if b"\0" in line and stop + 1 == len(content):
                break
            start = self._end + position
            found.append((start, self._check(line, self._lines + len(found) + 1, start)))
            position = stop + 1
        applied = 0
        try:
            if not self._begun:
                if not found and (numbers := files.snapshots(self.file.parent)):
                    raise beginning_lost(self.file, files.snapshot(self.file.parent, max(numbers)))
                first = successor(found[0][1]) if found else None
                self._begin(first)
                self._begun, self._follows = True, first.snapshot if first else 0
            for _, entry in found:
                if entry.v == TRANSACTION:
                    self._read(entry.ops)
                applied += 1
        except msgspec.MsgspecError as error:
            fault = damaged(self.file, self._lines + applied + 1, found[applied][0])
            self._start_over()
            raise fault from error
        for ops in self._waiting:
            self._read(Raw(ops))
        self._end += position
        self._crc = zlib.crc32(memoryview(content)[:position], self._crc)
        self._lines += len(found)
        return content[position:]

    def _check(self, line: bytes, number: int, position: int) -> Line:
        entry = parse(line)
        if entry is None or (entry.v == SUCCESSOR and (position or not successor(entry))):
            raise damaged(self.file, number, position)
        if entry.v > VERSION:
            raise newer(self.file, number, position)
        return entry

    def _set_aside(self, torn: bytes) -> None:
        aside = self.file.with_suffix(f".torn-{date.today().isoformat()}")
        aside.touch(mode=0o600)
        with aside.open("ab") as kept:
            kept.write(torn + b"\n")
            kept.flush()
            os.fsync(kept.fileno())
        self.reports.append(
            Text(
                zh=f"最后一条记录没写完（{len(torn)} 字节），移到了 {aside}；之前的都在。",
                en=f"The last record was cut short; its {len(torn)} bytes are in {aside} now. The rest is kept.",
            )
        )

    def _report(self, error: OSError | StoreError) -> None:
        new = self._trouble is None
        self._trouble = error
        if new:
            self.reports.append(error.message if isinstance(error, StoreError) else unwritten(self.file, error))


_decode = msgspec.json.Decoder(Line).decode
_decode_successor = msgspec.json.Decoder(Successor).decode


def parse(line: bytes) -> Line | None:
    """A line without its end, of any version; None if it is damaged."""
    try:
        entry = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return entry if entry.whole else None


def successor(line: Line) -> Successor | None:
    """What the first line says of a snapshot, None if it is a transaction."""
    if line.v != SUCCESSOR:
        return None
    try:
        return _decode_successor(line.ops)
    except msgspec.MsgspecError:
        return None


def line_of(ops: bytes, version: int) -> bytes:
    """The line as it is written, its end included; `ops` has no line break."""
    return b'{"v":%d,"crc":"%s","ops":%s}\n' % (version, checksum(ops, version).encode(), ops)


def checksum(ops: bytes | memoryview | Raw, version: int) -> str:
    """CRC-32 started at the version, in hexadecimal."""
    return f"{zlib.crc32(ops, version):08x}"


def _open(file: Path) -> int:
    """Open for reading and appending; a new file's name is on the disk too when this returns. None is made where a
    snapshot says that there was one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = not file.exists()
    if new and files.snapshots(file.parent):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
    if not new and not file.is_file():
        raise OSError(errno.EINVAL, "not a file", str(file))
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if new:
        files.sync_folder(file.parent)
    return descriptor


def _read(descriptor: int, start: int, stop: int) -> bytes:
    parts = []
    while part := os.pread(descriptor, min(stop - start, 1 << 24), start):
        parts.append(part)
        start += len(part)
    return b"".join(parts)
