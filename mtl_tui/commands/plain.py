"""Line mode: blocks of text out, one line of words in; for pipes, screen readers and CI."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import threading
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import IO, Any

import click
import msgspec

from mtl_tui import config, locale, places
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import LANGUAGES, Language, pick, say
from mtl_tui.store.errors import StoreError
from mtl_tui.typeset import Block, lines_of

MAXIMUM_WIDTH = 100
PATIENCE_SECONDS = 1.0
STYLES: dict[str, dict[str, Any]] = {
    "lead": {"bold": True},
    "head": {"bold": True},
    "pick": {"fg": "cyan"},
    "right": {"fg": "green"},
    "wrong": {"fg": "red"},
    "quiet": {"dim": True},
}

lang_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Chinese or English. [default: the language of your settings]"
)


class Failure(click.ClickException):
    """Ends the program with one sentence on standard error; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentence alone."""
        click.echo(self.message, file=file, err=file is None)


class Misuse(Failure):
    """The command asks for something that is not there; exit code 2."""

    exit_code = 2


class Leaving(Exception):
    """The person wants no more, or the input has ended."""


def speak(lang: Language | None) -> None:
    """Speak the language asked for, else that of the settings."""
    if lang is None:
        lang = config.load(places.config_file()).settings.language
    locale.use(lang)


def open_desk(lang: Language | None, **settings: Any) -> Desk:
    """The person's desk, some settings changed for this time. A store that must not be used is a Failure."""
    speak(lang)
    try:
        with patience():
            desk = Desk.open()
    except StoreError as error:
        raise Failure(pick(error.message)) from error
    desk.settings = msgspec.structs.replace(desk.settings, language=locale.language(), **settings)
    return desk


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Around what reads banks and answers: say on standard error that it does, once it has taken a second."""
    sentence = say("Reading questions and answers; after a change in a large bank of your own this takes some seconds.")
    timer = threading.Timer(PATIENCE_SECONDS, warn, [sentence])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextlib.contextmanager
def at_desk(lang: Language | None, **settings: Any) -> Iterator[Desk]:
    """The desk for one command: reports go to standard error; what is not on the disk at the end is a Failure."""
    desk = open_desk(lang, **settings)
    report(desk)
    try:
        yield desk
    finally:
        asyncio.run(desk.close())
        report(desk)
        if desk.unsaved():
            raise Failure(say("Not saved when the program ended: {n}.", n=desk.unsaved()))


def report(desk: Desk) -> None:
    """What the desk has to tell, on standard error."""
    for sentence in desk.reports():
        warn(sentence)


def warn(sentence: str) -> None:
    """A sentence on standard error."""
    click.echo(sentence, err=True)


def show(*blocks: Block) -> None:
    """Print blocks, as wide as the terminal but no wider than a comfortable line; colour on a terminal only."""
    width = min(shutil.get_terminal_size((MAXIMUM_WIDTH, 24)).columns, MAXIMUM_WIDTH)
    color = False if os.environ.get("NO_COLOR") else None
    for block in blocks:
        for line in lines_of(block, width):
            click.echo(click.style(line, **STYLES.get(block.kind, {})), color=color)


def line(text: str = "", kind: str = "body") -> None:
    """Print one paragraph."""
    show(Block(text, kind))


def ask(prompt: str) -> str:
    """Print what can be written, and read a line: trimmed, in lower case, full-width forms as plain ones.

    Raises Leaving at the end of the input, for Ctrl+C, and for q.
    """
    line(prompt, "pick")
    try:
        written = sys.stdin.readline() if sys.stdin is not None else ""
    except KeyboardInterrupt:
        written = ""
    answer = _plain(written)
    if not written or answer in ("q", "quit", "退出"):
        raise Leaving
    return answer


def ask_text(
    prompt: str, end: str, commands: Collection[str] = (), written_so_far: Callable[[str], None] = lambda text: None
) -> str:
    """Print what can be written, and read lines as they are until one that is `end`, or the end of the input.

    A first line that is one of the commands is returned alone, as `ask` returns it. `written_so_far` is told the text
    after each line. Raises Leaving as `ask` does, if nothing was written before.
    """
    line(prompt, "pick")
    lines: list[str] = []
    while True:
        try:
            written = sys.stdin.readline() if sys.stdin is not None else ""
        except KeyboardInterrupt:
            raise Leaving from None
        if not lines:
            if not written or _plain(written) in ("q", "quit", "退出"):
                raise Leaving
            if _plain(written) in commands:
                return _plain(written)
        if not written or (written.strip() == end and (lines or end)):
            return "".join(lines)
        if lines or written.strip():
            lines.append(written)
            written_so_far("".join(lines))


def _plain(written: str) -> str:
    return unicodedata.normalize("NFKC", written).strip().lower()
