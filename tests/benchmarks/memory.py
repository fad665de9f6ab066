"""Peak memory of the worker while it trains the census recipe: a started process, its VmHWM at the end.

python tests/benchmarks/memory.py
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile

from _report import report
from _worker import alone

from mtl_tui import places
from mtl_tui.flows.lab import FIRST_SEED, recipe_spec

RECIPE, BAR = "adult-mmoe", 450.0


def main() -> bool:
    """Print megabytes against the bar."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["MTL_TUI_HOME"] = home
        _, peak = asyncio.run(alone(recipe_spec(RECIPE, FIRST_SEED), places.runs() / "memory"))
        return report("peak memory of the worker on adult, MB", peak, "<=", BAR)


if __name__ == "__main__":
    sys.exit(not main())
