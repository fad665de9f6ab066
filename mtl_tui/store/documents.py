"""What the documents of each table must be, for what comes from outside and for the doctor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw, Struct

from mtl_tui.store.index import StoredCard
from mtl_tui.store.marks import Buried, Draft, Drilled, FittedParameters, KeptRun, Suspended, Synonyms, Written
from mtl_tui.store.store import Kind, Named, SetAside, StoredReview, key_of
from quizzes.interview import Interview

YEARS = range(1970, 9000)
"""The years of any clock; beyond them days cannot be counted on."""


class _InNote(Struct):
    kind: Kind
    name: str


_BY_TIME: dict[str, Callable[[Raw | bytes], object]] = {
    "reviews": msgspec.json.Decoder(StoredReview).decode,
    "resets": msgspec.json.Decoder(StoredCard).decode,
    "asides": msgspec.json.Decoder(SetAside).decode,
}
_card = msgspec.json.Decoder(StoredCard).decode
_run = msgspec.json.Decoder(KeptRun).decode
_in_note = msgspec.json.Decoder(_InNote).decode
_named = msgspec.json.Decoder(Named).decode
_VALUES: dict[str, Callable[[Raw], object]] = {
    name: msgspec.json.Decoder(of).decode
    for name, of in {
        "buried": Buried,
        "suspended": Suspended,
        "drills": Drilled,
        "drafts": Draft,
        "synonyms": Synonyms,
        "interviews": Interview,
        "fits": FittedParameters,
        "exports": Written,
    }.items()
}
_object = msgspec.json.Decoder(dict[str, Any]).decode


def check(table: str, id: int, document: Raw | bytes) -> None:
    """Raises msgspec.DecodeError for what no program writes into this table under this id.

    Of a table that this version does not know, any object will do.
    """
    _object(document)
    if (wanted := _key(table, document)) not in (None, id):
        raise msgspec.ValidationError(f"its id in {table} must be {wanted}, not {id}")


def knows(table: str) -> bool:
    """This version reads the table."""
    return table in {"cards", "runs", "notes", *_BY_TIME, *_VALUES}


def _key(table: str, document: Raw | bytes) -> int | None:
    """The id that follows from what a document says; None where it is a time."""
    match table:
        case "cards":
            return key_of(_card(document).question)
        case "runs":
            return key_of(_run(document).run)
        case "notes":
            entry = _in_note(document)
            return key_of(entry.kind, entry.name)
        case _ if table in _VALUES:
            named = _named(document)
            _VALUES[table](named.value)
            return key_of(named.name)
        case _:
            if table in _BY_TIME:
                found = _BY_TIME[table](document)
                if isinstance(found, StoredReview) and found.at.year not in YEARS:
                    raise msgspec.ValidationError(f"the year of an answer must be in {YEARS[0]} to {YEARS[-1]}")
            return None
