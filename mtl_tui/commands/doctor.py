"""`mtl-tui doctor`: is everything in order, and what to do about what is not."""

from __future__ import annotations

import errno
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from mtl_tui import config, places
from mtl_tui.commands.plain import Failure, lang_option, speak
from mtl_tui.commands.screen import on_a_terminal
from mtl_tui.locale import Language, pick, say
from mtl_tui.store.check import check, damaged_spares, repair
from mtl_tui.store.errors import StoreError
from mtl_tui.store.store import FILE, Store
from mtl_tui.typeset import SMALLEST

Found = tuple[bool, str]
"""Whether something is in order, and a sentence about it."""

TMUX_ESCAPE_MS = 50
ANSWER_SECONDS = 2.0
TORCH_SECONDS = 120


@click.command()
@click.option("--repair", "mend", is_flag=True, help="Copy the files of answers, then keep every whole line of them.")
@lang_option
def doctor(mend: bool, lang: Language | None) -> None:
    """Check the answers line by line, the settings, the terminal and torch; nothing is changed without --repair.

    The exit code is 1 if something is wrong.
    """
    speak(lang)
    if mend:
        _repair(places.data() / FILE)
    wrong = False
    for part in (_folder, _answers, _settings, _terminal, _widths, _tmux, _torch):
        for well, sentence in part():
            wrong = wrong or not well
            click.echo(f"{say('fine:') if well else say('amiss:')}  {sentence}")
    if wrong:
        raise click.exceptions.Exit(1)


def _repair(journal: Path) -> None:
    try:
        if not check(journal):
            click.echo(say("Every line of the answers is whole; there is nothing to repair."))
            return
        done = repair(journal, datetime.now())
    except FileNotFoundError:
        return
    except StoreError as error:
        raise Failure(pick(error.message)) from error
    except OSError as error:
        raise Failure(
            say("The answers cannot be repaired: {file}: {why}.", file=error.filename, why=error.strerror)
        ) from error
    click.echo(say("Everything as it was is in {folder}", folder=done.copy))
    for file in done.files:
        click.echo(say("Repaired: {file}", file=file))
    if done.aside:
        click.echo(say("Set aside, damaged lines: {n}, in {file}", n=done.lines, file=done.aside))


def _folder() -> Iterator[Found]:
    folder = places.data()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0")
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        yield (
            False,
            say(
                "The data folder {folder} cannot be written ({why}); {remedy}.",
                folder=folder,
                why=error.strerror,
                remedy=_remedy(error),
            ),
        )
    else:
        yield True, say("The data folder can be written: {folder}", folder=folder)


def _remedy(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return say("free some space")
        case errno.EEXIST | errno.ENOTDIR | errno.ENAMETOOLONG:
            return say("set MTL_TUI_HOME to another folder, or move what is in its place")
        case _:
            return say("mend its permissions")


def _answers() -> Iterator[Found]:
    journal = places.data() / FILE
    try:
        faults = check(journal)
        spares = damaged_spares(journal)
    except FileNotFoundError:
        yield True, say("No answer was kept yet.")
        return
    except OSError as error:
        yield False, say("{file} cannot be read: {why}.", file=error.filename, why=error.strerror)
        return
    yield from ((False, pick(fault.message)) for fault in faults)
    if any(fault.kind in ("damaged", "snapshot") for fault in faults):
        yield False, say("mtl-tui doctor --repair copies the files first, then keeps every whole line.")
    elif not faults:
        store = Store(journal)
        reviews, cards = len(store.db.table("reviews")), len(store.db.table("cards"))
        store.close()
        yield True, say("Every line is whole; answers: {reviews}, cards: {cards}", reviews=reviews, cards=cards)
    for spare in spares:
        yield False, say("{file} is damaged, but only a spare: delete it once the answers are whole.", file=spare)


def _settings() -> Iterator[Found]:
    problems = config.load(places.config_file()).problems
    yield from ((False, pick(problem)) for problem in problems)
    if not problems:
        yield True, say("The settings can be read: {file}", file=places.config_file())


def _terminal() -> Iterator[Found]:
    if not on_a_terminal():
        yield True, say("This is not a terminal; its size, colours and widths were not checked.")
        return
    term = os.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        yield False, say("TERM is {term}; set it to what your terminal is, such as xterm-256color.", term=term or "''")
    width, height = shutil.get_terminal_size()
    least = "x".join(map(str, SMALLEST))
    if width < SMALLEST[0] or height < SMALLEST[1]:
        yield (
            False,
            say("The window is {width}x{height}; enlarge it to {least}.", width=width, height=height, least=least),
        )
    else:
        yield True, say("The window is {width}x{height}; {least} is enough.", width=width, height=height, least=least)
    from rich.console import Console

    colours = Console().color_system
    if os.environ.get("NO_COLOR"):
        yield True, say("NO_COLOR is set: everything is said without colours.")
    elif colours in ("truecolor", "256"):
        yield True, say("Colours: {n}", n="16M" if colours == "truecolor" else colours)
    else:
        yield False, say("The terminal names few colours; set COLORTERM=truecolor if it has more.")


def _widths() -> Iterator[Found]:
    if not on_a_terminal():
        return
    if "utf" not in (sys.stdout.encoding or "").lower():
        yield False, say("The terminal is not written to in UTF-8; set LANG to a UTF-8 locale, such as C.UTF-8.")
        return
    box, han = _cells("─"), _cells("汉")
    if box is None or han is None:
        yield True, say("The terminal does not answer where its cursor is; widths of characters were not checked.")
        return
    if box == 1:
        yield True, say("A box character is one cell wide.")
    else:
        yield (
            False,
            say("A box character is {n} cells wide: set ambiguous characters to narrow in your terminal.", n=box),
        )
    if han == 2:
        yield True, say("A Chinese character is two cells wide.")
    else:
        yield False, say("A Chinese character is {n} cells wide, not two: choose another terminal or font.", n=han)


def _cells(character: str) -> int | None:
    """Cells by which the cursor moves; None if the terminal does not say."""
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        sys.stdout.write(f"\r{character}\x1b[6n")
        sys.stdout.flush()
        answer, until = "", time.monotonic() + ANSWER_SECONDS
        while not (found := re.search(r"\x1b\[\d+;(\d+)R", answer)):
            if not select.select([sys.stdin], [], [], max(until - time.monotonic(), 0))[0]:
                return None
            answer += os.read(sys.stdin.fileno(), 64).decode(errors="replace")
        return int(found[1]) - 1
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()


def _tmux() -> Iterator[Found]:
    if not os.environ.get("TMUX") or not shutil.which("tmux"):
        return
    shown = subprocess.run(["tmux", "show-options", "-sv", "escape-time"], capture_output=True, text=True, check=False)
    if not shown.stdout.strip().isdecimal():
        return
    delay = int(shown.stdout)
    if delay > TMUX_ESCAPE_MS:
        yield False, say("tmux holds esc back for {n} ms; put set -sg escape-time 10 into ~/.tmux.conf.", n=delay)
    else:
        yield True, say("tmux holds esc back for {n} ms.", n=delay)


def _torch() -> Iterator[Found]:
    command = [sys.executable, "-P", "-c", "import torch; print(torch.__version__)"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=TORCH_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        yield False, say("torch cannot be imported ({why}); without it nothing is trained.", why=str(error))
        return
    if ran.returncode:
        why = (ran.stderr.strip().splitlines() or [str(ran.returncode)])[-1]
        yield False, say("torch cannot be imported ({why}); without it nothing is trained.", why=why)
    else:
        yield True, say("torch {version}", version=ran.stdout.strip())
