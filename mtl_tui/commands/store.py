"""`mtl-tui store`: everything that was answered, as plain JSON, out and in."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from mtl_tui import places
from mtl_tui.commands.plain import Failure, Misuse, lang_option, speak, warn
from mtl_tui.locale import Language, pick, say
from mtl_tui.store import exchange
from mtl_tui.store.errors import StoreError
from mtl_tui.store.files import read, replace_file
from mtl_tui.store.store import Store

STREAM = Path("-")
"""Standard output or input instead of a file."""


@click.group("store")
def store_() -> None:
    """Answers, cards, runs and notes as a file."""


@store_.command()
@click.argument("file", default=STREAM, type=click.Path(path_type=Path))
@lang_option
def export(file: Path, lang: Language | None) -> None:
    """Write everything to FILE, or to standard output: JSON that TinyDB opens as it is. No file is written over."""
    speak(lang)
    if file != STREAM and file.exists():
        raise Misuse(say("{file} is there already; name another file.", file=file))
    with _opened() as store:
        if _is_empty(store):
            raise Misuse(say("No answer was kept yet."))
        content = exchange.dump(store)
    if file == STREAM:
        click.echo(content)
        return
    try:
        replace_file(file, [content, b"\n"])
    except OSError as error:
        raise Failure(say("{file} cannot be written: {why}.", file=file, why=error.strerror)) from error
    click.echo(say("Written to {file}", file=file))


@store_.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--merge", is_flag=True, help="Add to answers that are there; what is there stays.")
@lang_option
def import_(file: Path, merge: bool, lang: Language | None) -> None:
    """Read what export wrote, from FILE or, where that is -, from standard input. Into a store with answers only by
    --merge: then what is missing is added, and of two states of a card the one reviewed last stays.
    """
    speak(lang)
    try:
        content = sys.stdin.buffer.read() if file == STREAM else read(file)
    except OSError as error:
        raise Misuse(say("{file} cannot be read: {why}.", file=file, why=error.strerror)) from error
    with _opened() as store:
        if not merge and not _is_empty(store):
            raise Misuse(say("The store has answers already; --merge adds to them."))
        try:
            merged = exchange.merge(store, content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Misuse(say("{file} is not an export of a store: {why}.", file=file, why=str(error))) from error
    click.echo(
        say(
            "Added: {added}; the same already: {same}; different, left as they were: {differing}",
            added=merged.added,
            same=merged.same,
            differing=merged.differing,
        )
    )


def _is_empty(store: Store) -> bool:
    return not any(len(store.db.table(name)) for name in store.db.tables())


@contextlib.contextmanager
def _opened() -> Iterator[Store]:
    try:
        store = Store.open(places.data())
    except StoreError as error:
        raise Failure(pick(error.message)) from error
    try:
        yield store
    finally:
        store.retry()
        unsaved, why = store.pending, store.trouble
        for text in () if unsaved else store.reports:
            warn(pick(text))
        store.close()
    if unsaved:
        raise Failure(say("Nothing was imported: {folder} cannot be written ({why}).", folder=places.data(), why=why))
