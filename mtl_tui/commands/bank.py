"""`mtl-tui bank`: the questions as an author sees them."""

from __future__ import annotations

import difflib
import itertools
import json
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import msgspec

from models.pairings import PAIRINGS
from mtl_tui import config, locale, places
from mtl_tui.commands.plain import Failure, Misuse, at_desk, lang_option, line, patience, show, speak, warn
from mtl_tui.config import Settings
from mtl_tui.locale import Language, pick, say
from quizzes import bank as banks
from quizzes import templates
from quizzes.bank import Problem, Unfinished


@click.group()
def bank() -> None:
    """The question bank."""


@bank.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@lang_option
def check(path: Path | None, lang: Language | None) -> None:
    """Say what is wrong in a bank folder or file, by file and line; without PATH in the program's own bank.

    The exit code is 1 if anything is.
    """
    speak(lang)
    checked = _there(path or banks.BANK)
    ours = checked.is_relative_to(banks.BANK)
    try:
        with patience():
            found = banks.load(checked, pairings=PAIRINGS) if ours else banks.load(own=[checked], pairings=PAIRINGS)
    except OSError as error:
        raise Misuse(
            say("{file} cannot be read: {why}.", file=error.filename or checked, why=error.strerror)
        ) from error
    for problem in found.problems:
        click.echo(pick(problem.sentence))
    if found.problems:
        raise click.exceptions.Exit(1)
    questions = [question for question in found.questions.values() if ours or question.id in found.own]
    if not questions and not found.unfinished:
        raise Misuse(say("No question in {path}: a bank is a folder of .yaml files, or one of them.", path=path))
    count, topics = len(questions) + len(found.unfinished), len({question.topic for question in questions})
    line(say("Nothing wrong. Questions: {n}, topics: {topics}.", n=count, topics=topics))
    _tell_drafts(sum(question.draft for question in questions) + len(found.unfinished))
    for draft in found.unfinished.values():
        for lack in draft.lacks:
            click.echo(pick(lack.sentence))


@bank.command()
def schema() -> None:
    """Print a JSON schema of a bank file, for an editor that completes and checks."""
    from quizzes.schema import schema as of_banks

    click.echo(json.dumps(of_banks(), ensure_ascii=False, indent=2))


@bank.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@lang_option
def add(folder: Path, lang: Language | None) -> None:
    """Load a folder of your own questions beside the program's from now on.

    What is wrong in it is said, and left out.
    """
    settings = _settings(lang)
    folder = _there(folder)
    if str(folder) in settings.banks:
        raise Misuse(say("{folder} is one of your banks already.", folder=folder))
    with patience():
        count, drafts, problems = _of(folder, settings.banks)
    for problem in problems:
        warn(pick(problem.sentence))
    if not count:
        raise Misuse(say("No question in {path}: a bank is a folder of .yaml files, or one of them.", path=folder))
    _change_banks(lambda now: (*now, str(folder)))
    line(say("Added {folder}. Questions: {n}.", folder=folder, n=count))
    _tell_drafts(drafts)


@bank.command()
@click.argument("folder", type=click.Path(path_type=Path))
@lang_option
def remove(folder: Path, lang: Language | None) -> None:
    """Load a folder no more. The folder and your answers stay."""
    settings = _settings(lang)
    folder = Path(os.path.realpath(folder))
    if str(folder) not in settings.banks:
        raise Misuse(say("{folder} is none of your banks; mtl-tui bank list names them.", folder=folder))
    _change_banks(lambda now: tuple(each for each in now if each != str(folder)))
    line(say("Removed {folder} from your banks; the folder and your answers stay.", folder=folder))


@bank.command("list")
@lang_option
def list_(lang: Language | None) -> None:
    """List your own banks."""
    settings = _settings(lang)
    if not settings.banks:
        line(say("No bank of your own; begin one with mtl-tui bank new, add it with mtl-tui bank add."))
    for place, folder in enumerate(settings.banks):
        with patience():
            count, drafts, problems = _of(Path(folder), settings.banks[:place])
        line(
            say(
                "{folder}  questions: {n}, drafts: {drafts}, problems: {problems}",
                folder=folder,
                n=count,
                drafts=drafts,
                problems=len(problems),
            )
        )


@bank.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--topic", required=True, help="One of the program's topics (T01 to T22), or any name.")
@click.option("--kind", required=True, type=click.Choice(templates.KINDS))
@lang_option
def new(folder: Path | None, topic: str, kind: str, lang: Language | None) -> None:
    """Write a question to fill in, a draft with comments, into FOLDER. [default: your first bank, else here]"""
    settings = _settings(lang)
    folder = folder or Path(next(iter(settings.banks), "."))
    with patience():
        found = banks.load(own=[*map(Path, settings.banks), folder])
    taken = {*found.questions, *found.unfinished}
    stem = re.sub(r"[^a-z0-9]+", "-", f"{topic}-{kind}".lower()).strip("-")
    name = next(
        name
        for name in (f"{stem}-{number}" for number in itertools.count(1))
        if name not in taken and not (folder / f"{name}.yaml").exists()
    )
    files = {folder / f"{name}.yaml": templates.template(kind, name, topic, locale.language())}
    if kind == "find_bug":
        files[folder / "listings" / f"{name}.txt"] = templates.LISTING
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as new_file:
                new_file.write(text)
    except OSError as error:
        raise Failure(
            say("{file} cannot be written: {why}.", file=error.filename or folder, why=error.strerror)
        ) from error
    for file in files:
        line(say("Written to {file}", file=file))
    line(say("Fill it in, delete its line draft: true, then: mtl-tui bank check {folder}", folder=folder))
    if os.path.realpath(folder) not in settings.banks:
        line(say("To be asked its questions: mtl-tui bank add {folder}", folder=folder))


@bank.command("show")
@click.argument("id")
@lang_option
def show_(id: str, lang: Language | None) -> None:
    """Print a question with its answer, every option's reason, and its sources."""
    from mtl_tui.flows import explain

    with at_desk(lang) as desk:
        if id in desk.bank.unfinished:
            _show_unfinished(desk.bank.unfinished[id])
            return
        if id not in desk.bank.questions:
            near = difflib.get_close_matches(id, [*desk.bank.questions, *desk.bank.unfinished], n=3, cutoff=0.3)
            raise Misuse(
                say("No question {id}; the nearest are: {near}.", id=id, near=say(", ").join(near))
                if near
                else say("No question {id}; each id stands in the bank's files behind id:.", id=id),
            )
        if desk.bank.questions[id].draft:
            line(say("A draft: no session asks it until its line draft: true is deleted."), "pick")
            line()
        session = desk.session_of([id])
        show(*explain.stem(session.answering))
        line()
        for row in explain.rows(session.answering, -1):
            show(*row)
        line()
        session.give_up()
        show(*explain.verdict(session))


def _show_unfinished(draft: Unfinished) -> None:
    line(say("A draft: no session asks it, and it is not whole yet."), "pick")
    line()
    if draft.stem is not None:
        line(pick(draft.stem), "lead")
        line()
    for lack in draft.lacks:
        line(pick(lack.sentence))


def _there(path: Path) -> Path:
    """The place of a bank that a person named. Raises Misuse where none is, or none that the settings can name."""
    try:
        place = os.path.realpath(path, strict=True)
        place.encode()
    except OSError as error:
        raise Misuse(say("{file} cannot be read: {why}.", file=error.filename or path, why=error.strerror)) from error
    except UnicodeEncodeError as error:
        raise Misuse(say("The name of {file} is not UTF-8, as the settings are; rename it.", file=path)) from error
    return Path(place)


def _of(folder: Path, before: Iterable[str]) -> tuple[int, int, list[Problem]]:
    """How many questions a bank has, how many of them are drafts, and what is wrong in it, loaded behind the program's
    own and the banks before it. What is parsed for it serves the next start of the program."""
    known = banks.load(own=[*map(Path, before)], pairings=PAIRINGS)
    found = banks.load(cache=places.cache(), own=[*map(Path, before), folder], pairings=PAIRINGS)
    unfinished = len(found.unfinished) - len(known.unfinished)
    questions = [found.questions[id] for id in found.own - known.own]
    drafts = unfinished + sum(question.draft for question in questions)
    return unfinished + len(questions), drafts, found.problems[len(known.problems) :]


def _tell_drafts(drafts: int) -> None:
    if drafts:
        line(say("Drafts, which no session asks: {n}.", n=drafts))


def _settings(lang: Language | None) -> Settings:
    """The settings, in the language asked for; what does not count of them is told."""
    speak(lang)
    settings, problems = config.load(places.config_file())
    for problem in problems:
        warn(pick(problem))
    return settings


def _change_banks(alter: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    file = places.config_file()
    try:
        kept = config.change(file, lambda now: msgspec.structs.replace(now, banks=alter(now.banks)))
    except OSError as error:
        raise Failure(say("{file} cannot be written: {why}.", file=file, why=error.strerror)) from error
    if kept is not None:
        line(say("The settings were written anew; the file as it was is {file}.", file=kept))
