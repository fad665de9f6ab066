"""Which number comes next when one is turned up or down: round numbers, evenly apart or each a little larger."""

from __future__ import annotations

import math

from models.catalogue.fields import Field

ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""The digits of numbers that follow each other by factors of 1.2 to 1.33."""
FIRST = 1e-4
"""What comes after 0."""
EVEN_STEPS, EVEN_SPAN = 20, 10.0
NEAR = 1e-9


def turned(field: Field, number: float, by: int) -> float:
    """The round number after (by 1) or before (by -1) a number, within the field's bounds; at the end the end itself.

    A short range, or one that reaches below 0, is gone through evenly; a whole number that is a power of two by default
    is doubled and halved; small whole numbers change by 1; all others go by `ROUND`.
    """
    new = _next(field, number, by)
    end = field.bounds.high if by > 0 else field.bounds.low
    if not field.bounds.hold(new):
        new = end if end is not None and field.bounds.hold(end) else number
    return int(new) if field.kind == "integer" else float(new)


def _next(field: Field, number: float, by: int) -> float:
    whole = field.kind == "integer"
    if whole and _power_of_two(field.default) and number >= 1:
        return 2.0 ** (math.floor(math.log2(number)) + 1 if by > 0 else math.ceil(math.log2(number)) - 1)
    step = 1.0 if whole and number + min(by, 0) < 10 else _even_step(field)
    if step:
        return _clean(step * (math.floor(number / step + NEAR) + 1 if by > 0 else math.ceil(number / step - NEAR) - 1))
    if number == 0:
        return FIRST * by
    if by < 0 and number <= FIRST * (1 + NEAR) and field.bounds.hold(0):
        return 0.0
    power = 10.0 ** math.floor(math.log10(number))
    near = [_clean(digits * power * ten) for ten in (0.1, 1, 10) for digits in ROUND]
    near = [each for each in near if not whole or each.is_integer()]
    if by > 0:
        return min(each for each in near if each > number * (1 + NEAR))
    return max(each for each in near if each < number * (1 - NEAR))


def _even_step(field: Field) -> float:
    """The step of a range that is gone through evenly, 1, 2 or 5 times a power of ten; 0 for any other range."""
    low, high = field.bounds.low, field.bounds.high
    if low is None or high is None or field.kind == "integer":
        return 0.0
    step = (high - low) / EVEN_STEPS
    is_fine = isinstance(field.default, float) and 0 < field.default < step / 2
    if low >= 0 and (high - low > EVEN_SPAN or is_fine):
        return 0.0
    power = 10.0 ** math.floor(math.log10(step) + NEAR)
    return max(_clean(digit * power) for digit in (1, 2, 5) if digit * power <= step * (1 + NEAR))


def _clean(number: float) -> float:
    """The number without the last digits, where a product of decimals differs from the decimal meant."""
    return float(f"{number:.12g}")


def _power_of_two(number: object) -> bool:
    return isinstance(number, int) and number >= 16 and number & (number - 1) == 0
