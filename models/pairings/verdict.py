"""What a run has shown, check by check. Plain arithmetic on the last value of each reading."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

from models.events import Text
from models.pairings.pairing import Check, Pairing

Readings = Mapping[tuple[str, str, str | None], float]


class CheckOutcome(Struct, frozen=True):
    """The number computed for `check`, and whether it lies within the bounds; `reason` says why there is no number."""

    check: Check
    value: float | None
    held: bool
    reason: Text | None = None


class Outcome(Struct, frozen=True):
    """One outcome per check, in the order of the pairing; `held` if every one held."""

    checks: tuple[CheckOutcome, ...]
    held: bool


def verdict(pairing: Pairing, readings: Readings) -> Outcome:
    """Judge the last values of a run, keyed by (arm, metric, task). A value that is missing or NaN fails its check."""
    checks = tuple(_judge(pairing, check, readings) for check in pairing.checks)
    return Outcome(checks, all(outcome.held for outcome in checks))


def _judge(pairing: Pairing, check: Check, readings: Readings) -> CheckOutcome:
    values = []
    for index in (check.of,) if check.to is None else (check.of, check.to):
        reading = pairing.readings[index]
        value = readings.get((reading.arm, reading.metric, reading.task), math.nan)
        if not math.isfinite(value):
            where = f"{reading.arm} {reading.metric}" + (f" {reading.task}" if reading.task else "")
            return CheckOutcome(check, None, False, Text(f"没有读到 {where}。", f"No value of {where}."))
        values.append(value)
    match check.kind:
        case "value":
            value = values[0]
        case "difference":
            value = values[0] - values[1]
        case "ratio":
            if values[1] == 0:
                return CheckOutcome(check, None, False, Text("比值的分母是 0。", "The ratio would divide by 0."))
            value = values[0] / values[1]
    held = (check.low is None or value >= check.low) and (check.high is None or value <= check.high)
    return CheckOutcome(check, value, held)
