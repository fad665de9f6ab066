"""The benchmarks run, in their shortest form; what they measure on a busy machine is not judged here."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("benchmarks")


@pytest.mark.parametrize(
    ("script", "arguments", "bars"),
    [
        ("charts", "1", 1),
        ("solvers", "1 mgda imtl-g", 6),
        ("training", "1 2048", 25 if find_spec("torch_rechub") and find_spec("deepctr_torch") else 9),
        ("balancing", "1", 48),
        ("replicas", "1 5", 2),
        ("memory", "", 1),
        ("search", "500", 1),
        ("startup", "1", 2),
        ("live", "1 100", 2),
        ("store", "20 1000", 7),
        ("first_point", "1 5 1", 3),
    ],
)
def test_prints_each_ratio_with_its_bar(script: str, arguments: str, bars: int) -> None:
    ended = subprocess.run(
        [sys.executable, str(SCRIPTS / f"{script}.py"), *arguments.split()], capture_output=True, text=True, timeout=240
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(lines) == bars, ended.stderr
    assert all(line["ratio"] > 0 and line["bar"][:2] in ("<=", ">=") for line in lines)
    assert ended.returncode == (0 if all(line["ok"] for line in lines) else 1)
