"""The command line as a person meets it: a process of its own with a home of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mtl_tui import locale

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, in English, away from the checkout."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MTL_TUI_HOME", str(folder))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    locale.use("en")
    return folder


@pytest.fixture
def program() -> Program:
    """Run `mtl-tui` with these arguments and this input."""

    def run(*arguments: str, written: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "mtl_tui", *arguments]
        return subprocess.run(command, input=written, capture_output=True, text=True, timeout=60, check=False)

    return run
