"""TinyDB's storage and tables on a journal: documents stay encoded, each reading decodes a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from mtl_tui.store import files, snapshot
from mtl_tui.store.journal import Journal, Successor
from mtl_tui.store.snapshot import Table as Encoded


class Put(Struct, array_like=True, tag="put", gc=False):
    """Insert or replace a document."""

    table: str
    id: int
    document: Raw


class Delete(Struct, array_like=True, tag="delete", gc=False):
    """Remove a document; one that is not there is none."""

    table: str
    id: int


Op = Put | Delete

decode_ops = msgspec.json.Decoder(list[Op]).decode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def put(table: str, id: int, document: Any) -> Put:
    """The op for a document given as a mapping or Struct."""
    return Put(table, id, Raw(msgspec.json.encode(document)))


class Documents(Mapping[str, dict[str, Any]]):
    """A table as TinyDB reads it, by id as a string; every access decodes anew."""

    def __init__(self, encoded: Mapping[int, Raw | bytes]) -> None:
        self._encoded = encoded

    def __getitem__(self, id: str) -> dict[str, Any]:
        if not id.isdecimal():
            raise KeyError(id)
        return _decode(self._encoded[int(id)])

    def __iter__(self) -> Iterator[str]:
        return map(str, self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


class JournalStorage(Storage):
    """The tables in memory, changed by transactions only: `commit` is all or nothing, `write` finds out what changed.

    `began` is called with what a reading from the start begins with, `changed` after each op, also of another program,
    with the document that was there before.
    """

    def __init__(
        self,
        file: Path,
        began: Callable[[Mapping[str, Encoded]], None],
        changed: Callable[[Op, Raw | bytes | None], None],
    ) -> None:
        self.tables: dict[str, Encoded] = {}
        self._began, self._changed = began, changed
        self._folder = file.parent
        self.journal = Journal(file, self._begin, lambda ops: self._apply(decode_ops(ops)))

    def tidy(self) -> None:
        """Compact a long journal, and keep a dated copy each week."""
        self.journal.compact(lambda to: snapshot.write(to, self.tables))
        self.journal.copy_weekly()

    def encoded(self, table: str) -> dict[int, Raw | bytes]:
        """The documents of a table by id, the one first put first."""
        kept = self.tables.get(table)
        return kept.documents if kept is not None else {}

    def commit(self, *ops: Op) -> None:
        """One transaction: on the disk when this returns, or `journal.pending`."""
        self.journal.append(msgspec.json.encode(ops))
        self._apply(ops)

    def next_id(self, table: str) -> int:
        """Larger than every id the table ever had, those removed included."""
        kept = self.tables.get(table)
        return kept.highest + 1 if kept is not None else 1

    def read(self) -> dict[str, Mapping[str, dict[str, Any]]]:  # type: ignore[override]
        """The tables; nothing is decoded yet."""
        return {name: Documents(table.documents) for name, table in self.tables.items()}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Commit the difference to what is there."""
        ops: list[Op] = []
        for name in self.tables.keys() | data.keys():
            before, after = self.encoded(name), data.get(name, {})
            if isinstance(after, Documents):
                continue
            ops += [Delete(name, id) for id in before if str(id) not in after]
            ops += [
                put(name, int(id), document)
                for id, document in after.items()
                if int(id) not in before or _decode(before[int(id)]) != document
            ]
        if ops:
            self.commit(*ops)

    def close(self) -> None:
        """Close the file."""
        self.journal.close()

    def _begin(self, after: Successor | None) -> None:
        self.tables = snapshot.read(files.snapshot(self._folder, after.snapshot), after.crc) if after else {}
        self._began(self.tables)

    def _apply(self, ops: tuple[Op, ...] | list[Op]) -> None:
        for op in ops:
            table = self.tables.get(op.table)
            if table is None:
                table = self.tables[op.table] = Encoded({})
            before = table.documents.get(op.id)
            if isinstance(op, Put):
                table.documents[op.id] = op.document
                table.highest = max(op.id, table.highest)
            else:
                table.documents.pop(op.id, None)
            self._changed(op, before)


class JournalTable(Table):
    """Without a query cache, which would not see what other programs wrote; ids are never used again."""

    def __init__(self, storage: JournalStorage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)
        self._given = 0

    def _get_next_id(self) -> int:
        assert isinstance(self._storage, JournalStorage)
        self._given = max(self._storage.next_id(self.name), self._given + 1)
        return self._given


class Database(TinyDB):
    """TinyDB whose every change is one line of a journal."""

    table_class = JournalTable  # type: ignore[assignment]
    default_storage_class = JournalStorage  # type: ignore[assignment]
