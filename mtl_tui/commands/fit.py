"""`mtl-tui fit`: the schedule's parameters, fitted to the person's own answers."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing

import click

from mtl_tui.commands.plain import Failure, at_desk, lang_option, line
from mtl_tui.flows import fitting
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.fitting import FittingError
from mtl_tui.locale import Language, say
from quizzes.fitting import Fitted


@click.command()
@click.option("--default", is_flag=True, help="Return to FSRS's own parameters.")
@lang_option
def fit(default: bool, lang: Language | None) -> None:
    """Fit the schedule to how you forget, from 512 repeated answers on.

    Each question is predicted with parameters fitted to others; new ones are kept only if they predict better beyond
    chance (95 % interval).
    """
    with at_desk(lang) as desk:
        if default:
            fitting.forget(desk.store)
            for sentence in fitting.returned():
                line(sentence)
            return
        try:
            fitted = asyncio.run(_fit(desk))
        except FittingError as error:
            raise Failure(str(error)) from error
        kept = fitting.keep(desk.store, fitted, desk.clock())
        for sentence in fitting.outcome(fitted, kept):
            line(sentence)
        if kept:
            line(say("mtl-tui fit --default takes them back."))


async def _fit(desk: Desk) -> Fitted:
    shown = sys.stderr.isatty()
    fitted: Fitted | None = None
    async with aclosing(fitting.fit(desk.store)) as events:
        async for event in events:
            if isinstance(event, Fitted):
                fitted = event
            elif shown:
                text = fitting.progress(event)
                click.echo(f"\r{text}", err=True, nl=event.done == event.of)
    assert fitted is not None
    return fitted
