"""FSRS's parameters fitted to one person, in a process of its own: `python -P -m quizzes.fitting`.

A Request comes as one line of JSON on standard input; Progress goes out, and Fitted at the end. The newest fifth of the
usable reviews is held out: both losses are of these. The optimiser is that of `fsrs-rs-python`, an optional extra.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

import msgspec
from msgspec import Struct

from quizzes import forecast, schedule
from quizzes.schedule import Card

ENOUGH = 512
"""Usable reviews below which nothing is fitted: FSRS's own optimiser returns its defaults there."""
HELD_OUT = 0.2
REPORT_EVERY = 50
OPTIMISER = "fsrs_rs_python"

History = tuple[tuple[date, int], ...]
"""The ratings of one question that fed the schedule, the oldest first, one a day."""


class Request(Struct, frozen=True):
    """What to fit to; `parameters` are those in use, None for FSRS's defaults."""

    histories: list[History]
    parameters: tuple[float, ...] | None = None


class Progress(Struct, frozen=True, tag="progress"):
    """So many histories have been compared of all that will be."""

    done: int
    of: int


class Fitted(Struct, frozen=True, tag="fitted"):
    """New parameters; mean log loss on the `held_out` reviews with those in use, and with the new ones."""

    parameters: tuple[float, ...]
    before: float
    after: float
    held_out: int

    @property
    def better(self) -> bool:
        """Whether the new parameters predict the held-out reviews better."""
        return self.after < self.before


Event = Progress | Fitted
decode = msgspec.json.Decoder(Event).decode


def available() -> bool:
    """Whether the optimiser is installed."""
    return importlib.util.find_spec(OPTIMISER) is not None


def usable(histories: Sequence[History]) -> int:
    """Reviews that say something on forgetting: all but the first of each question."""
    return sum(max(len(history) - 1, 0) for history in histories)


def fit(request: Request, report: Callable[[Progress], None]) -> Fitted:
    """Fit on the older reviews, compare on the newer ones.

    Raises ValueError for fewer than 512 usable reviews, and where all of them fell on one day.
    """
    if usable(request.histories) < ENOUGH:
        raise ValueError(f"{usable(request.histories)} usable reviews, {ENOUGH} are needed")
    days = sorted(day for history in request.histories for day, _ in history[1:])
    cut = days[int(len(days) * (1 - HELD_OUT))]
    earlier = [history for history in request.histories if len(history) > 1 and history[1][0] < cut]
    if not earlier:
        raise ValueError("all usable reviews fell on one day")
    new = _optimised([tuple(each for each in history if each[0] < cut) for history in earlier])
    compared = [history for history in request.histories if history[-1][0] >= cut]
    old_losses: list[float] = []
    new_losses: list[float] = []
    for done, history in enumerate(compared):
        if done % REPORT_EVERY == 0:
            report(Progress(done, len(compared)))
        old_losses += _losses(history, cut, request.parameters)
        new_losses += _losses(history, cut, new)
    report(Progress(len(compared), len(compared)))
    held_out = len(old_losses)
    return Fitted(new, sum(old_losses) / held_out, sum(new_losses) / held_out, held_out)


def _losses(history: History, cut: date, parameters: tuple[float, ...] | None) -> Iterator[float]:
    """The log loss of each repeated review from the day `cut` on."""
    card: Card | None = None
    for day, rating in history:
        if card is not None and day >= cut:
            chance = forecast.retrievability(card, day, parameters)
            yield -math.log(max(1 - chance, 1e-9) if rating == 1 else chance)
        card = schedule.review(card, rating, day, parameters=parameters)


def _optimised(histories: list[History]) -> tuple[float, ...]:
    """FSRS's parameters for these histories, inside the bounds of `fsrs`: the optimiser rounds to float32."""
    from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
    from fsrs_rs_python import FSRS, FSRSItem, FSRSReview

    items = []
    for history in histories:
        gaps = [0, *((later - earlier).days for (earlier, _), (later, _) in pairwise(history))]
        reviews = [FSRSReview(rating, gap) for (_, rating), gap in zip(history, gaps, strict=True)]
        items += [FSRSItem(reviews[:count]) for count in range(2, len(reviews) + 1)]
    found = FSRS(list(DEFAULT_PARAMETERS)).compute_parameters(items, enable_short_term=False)
    bounds = zip(found, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(min(max(each, low), high) for each, low, high in bounds)


def _say(event: Event) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(event) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _say(fit(msgspec.json.decode(sys.stdin.buffer.read(), type=Request), _say))
