"""`mtl-tui stats`: the figures of the Home screen and its page, as text or for a program."""

from __future__ import annotations

import click
import msgspec

from mtl_tui.commands.plain import at_desk, lang_option, show
from mtl_tui.locale import Language


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object with stable keys, for a program.")
@lang_option
def stats(as_json: bool, lang: Language | None) -> None:
    """Show what your answers say: days, topics, recall, confidence, what comes.

    Keys of --json: day, questions, due, new, put_off, seconds (of what is left today); answered, right, gone (answers
    to questions that no bank has any more), streak, longest_streak, per_day {date: answers}; topics [topic, right,
    answered, low, high, ranked], the weakest ranked one first; retention (the recall aimed at), recall [predicted,
    achieved, n, low, high], predictions; confidence [confidence 1-3, right, n, low, high]; these of the latest 10,000
    answers; forecast [day, due]; leeches [question, lapses]; suspended; days_left, interview_name, reachable,
    needed_per_day (null without an interview ahead); last_interview {begun, minutes, asked, right, covered, points,
    seconds, suggested} (null before the first one). low and high are Wilson's 95 % interval; a topic is ranked from 10
    answers on.
    """
    from mtl_tui.flows import figures, told

    with at_desk(lang) as desk:
        if as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(figures.gather(desk)), indent=2))
        else:
            show(*told.page(desk, keys=False))
