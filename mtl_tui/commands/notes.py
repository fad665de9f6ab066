"""`mtl-tui notes`: what was answered and trained, as a file to keep."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_tui.commands.plain import Failure, Misuse, at_desk, lang_option, warn
from mtl_tui.flows.note import Draft
from mtl_tui.locale import Language, say


@click.group()
def notes() -> None:
    """Study notes."""


@notes.command()
@click.option("--format", type=click.Choice(["md"]), expose_value=False, help="Markdown.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write, or a folder. [default: the notes folder of your settings]",
)
@lang_option
def export(out: Path | None, lang: Language | None) -> None:
    """Write a note from what you put into it with m; if that is nothing, from every answer and run.

    What you wrote below the last line of an earlier note stays there.
    """
    with at_desk(lang) as desk:
        draft = Draft(desk)
        for sentence in draft.left_out:
            warn(sentence)
        if draft.empty:
            raise Misuse(
                say("There is nothing to write about yet: answer with mtl-tui quiz, or train with mtl-tui train.")
            )
        save(draft, out)


def save(draft: Draft, out: Path | None) -> None:
    """Write a note and say where it is."""
    try:
        file = draft.write(out)
    except OSError as error:
        raise Failure(
            say(
                "The note cannot be written to {file} ({why}); name another file with --out.",
                file=error.filename2 or error.filename or out,
                why=error.strerror,
            )
        ) from error
    click.echo(say("Written to {file}", file=file))
