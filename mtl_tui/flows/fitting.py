"""FSRS's parameters fitted to the person's own reviews: what goes to the fitting process, what is kept of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator
from datetime import date, datetime

import msgspec
from msgspec import Struct

from mtl_tui.locale import say
from mtl_tui.store.store import Store
from quizzes import fitting
from quizzes.fitting import ENOUGH, Event, Fitted, History, Request

TABLE, NAME = "parameters", "fsrs"


class FittedParameters(Struct, frozen=True):
    """Table "parameters": FSRS's 21, with the mean log loss on `held_out` reviews before and after fitting."""

    parameters: tuple[float, ...]
    before: float
    after: float
    held_out: int
    at: datetime


class FittingError(Exception):
    """Nothing was fitted; the message is one sentence for people."""


def parameters(store: Store) -> tuple[float, ...] | None:
    """The parameters that schedule: fitted ones, or None for FSRS's own."""
    kept = store.kept(TABLE, FittedParameters).get(NAME)
    return kept.parameters if kept else None


def histories(store: Store) -> list[History]:
    """The ratings that fed the schedule, a history for each time that a question was new."""
    begun: dict[str, list[tuple[date, int]]] = {}
    found = []
    for review in store.reviews():
        if review.after is None or review.after == review.before:
            continue
        if review.before is None:
            begun[review.question] = []
            found.append(begun[review.question])
        if review.question in begun:
            begun[review.question].append((review.after.last_review, review.grade))
    return [tuple(history) for history in found]


async def fit(store: Store) -> AsyncGenerator[Event, None]:
    """Fit in a process of its own: progress, and the result at the end. Closing the generator ends the process.

    Nothing is kept; see `keep`. Raises FittingError.
    """
    known = histories(store)
    if fitting.usable(known) < ENOUGH:
        raise FittingError(
            say(
                "Fitting needs {enough} repeated answers and there are {n}; until then FSRS's own parameters schedule.",
                enough=ENOUGH,
                n=fitting.usable(known),
            )
        )
    if not fitting.available():
        raise FittingError(say('Fitting needs fsrs-rs-python, which is not installed; pip install "mtl-tui[fit]".'))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "quizzes.fitting"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(msgspec.json.encode(Request(known, parameters(store))))
            await process.stdin.drain()
        process.stdin.close()
        async for line in process.stdout:
            yield fitting.decode(line)
        words = (await process.stderr.read()).decode(errors="replace").strip()
        if await process.wait():
            raise FittingError(
                say(
                    "The fitting process failed ({why}); the parameters stay as they are.",
                    why=words.rpartition("\n")[2] or process.returncode,
                )
            )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def keep(store: Store, fitted: Fitted, at: datetime) -> bool:
    """Keep the new parameters if they predict the held-out reviews better; returns whether they do."""
    if fitted.better:
        value = FittedParameters(fitted.parameters, fitted.before, fitted.after, fitted.held_out, at)
        store.keep(TABLE, NAME, value)
    return fitted.better


def forget(store: Store) -> None:
    """Return to FSRS's own parameters."""
    store.forget(TABLE, NAME)
