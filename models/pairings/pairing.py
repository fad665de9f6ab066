"""Pairings: recipes trained side by side, the numbers to watch, and what the explanation says they will show.

Measured beforehand on 20 seeds or more: `Reading.range` is the smallest and largest value seen at the end of those
runs, `Pairing.shown` in how many of them every check held, and how many there were. No torch, no numpy.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from models.events import Text


class PairingArm(Struct, frozen=True):
    """One recipe of a pairing: `key` "A", "B", ... and a short label (at most 8 Han or 14 Latin cells)."""

    key: str
    label: Text
    recipe: str


class Reading(Struct, frozen=True):
    """A number of the run: the last value of `metric` of one arm and task (None: of all tasks at once).

    `large` readings stand above the charts; the others serve the checks and the closing sentence only.
    """

    arm: str
    metric: str
    task: str | None
    label: Text
    range: tuple[float, float] | None = None
    format: str = ".3f"
    large: bool = True


class Check(Struct, frozen=True):
    """What is expected of one reading, or of two: their difference `of - to` or ratio `of / to`.

    `of` and `to` are indices into `Pairing.readings`; `low` and `high` are bounds, None meaning none on that side.
    """

    kind: Literal["value", "difference", "ratio"]
    of: int
    to: int | None = None
    low: float | None = None
    high: float | None = None


class Chart(Struct, frozen=True):
    """A chart of the pairing: one metric of one task, every arm overlaid. `metric` "train" is the training loss."""

    metric: str
    task: str | None


class Pairing(Struct, frozen=True):
    """What a question trains live. `exact`: a miss is a bug of the program, not chance."""

    id: str
    title: Text
    watch: Text
    expected: Text
    arms: tuple[PairingArm, ...]
    readings: tuple[Reading, ...]
    checks: tuple[Check, ...]
    charts: tuple[Chart, ...]
    shown: tuple[int, int]
    exact: bool = False
