"""`mtl-tui bank`: the questions as an author sees them."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from mtl_tui.commands.plain import Misuse, at_desk, lang_option, line, show, speak
from mtl_tui.locale import Language, pick, say


@click.group()
def bank() -> None:
    """The question bank."""


@bank.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@lang_option
def check(path: Path | None, lang: Language | None) -> None:
    """Say what is wrong in a bank folder or file, by file and line; without PATH in the program's own bank.

    The exit code is 1 if anything is.
    """
    from quizzes import bank as banks

    speak(lang)
    checked = (path or banks.BANK).resolve()
    try:
        found = banks.load(checked)
    except OSError as error:
        raise Misuse(
            say("{file} cannot be read: {why}.", file=error.filename or checked, why=error.strerror)
        ) from error
    for problem in found.problems:
        click.echo(pick(problem.sentence))
    if found.problems:
        raise click.exceptions.Exit(1)
    if not found.questions:
        raise Misuse(say("No question in {path}: a bank is a folder of .yaml files, or one of them.", path=path))
    topics = len({question.topic for question in found.questions.values()})
    line(say("Nothing wrong. Questions: {n}, topics: {topics}.", n=len(found.questions), topics=topics))


@bank.command("show")
@click.argument("id")
@lang_option
def show_(id: str, lang: Language | None) -> None:
    """Print a question with its answer, every option's reason, and its sources."""
    from mtl_tui.flows import explain

    with at_desk(lang) as desk:
        if id not in desk.bank.questions:
            near = difflib.get_close_matches(id, desk.bank.questions, n=3, cutoff=0.3)
            raise Misuse(
                say("No question {id}; the nearest are: {near}.", id=id, near=say(", ").join(near))
                if near
                else say("No question {id}; each id stands in the bank's files behind id:.", id=id),
            )
        session = desk.session_of([id])
        show(*explain.stem(session.answering))
        line()
        for row in explain.rows(session.answering, -1):
            show(*row)
        line()
        session.give_up()
        show(*explain.verdict(session))
