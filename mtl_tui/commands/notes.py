"""`mtl-tui notes`: what was answered and trained, as a file to keep."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_tui import places
from mtl_tui.commands.plain import Failure, Misuse, at_desk, lang_option, warn
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import Language, say
from mtl_tui.notes import markdown
from mtl_tui.notes.experiment import load_records
from mtl_tui.notes.export import file_name, write
from mtl_tui.notes.note import Note, build


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
        note = note_of(desk)
        if not note.sections and not note.experiments:
            raise Misuse(
                say("There is nothing to write about yet: answer with mtl-tui quiz, or train with mtl-tui train.")
            )
        file = out or Path(desk.settings.notes_folder)
        save(note, file / file_name(note) if out is None or file.is_dir() else file)


def note_of(desk: Desk) -> Note:
    """The note of what was put into it, else of everything; runs that cannot be read are named on standard error."""
    questions, runs = desk.store.in_note("question"), desk.store.in_note("run")
    reviews = desk.store.reviews()
    if questions or runs:
        reviews = [review for review in reviews if review.question in questions]
    else:
        runs = [run["run"] for run in desk.runs()]
    records, left_out = load_records(places.runs(), runs)
    for sentence in left_out:
        warn(sentence)
    return build(desk.bank, reviews, records, desk.store.cards(), desk.settings.language, desk.clock().date())


def save(note: Note, file: Path) -> None:
    """Write a note and say where it is."""
    try:
        write(markdown.render(note), file)
    except OSError as error:
        raise Failure(
            say(
                "The note cannot be written to {file} ({why}); name another file with --out.",
                file=file,
                why=error.strerror,
            )
        ) from error
    click.echo(say("Written to {file}", file=file))
