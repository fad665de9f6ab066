"""A file of whole tables, from which a journal goes on: a checksummed head in one line, then a document a line.

The head is `{"v":1,"crc":"<hex>","ops":[table, ...]}` as a line of the journal is; a table has the ids and the sizes of
its documents in bytes, the newline included, and the checksum of them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from mtl_tui.store import files
from mtl_tui.store.errors import StoreError, damaged, newer, snapshot_unreadable, table_damaged
from mtl_tui.store.journal import checksum, line_of, parse

VERSION = 1


class Table(Struct):
    """A table whose documents are encoded. `highest` is the largest id it ever had."""

    documents: dict[int, Raw | bytes]
    highest: int = 0


class _Head(Struct):
    name: str
    highest: int
    crc: str
    ids: list[int]
    sizes: list[int]


_decode_heads = msgspec.json.Decoder(list[_Head]).decode
_decode_document = msgspec.json.Decoder(dict[str, Any]).decode


def write(file: Path, tables: Mapping[str, Table]) -> str:
    """Write the tables, and return the checksum of the head, which stands for all. Raises OSError."""
    heads: list[_Head] = []
    blocks: list[bytes] = []
    for name, table in tables.items():
        lines = [b"%s\n" % bytes(document) for document in table.documents.values()]
        block = b"".join(lines)
        heads.append(_Head(name, table.highest, checksum(block, VERSION), [*table.documents], [*map(len, lines)]))
        blocks.append(block)
    encoded = msgspec.json.encode(heads)
    files.replace_file(file, [line_of(encoded, VERSION), *blocks])
    return checksum(encoded, VERSION)


def read(file: Path, crc: str) -> dict[str, Table]:
    """The tables of the snapshot with this checksum; nothing is decoded. Raises StoreError."""
    try:
        content = files.read(file)
    except OSError as error:
        raise snapshot_unreadable(file, error) from error
    start = content.find(b"\n") + 1
    head = parse(content[: start - 1]) if start else None
    if head is None or head.crc != crc:
        raise damaged(file, 1, 0)
    if head.v > VERSION:
        raise newer(file, 1, 0)
    tables: dict[str, Table] = {}
    line = 2
    for each in _decode_heads(head.ops):
        stops = list(accumulate(each.sizes, initial=start))
        if checksum(memoryview(content)[start : stops[-1]], VERSION) != each.crc:
            raise _damaged_table(file, each.name, line, content, stops)
        tables[each.name] = Table(_cut(content, each.ids, stops), each.highest)
        start, line = stops[-1], line + len(each.ids)
    return tables


def salvage(file: Path, sound: Callable[[str, int, bytes], bool]) -> tuple[dict[str, Table], list[bytes]]:
    """The documents that are `sound` in their table under their id, and what is left of the others.

    Raises OSError; StoreError if the head is damaged, without which no document has an id.
    """
    head_line, _, body = files.read(file).partition(b"\n")
    head = parse(head_line)
    if head is None or head.v != VERSION:
        raise damaged(file, 1, 0)
    tables: dict[str, Table] = {}
    lost: list[bytes] = []
    start = 0
    for each in _decode_heads(head.ops):
        table = tables[each.name] = Table({}, each.highest)
        stops = list(accumulate(each.sizes, initial=start))
        for id, (begin, stop) in zip(each.ids, pairwise(stops), strict=True):
            line = body[begin:stop]
            if line.endswith(b"\n") and sound(each.name, id, line[:-1]):
                table.documents[id] = line[:-1]
            else:
                lost.append(line.rstrip(b"\n"))
        start = stops[-1]
    return tables, lost


def _cut(content: bytes, ids: Iterable[int], stops: Iterable[int]) -> dict[int, Raw | bytes]:
    return dict(zip(ids, [content[start : stop - 1] for start, stop in pairwise(stops)], strict=True))


def _damaged_table(file: Path, name: str, first: int, content: bytes, stops: list[int]) -> StoreError:
    """The error for the first line that is none; where all are, for those of the table, whose checksum is one."""
    for line, (start, stop) in enumerate(pairwise(stops), first):
        if content[stop - 1 : stop] != b"\n" or not _is_document(content[start : stop - 1]):
            return damaged(file, line, start)
    return table_damaged(file, name, first, first + len(stops) - 2, stops[0])


def _is_document(line: bytes) -> bool:
    try:
        _decode_document(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True
