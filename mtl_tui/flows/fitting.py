"""FSRS's parameters fitted to the person's own reviews: what goes to the fitting process, what is kept of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Iterable
from datetime import date, datetime

import msgspec

from mtl_tui.locale import say
from mtl_tui.store.marks import FittedParameters
from mtl_tui.store.store import KeptReview, Store
from quizzes import fitting, schedule
from quizzes.fitting import ENOUGH, Event, Fitted, History, Progress, Request
from quizzes.schedule import Card

TABLE, NAME = "fits", "fsrs"


class FittingError(Exception):
    """Nothing was fitted; the message is one sentence for people."""


def in_use(store: Store) -> FittedParameters | None:
    """The fitted parameters that schedule, None while FSRS's own do."""
    return store.get(TABLE, NAME, FittedParameters)


def parameters(store: Store) -> tuple[float, ...] | None:
    """The parameters that schedule: fitted ones, or None for FSRS's own."""
    kept = in_use(store)
    return kept.fitted.parameters if kept else None


def histories(store: Store) -> list[History]:
    """The ratings that fed the schedule, a history for each time that a question was new."""
    return [tuple(history) for _, history in _histories(store.reviews())]


def repeated(store: Store) -> int:
    """Answers that say something on forgetting."""
    return fitting.usable(histories(store))


def hindrance(repeated: int) -> str:
    """Why nothing can be fitted to so many repeated answers, in one sentence; empty if it can."""
    if repeated < ENOUGH:
        return say(
            "Fitting needs {enough} repeated answers and there are {n}; until then FSRS's own parameters schedule.",
            enough=ENOUGH,
            n=repeated,
        )
    return ""


async def fit(store: Store) -> AsyncGenerator[Event, None]:
    """Fit in a process of its own: progress, and the result at the end. Closing the generator ends the process.

    Nothing is kept; see `keep`. Raises FittingError.
    """
    known = histories(store)
    if hindered := hindrance(fitting.usable(known)):
        raise FittingError(hindered)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "quizzes.fitting"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise _failed(error.strerror) from error
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(msgspec.json.encode(Request(known, parameters(store))))
            await process.stdin.drain()
        process.stdin.close()
        try:
            async for line in process.stdout:
                yield fitting.decode(line)
        except (msgspec.DecodeError, ValueError) as error:
            raise _failed(error) from error
        words = (await process.stderr.read()).decode(errors="replace").strip()
        if await process.wait():
            raise _failed(words.rpartition("\n")[2] or process.returncode)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _failed(why: object) -> FittingError:
    return FittingError(say("The fitting process failed ({why}); the parameters stay as they are.", why=why))


def keep(store: Store, fitted: Fitted, at: datetime) -> bool:
    """Schedule by the new parameters if they predict better; returns whether they do. See `_remembered`."""
    if fitted.better:
        with store.held():
            store.keep(TABLE, NAME, FittedParameters(fitted, at), _remembered(store, fitted.parameters))
    return fitted.better


def forget(store: Store) -> None:
    """Return to FSRS's own parameters. See `_remembered`."""
    with store.held():
        if in_use(store) is not None:
            store.forget(TABLE, NAME, _remembered(store, None))


def undo_last(store: Store) -> KeptReview | None:
    """Take the last review back. Its card was kept with the parameters of its day; it comes back with those in use."""
    with store.held():
        undone = store.undo_last()
        card = store.card(undone.question) if undone is not None else None
        if undone is not None and card is not None:
            history = dict(_histories(store.reviews(undone.question))).get(undone.question, [])
            after = schedule.remembered(card, history, parameters(store))
            if after != card:
                store.set_card(undone.question, after)
        return undone


def progress(event: Progress) -> str:
    """How far it is."""
    return say("Comparing on held-out answers: question {done} of {of}", done=event.done, of=event.of)


def outcome(fitted: Fitted, kept: bool) -> list[str]:
    """Sentences on what was found and decided."""
    found = [
        say(
            "Loss on {n} held-out answers: {before} with the parameters in use, {after} with the fitted ones.",
            n=fitted.held_out,
            before=f"{fitted.before:.4f}",
            after=f"{fitted.after:.4f}",
        ),
        gain(fitted),
    ]
    if not kept:
        return [*found, say("That is not better beyond chance: the parameters in use stay.")]
    return [*found, say("The fitted parameters schedule from now on."), effect()]


def returned() -> list[str]:
    """Sentences once FSRS's own parameters are back."""
    return [say("FSRS's own parameters schedule from now on."), effect()]


def gain(fitted: Fitted) -> str:
    """How much less the loss is, with its interval."""
    return say(
        "Less loss per answer: {gain} [{low}, {high}], a 95 % interval.",
        gain=f"{fitted.gain:.3f}",
        low=f"{fitted.low:.3f}",
        high=f"{fitted.high:.3f}",
    )


def effect() -> str:
    """What other parameters change at once, and what not."""
    return say("What you remember is computed anew; the days that questions are due stay, the next intervals change.")


def _remembered(store: Store, parameters: tuple[float, ...] | None) -> dict[str, Card]:
    """The cards whose stability and difficulty are others with these parameters, by their own ratings.

    No card becomes due by it or ceases to be: the day stays until the next review, and only the order of what is due
    and the intervals from then on follow the new memory.
    """
    latest = dict(_histories(store.reviews()))
    cards = {
        question: (card, schedule.remembered(card, latest.get(question, ()), parameters))
        for question, card in store.cards().items()
    }
    return {question: after for question, (before, after) in cards.items() if after != before}


def _histories(reviews: Iterable[KeptReview]) -> list[tuple[str, list[tuple[date, int]]]]:
    """The histories with their questions, the one begun first first."""
    begun: dict[str, list[tuple[date, int]]] = {}
    found = []
    for review in reviews:
        if review.after is None or review.after == review.before:
            continue
        if review.before is None:
            begun[review.question] = []
            found.append((review.question, begun[review.question]))
        if review.question in begun:
            begun[review.question].append((review.after.last_review, review.grade))
    return found
