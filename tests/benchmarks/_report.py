"""How a benchmark says what it measured: one JSON line a ratio."""

from __future__ import annotations

import json
from typing import Literal


def report(name: str, ratio: float, sense: Literal["<=", ">="], bar: float, **details: float) -> bool:
    """Print what was measured against its bar; True if it is kept. Details carry their unit in their name."""
    ok = ratio <= bar if sense == "<=" else ratio >= bar
    measured = {key: float(f"{value:.4g}") for key, value in {"ratio": ratio, **details}.items()}
    print(json.dumps({"name": name, "ratio": measured.pop("ratio"), "bar": f"{sense} {bar}", "ok": ok, **measured}))
    return ok
