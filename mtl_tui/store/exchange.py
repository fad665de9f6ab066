"""A store as plain TinyDB JSON, `{table: {id: document}}`, as TinyDB's own JSONStorage reads and writes it."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from mtl_tui.store import documents
from mtl_tui.store.index import decode_card
from mtl_tui.store.store import Store
from mtl_tui.store.tables import JournalStorage, Op, Put


class Merged(Struct, frozen=True):
    """How many documents came in, were the same already, and differ from those of the store, which stayed."""

    added: int
    same: int
    differing: int


def dump(store: Store) -> bytes:
    """Everything in a store."""
    tables = _storage(store).tables
    return msgspec.json.encode(
        {name: {id: Raw(document) for id, document in table.documents.items()} for name, table in tables.items()}
    )


def merge(store: Store, content: bytes) -> Merged:
    """Add what a store does not have, in one transaction; of two cards of a question the one reviewed last stays.

    Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError, with nothing changed, if the content is not what a
    store of this version holds.
    """
    tables = _decode(content.removeprefix(codecs.BOM_UTF8))
    with store.held():
        ops, count = _additions(_storage(store), tables)
        if ops:
            _storage(store).commit(*ops)
    return Merged(count["added"], count["same"], count["differing"])


def _additions(storage: JournalStorage, tables: Mapping[str, Mapping[int, Raw]]) -> tuple[list[Op], Counter[str]]:
    """What is missing, and how many documents came in, were the same and differ."""
    ops: list[Op] = []
    count: Counter[str] = Counter()
    for name, found in tables.items():
        if not documents.knows(name):
            raise msgspec.ValidationError(f"no table of this version is called {name!r}")
        kept = storage.encoded(name)
        for id, document in found.items():
            documents.check(name, id, document)
            here = kept.get(id)
            if here is None or (name == "cards" and _last_review(document) > _last_review(here)):
                ops.append(Put(name, id, Raw(msgspec.json.format(document, indent=-1))))
                count["added"] += 1
            else:
                count["same" if _decode_document(here) == _decode_document(document) else "differing"] += 1
    return ops, count


_decode = msgspec.json.Decoder(dict[str, dict[Annotated[int, Meta(ge=1)], Raw]]).decode
_decode_document = msgspec.json.Decoder(dict[str, Any]).decode


def _last_review(card: Raw | bytes) -> Any:
    return decode_card(card).card.last_review


def _storage(store: Store) -> JournalStorage:
    storage = store.db.storage
    assert isinstance(storage, JournalStorage)
    return storage
