"""What one cell of a table says: a number, a yes or no, a moment, a category.

Each function raises ValueError with what is wrong, "is not a number", for a cell that says nothing of the kind.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

MISSING = {"", "na", "nan", "null", "none"}
BINARY = {"0": 0.0, "0.0": 0.0, "false": 0.0, "no": 0.0, "1": 1.0, "1.0": 1.0, "true": 1.0, "yes": 1.0}


def number(cell: Any) -> float:
    """A finite number; NaN for a missing one: an empty cell, NA, NaN, null or none."""
    if cell is None or str(cell).strip().lower() in MISSING:
        return math.nan
    try:
        found = float(cell)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise ValueError("is not a number")
    return found


def binary(cell: Any) -> float:
    """0 or 1, from 0, 1, false, true, no or yes; NaN for a missing one."""
    word = "" if cell is None else str(cell).strip().lower()
    if word in MISSING:
        return math.nan
    if word not in BINARY:
        raise ValueError("is not 0 or 1, false or true, no or yes")
    return BINARY[word]


def moment(cell: Any) -> float:
    """A point in time: a number, or the seconds since 1970 of a date in ISO 8601 form, UTC unless it says otherwise."""
    try:
        found = number(cell)
    except ValueError:
        found = _seconds(cell)
    if math.isnan(found):
        raise ValueError("is no time, and a split by time needs one in every row")
    return found


def category(cell: Any) -> str | None:
    """The cell as words; None for an empty one."""
    return None if cell is None or cell != cell else str(cell).strip() or None


def _seconds(cell: Any) -> float:
    try:
        when = cell if isinstance(cell, date) else datetime.fromisoformat(str(cell).strip())
    except ValueError:
        return math.nan
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
