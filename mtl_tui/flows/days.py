"""Days as cells: a calendar of answers, a row a weekday, and the load of the days ahead as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from mtl_tui.locale import later, say
from mtl_tui.typeset import Block, width_of

LEVELS = ((0, "⠂"), (5, "⠆"), (15, "⡇"), (30, "⣧"))
"""The most answers of a day that a cell stands for; more are `FULL`."""
FULL = "⣿"
WEEKDAYS = (later("Mo"), later("Tu"), later("We"), later("Th"), later("Fr"), later("Sa"), later("Su"))
MONTHS = (
    *(later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun")),
    *(later("Jul"), later("Aug"), later("Sep"), later("Oct"), later("Nov"), later("Dec")),
)
STEPS = " ⣀⣤⣶⣿"


def cell(answers: int) -> str:
    """The density that stands for so many answers on a day."""
    return next((sign for most, sign in LEVELS if answers <= most), FULL)


def calendar(per_day: Mapping[date, int], today: date, weeks: int, *, apart: str = "") -> list[Block]:
    """The weeks up to this one, a row a weekday; days to come are blank. `apart` stands between two weeks."""
    monday = today - timedelta(today.weekday() + 7 * (weeks - 1))
    blocks = []
    for weekday, name in enumerate(WEEKDAYS):
        days = [monday + timedelta(7 * week + weekday) for week in range(weeks)]
        cells = apart.join(cell(per_day.get(day, 0)) if day <= today else " " for day in days)
        blocks.append(Block(cells, "tone-2", lead=f"{say(name)} ", indent=3, verbatim=True))
    return blocks


def legend() -> str:
    """What the cells of the calendar mean."""
    lows = [0, *(most + 1 for most, _ in LEVELS[:-1])]
    parts = [
        f"{sign} {low}" if low == most else f"{sign} {low}-{most}"
        for low, (most, sign) in zip(lows, LEVELS, strict=True)
    ]
    return "  ".join([*parts, f"{FULL} >{LEVELS[-1][0]}"])


def months(today: date, weeks: int, apart: int) -> str:
    """The months above a calendar, each over its first week; one too near the next is left out."""
    monday = today - timedelta(today.weekday() + 7 * (weeks - 1))
    line = ""
    for week in range(weeks):
        sunday = monday + timedelta(7 * week + 6)
        at = 3 + week * (1 + apart)
        if sunday.day <= 7 and at >= width_of(line):
            line += " " * (at - width_of(line)) + say(MONTHS[sunday.month - 1]) + " "
    return line.rstrip()


def bars(counts: Sequence[int], first: date, height: int) -> list[Block]:
    """Bars of the coming days, two cells each, with the largest count at the left and the days below."""
    top = max([*counts, 1])
    steps = len(STEPS) - 1
    margin = max(len(str(top)), 2)
    blocks = []
    for row in range(height, 0, -1):
        filled = [min(max(round(count / top * height * steps) - (row - 1) * steps, 0), steps) for count in counts]
        label = str(top) if row == height else "0" if row == 1 else ""
        line = "  ".join(STEPS[each] * 2 for each in filled).rstrip()
        blocks.append(Block(line or " ", "tone-0", lead=f"{label:>{margin}}  ", indent=margin + 2, verbatim=True))
    days = "  ".join(f"{(first + timedelta(n)).day:>2}" for n in range(len(counts)))
    blocks.append(Block(days, "quiet", indent=margin + 2, verbatim=True))
    return blocks
