"""What is imported when, by whom: torch never in the program, no arrow the wrong way, no file that grew too long."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.pairings import PAIRINGS
from models.recipes import RECIPES
from quizzes import bank

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "models": {"textual", "click", "tinydb", "quizzes", "mtl_tui"},
    "quizzes": {"textual", "tinydb", "models", "mtl_tui", "torch", "numpy"},
    "mtl_tui": {"torch"},
}
TRAINING_PROCESS = {"mtl_tui/lab/worker.py"}
LONG_FILES: dict[str, str] = {}
"""Files of more than 400 lines, and why each is better in one piece."""

SCREENS = """
import asyncio, sys
from mtl_tui.app import MtlApp
from mtl_tui.flows.desk import Desk
from mtl_tui.screens.session import SessionScreen

async def main():
    app = MtlApp(Desk.open())
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "numpy" not in sys.modules, "numpy before the first frame"
        await pilot.press("2", "3", "enter", "right", "enter", "escape", "escape", "down", "enter", "escape")
        await pilot.press("4", "1", "?", "escape")
        await app.push_screen(SessionScreen(app.desk.session_of(["listing1-repair"])))
        await pilot.press("0")
        await pilot.pause()

asyncio.run(main())
"""
COMMANDS = """
import sys
from mtl_tui.commands import cli
cli({arguments!r}, standalone_mode=False)
"""
LIGHT = "import models.events, models.catalogue, models.recipe, models.recipes, models.pairings, quizzes.bank"


def imported(code: str, home: Path) -> set[str]:
    """The top-level packages that a fresh interpreter has imported after this code."""
    code += "\nimport sys; print('IMPORTED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    environment = os.environ | {"MTL_TUI_HOME": str(home)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.rpartition("IMPORTED")[2].split())


def test_the_screens_import_neither_torch_nor_numpy(tmp_path) -> None:
    assert not imported(SCREENS, tmp_path) & {"torch", "numpy"}


@pytest.mark.parametrize("arguments", [["recipes", "list"], ["bank", "check"]])
def test_commands_that_do_not_train_import_neither_torch_nor_textual(tmp_path, arguments) -> None:
    assert not imported(COMMANDS.format(arguments=arguments), tmp_path) & {"torch", "numpy", "textual"}


def test_what_lists_and_checks_recipes_and_questions_is_light(tmp_path) -> None:
    assert not imported(LIGHT, tmp_path) & {"torch", "numpy", "textual", "click", "tinydb"}


def sources() -> list[Path]:
    return [file for package in FORBIDDEN for file in sorted((ROOT / package).rglob("*.py"))]


def test_arrows_run_one_way() -> None:
    wrong = []
    for file in sources():
        name = file.relative_to(ROOT).as_posix()
        forbidden = FORBIDDEN[name.partition("/")[0]] - ({"torch"} if name in TRAINING_PROCESS else set())
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                continue
            wrong += [f"{name}:{node.lineno} {each}" for each in modules if each.partition(".")[0] in forbidden]
    assert not wrong


def test_no_file_grows_long_without_a_reason() -> None:
    long = {
        file.relative_to(ROOT).as_posix() for file in sources() if file.read_text(encoding="utf-8").count("\n") > 400
    }
    assert long == set(LONG_FILES)


def test_what_a_question_trains_exists() -> None:
    named = {question.id: question.pairing for question in bank.load().questions.values() if question.pairing}
    assert len(named) >= 12 and not {question for question, pairing in named.items() if pairing not in PAIRINGS}
    recipes = {arm.recipe for pairing in PAIRINGS.values() for arm in pairing.arms}
    assert recipes <= set(RECIPES)
