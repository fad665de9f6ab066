"""What goes wrong is one sentence: what, where, what next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("arguments", [[], ["quiz"]])
def test_without_a_terminal_the_plain_forms_are_named(program: Program, arguments: list[str]) -> None:
    done = program(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "mtl-tui demo --plain" in done.stderr and "mtl-tui quiz --plain" in done.stderr


def test_topic_without_questions(program: Program) -> None:
    done = program("quiz", "--plain", "--topic", "T99")
    assert done.returncode == 2
    assert done.stderr.startswith("No question on T99; the bank has T01, ")


def test_home_that_cannot_be_written_says_so_once_and_works(program: Program, home: Path) -> None:
    home.write_text("a file where the folder should be")
    done = program("quiz", "--plain", "--topic", "T01", "--length", "2", "--lang", "en", written="1\n3\n\n1\n3\n\n")
    assert done.returncode == 0
    assert "Answered: 2" in done.stdout
    assert done.stderr.count("cannot be written") == 1
    assert done.stderr.endswith("Not saved when the program ended: 2.\n")


def test_damaged_journal_is_left_alone(program: Program, home: Path) -> None:
    journal = home / "data" / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("not a journal\n")
    done = program("quiz", "--plain")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{journal}:1: the line at byte 0 is damaged")
    assert journal.read_text() == "not a journal\n"


def test_fault_of_the_program_goes_to_the_log(home: Path) -> None:
    code = (
        "import sys, models.recipes\n"
        "models.recipes.dumps = lambda recipe: 1 / 0\n"
        "sys.argv[1:] = ['recipes', 'show', 'adult-mmoe']\n"
        "from mtl_tui.__main__ import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=False)
    log = home / "log" / "mtl-tui.log"
    assert done.returncode == 70
    assert done.stderr == (
        "mtl-tui failed (ZeroDivisionError: division by zero); what you answered is kept. "
        f"Please report it with the end of {log}.\n"
    )
    assert "Traceback" in log.read_text()


def test_reader_that_leaves_early_hears_nothing() -> None:
    command = f"{sys.executable} -P -m mtl_tui bank show listing1-softmax-line | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=True)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_bytes_that_are_no_text_are_no_answer() -> None:
    command = [sys.executable, "-P", "-m", "mtl_tui", "quiz", "--plain", "--topic", "T01", "--lang", "en"]
    done = subprocess.run(command, input=b"\xff\xfe\n", capture_output=True, timeout=60, check=True)
    assert b"Write a number from 1 to 4." in done.stdout
    assert done.stderr == b""
