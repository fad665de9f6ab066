"""A file to which transactions are appended, one checksummed JSON line each, and from which they are read back.

A line is `{"v":1,"crc":"<hex>","ops":[...]}`; the checksum is CRC-32 of the bytes of `ops`, started at `v`. When
`append` returns with `pending` 0 the transaction is on the disk (fdatasync). Several programs may share the file.
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

from quizzes.question import Text

VERSION = 1

_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class StoreError(Exception):
    """A journal that must not be used: a damaged line, or one of a newer program. The file was left as it is.

    `line` counts from 1, `position` is the byte where the line starts.
    """

    def __init__(self, file: Path, line: int, position: int, message: Text) -> None:
        super().__init__(message.en)
        self.file, self.line, self.position, self.message = file, line, position, message


class _Line(Struct):
    v: int
    crc: str = ""
    ops: Raw = Raw()


class Journal:
    """Calls `read` with the ops of every transaction that it finds, on opening and whenever another program wrote one.

    `pending` transactions could not be written yet; they are kept in memory and tried again before the next one.
    `reports` are sentences for the person. Raises StoreError on opening.
    """

    def __init__(self, file: Path, read: Callable[[Raw], None]) -> None:
        self.file = file
        self.reports: list[Text] = []
        self._read = read
        self._waiting: list[bytes] = []
        self._depth = 0
        self._descriptor: int | None = None
        self._end = 0
        self._lines = 0
        self._in_trouble = False
        try:
            with self._locked():
                pass
        except OSError as error:
            self._report(error)
            with contextlib.suppress(OSError):
                self._take(file.read_bytes()[self._end :])
        except StoreError:
            self.close()
            raise

    @property
    def pending(self) -> int:
        """Transactions that are in memory only."""
        return len(self._waiting)

    def append(self, ops: bytes) -> None:
        """Write a transaction, a JSON list, and whatever was waiting before it."""
        self._waiting.append(b'{"v":%d,"crc":"%s","ops":%s}\n' % (VERSION, _checksum(ops, VERSION).encode(), ops))
        self.retry()

    def retry(self) -> None:
        """Write what is waiting. Trouble is reported once, until everything is written again."""
        try:
            with self._locked() as descriptor:
                self._write(descriptor, b"".join(self._waiting))
        except (OSError, StoreError) as error:
            self._report(error)
        else:
            self._waiting.clear()
            self._in_trouble = False

    def catch_up(self) -> None:
        """Read what other programs wrote; trouble is reported."""
        if self._descriptor is not None and os.fstat(self._descriptor).st_size != self._end:
            try:
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

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, locked against other programs, everything in it read and no torn line at its end."""
        if self._descriptor is None:
            self._descriptor = _open(self.file)
        descriptor = self._descriptor
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._depth += 1
        try:
            size = os.fstat(descriptor).st_size
            if size < self._end:
                raise self._shrunk()
            if size > self._end and (torn := self._take(_read_from(descriptor, self._end))):
                self._set_aside(torn)
                os.ftruncate(descriptor, self._end)
            yield descriptor
        finally:
            self._depth -= 1
            if not self._depth:
                fcntl.flock(descriptor, fcntl.LOCK_UN)

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
        self._lines += len(self._waiting)

    def _take(self, content: bytes) -> bytes:
        """Read the lines that follow what is known; returns the torn one at the end, if any.

        A crash of the machine can leave zeros where the last line should be.
        """
        found: list[Raw] = []
        position = 0
        while (stop := content.find(b"\n", position)) >= 0:
            line = content[position:stop]
            if b"\0" in line and stop + 1 == len(content):
                break
            found.append(self._check(line, self._lines + len(found) + 1, self._end + position))
            position = stop + 1
        for ops in found:
            self._read(ops)
        self._end += position
        self._lines += len(found)
        return content[position:]

    def _check(self, line: bytes, number: int, position: int) -> Raw:
        try:
            entry = _decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            entry = _Line(VERSION)
        if entry.crc != _checksum(entry.ops, entry.v):
            message = Text(
                zh=f"{self.file}:{number}：从第 {position} 字节起的这一行坏了，文件没有动；换上备份或移走它再启动。",
                en=f"{self.file}:{number}: the line at byte {position} is damaged; the file was left as it is. "
                "Put a backup in its place, or move the line away, and start again.",
            )
            raise StoreError(self.file, number, position, message)
        if entry.v > VERSION:
            message = Text(
                zh=f"{self.file}:{number}：从第 {position} 字节起是更新的版本写的，文件没有动；升级 mtl-tui 再打开。",
                en=f"{self.file}:{number}: the line at byte {position} is of a newer version; the file was left as "
                "it is. Update mtl-tui to open it.",
            )
            raise StoreError(self.file, number, position, message)
        return entry.ops

    def _shrunk(self) -> StoreError:
        message = Text(
            zh=f"{self.file} 被别的程序截短了（应有 {self._end} 字节），没有再写；重新启动 mtl-tui。",
            en=f"{self.file} was cut short by another program ({self._end} bytes are known); nothing more was written. "
            "Start mtl-tui again.",
        )
        return StoreError(self.file, self._lines, self._end, message)

    def _set_aside(self, torn: bytes) -> None:
        aside = self.file.with_suffix(f".torn-{date.today().isoformat()}")
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
        if not self._in_trouble:
            self._in_trouble = True
            self.reports.append(error.message if isinstance(error, StoreError) else self._unwritten(error))

    def _unwritten(self, error: OSError) -> Text:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return Text(
                zh="磁盘满了，这次评分还在内存里；腾出空间就自动再存，退出前会再提醒一次。",
                en="The disk is full; this grade is kept in memory. Free some space and it is saved by itself; "
                "you will be reminded before leaving.",
            )
        return Text(
            zh=f"写不进 {self.file}（{error.strerror}），评分先留在内存里；改好权限就自动再存，退出前会再提醒一次。",
            en=f"{self.file} cannot be written ({error.strerror}); grades are kept in memory. "
            "Mend the permissions and they are saved by themselves; you will be reminded before leaving.",
        )


_decode = msgspec.json.Decoder(_Line).decode


def _checksum(ops: bytes | Raw, version: int) -> str:
    return f"{zlib.crc32(ops, version):08x}"


def _open(file: Path) -> int:
    """Open for reading and appending; a new file's name is on the disk too when this returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if new:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return descriptor


def _read_from(descriptor: int, start: int) -> bytes:
    parts = []
    while part := os.pread(descriptor, 1 << 24, start):
        parts.append(part)
        start += len(part)
    return b"".join(parts)
