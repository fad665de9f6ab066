"""Help: everywhere, and at the price of click alone."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from mtl_tui.commands import COMMANDS, cli

HEAVY = {"asyncio", "msgspec", "mtl_tui.flows", "numpy", "rich", "textual", "tinydb", "torch", "yaml"}


def modules_after(*arguments: str) -> set[str]:
    """The modules that a fresh interpreter has loaded once the program has ended."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from mtl_tui.__main__ import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_and_version_import_click_and_nothing_heavier(option: str) -> None:
    loaded = modules_after(option)
    assert "click" in loaded
    assert not loaded & HEAVY


def test_recipes_are_listed_without_torch_numpy_and_textual() -> None:
    assert not modules_after("recipes", "list") & {"numpy", "textual", "torch"}


def test_every_command_has_help() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        below = list(command.commands) if isinstance(command, click.Group) else []
        for path in ([name], *([name, each] for each in below)):
            for option in ("-h", "--help"):
                result = CliRunner().invoke(cli, [*path, option])
                assert result.exit_code == 0, path
                assert result.output.startswith(f"Usage: cli {' '.join(path)}")
