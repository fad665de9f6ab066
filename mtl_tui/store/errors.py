"""What is wrong with a store, in sentences for the person."""

from __future__ import annotations

import errno
from pathlib import Path

from quizzes.question import Text


class StoreError(Exception):
    """A journal that must not be used: a damaged line, or one of a newer program. The file was left as it is.

    `line` counts from 1, `position` is the byte where the line starts.
    """

    def __init__(self, file: Path, line: int, position: int, message: Text) -> None:
        super().__init__(message.en)
        self.file, self.line, self.position, self.message = file, line, position, message


def damaged(file: Path, line: int, position: int) -> StoreError:
    """The error for a line whose checksum does not agree."""
    message = Text(
        zh=f"{file}:{line}：从第 {position} 字节起的这一行坏了，文件没有动；运行 mtl-tui doctor 看看怎么修。",
        en=f"{file}:{line}: the line at byte {position} is damaged; the file was left as it is. "
        "Run mtl-tui doctor to see how to repair it.",
    )
    return StoreError(file, line, position, message)


def unreadable(file: Path, error: OSError) -> StoreError:
    """The error for a file that is there and cannot be read: what was answered is not known, so nothing may go on."""
    message = Text(
        zh=f"{file} 读不了（{error.strerror}），以前的答题记录都在它里面；没有动任何文件。让它能读再启动。",
        en=f"{file} cannot be read ({error.strerror}), and the answers are in it; no file was changed. "
        "Make it readable, then start again.",
    )
    return StoreError(file, 1, 0, message)


def snapshot_unreadable(file: Path, error: OSError) -> StoreError:
    """The error for a snapshot that is not there or cannot be read."""
    message = Text(
        zh=f"{file} 读不了（{error.strerror}），答题记录要从它读起；没有动任何文件。运行 mtl-tui doctor 看看怎么修。",
        en=f"{file} cannot be read ({error.strerror}), and the answers start there; no file was changed. "
        "Run mtl-tui doctor to see how to repair it.",
    )
    return StoreError(file, 1, 0, message)


def beginning_lost(file: Path, before: Path) -> StoreError:
    """The error for a journal without a whole line, or without a file, beside a snapshot from which one went on."""
    message = Text(
        zh=f"{file}:1：第一行不在了，可它前面的 {before} 还在；没有动任何文件。运行 mtl-tui doctor 看看怎么修。",
        en=f"{file}:1: the first line is gone, but {before}, from which it went on, is there; no file was changed. "
        "Run mtl-tui doctor to see how to repair it.",
    )
    return StoreError(file, 1, 0, message)


def table_damaged(file: Path, name: str, first: int, last: int, position: int) -> StoreError:
    """The error for a table in these lines of a snapshot: each is a document, but the checksum of all is another."""
    message = Text(
        zh=f"{file}:{first}-{last}：表 {name} 的这些行里有一行坏了，文件没有动；运行 mtl-tui doctor 看看怎么修。",
        en=f"{file}:{first}-{last}: one of these lines, of table {name}, is damaged; the file was left as it is. "
        "Run mtl-tui doctor to see how to repair it.",
    )
    return StoreError(file, first, position, message)


def newer(file: Path, line: int, position: int) -> StoreError:
    """The error for a line of a later version of the program."""
    message = Text(
        zh=f"{file}:{line}：从第 {position} 字节起是更新的版本写的，文件没有动；升级 mtl-tui 再打开。",
        en=f"{file}:{line}: the line at byte {position} is of a newer version; the file was left as it is. "
        "Update mtl-tui to open it.",
    )
    return StoreError(file, line, position, message)


def overwritten(file: Path, lines: int, end: int) -> StoreError:
    """The error for a file that is no longer what was read of it, `end` bytes in `lines`."""
    message = Text(
        zh=f"{file} 被别的程序改写或截短了（读过的 {end} 字节已不是原样），没有再写；重新启动 mtl-tui。",
        en=f"{file} was overwritten or cut short by another program (its first {end} bytes are not what "
        "they were); nothing more was written. Start mtl-tui again.",
    )
    return StoreError(file, lines, end, message)


def unwritten(file: Path, error: OSError) -> Text:
    """Why an answer is in memory only, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Text(
            zh="磁盘满了，这次评分还在内存里；腾出空间就自动再存，退出前会再提醒一次。",
            en="The disk is full; this grade is kept in memory. Free some space and it is saved by itself; "
            "you will be reminded before leaving.",
        )
    return Text(
        zh=f"写不进 {file}（{error.strerror}），评分先留在内存里；改好权限就自动再存，退出前会再提醒一次。",
        en=f"{file} cannot be written ({error.strerror}); grades are kept in memory. "
        "Mend the permissions and they are saved by themselves; you will be reminded before leaving.",
    )
