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

    The newest fifth of them is held out; new parameters are kept only if they predict these better. It needs
    pip install "mtl-tui[fit]".
    """
    with at_desk(lang) as desk:
        if default:
            fitting.forget(desk.store)
            line(say("FSRS's own parameters schedule from now on."))
            return
        try:
            fitted = asyncio.run(_fit(desk))
        except FittingError as error:
            raise Failure(str(error)) from error
        kept = fitting.keep(desk.store, fitted, desk.clock())
        line(
            say(
                "Loss on {n} held-out answers: {before} with the parameters in use, {after} with the fitted ones.",
                n=fitted.held_out,
                before=f"{fitted.before:.4f}",
                after=f"{fitted.after:.4f}",
            )
        )
        if kept:
            line(say("The fitted parameters schedule from now on; mtl-tui fit --default takes them back."))
        else:
            line(say("They are not better: the parameters in use stay."))


async def _fit(desk: Desk) -> Fitted:
    shown = sys.stderr.isatty()
    fitted: Fitted | None = None
    async with aclosing(fitting.fit(desk.store)) as events:
        async for event in events:
            if isinstance(event, Fitted):
                fitted = event
            elif shown:
                text = say("Comparing on held-out answers: question {done} of {of}", done=event.done, of=event.of)
                click.echo(f"\r{text}", err=True, nl=event.done == event.of)
    assert fitted is not None
    return fitted
