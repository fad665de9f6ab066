"""What goes wrong is one sentence: what, where, what next."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
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
    assert done.returncode == 1
    assert "Answered: 2" in done.stdout
    assert done.stderr.count("cannot be written") == 1
    assert done.stderr.endswith("Not saved when the program ended: 2.\n")


def test_output_without_room_and_a_name_that_no_file_can_have_are_one_sentence(program: Program) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "mtl_tui", "stats"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        1,
        "The output cannot be written (No space left on device); what you answered is kept.\n",
    )
    done = program("store", "export", "x" * 300)
    assert done.returncode == 1 and done.stderr.startswith("x" * 300 + " cannot be used (File name too long)")


def test_with_its_standard_error_closed_the_journal_does_not_become_it(program: Program, home: Path) -> None:
    code = (
        "import os, sys\n"
        "os.close(2)\n"
        "sys.argv[1:] = ['quiz', '--plain', '--topic', 'T01', '--length', '1', '--lang', 'en']\n"
        "import mtl_tui.commands.conversation as conversation\n"
        "run = conversation.Conversation.run\n"
        "def said(self):\n"
        "    os.write(2, b'said by a library')\n"
        "    run(self)\n"
        "conversation.Conversation.run = said\n"
        "from mtl_tui.__main__ import main\n"
        "main()"
    )
    subprocess.run(
        [sys.executable, "-P", "-c", code], input="0\n\n", capture_output=True, text=True, timeout=60, check=True
    )
    assert "said by a library" not in (home / "data" / "journal.jsonl").read_text()


def test_a_home_of_nobody_is_taken_as_it_is_written(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTL_TUI_HOME", "~nobody-of-this-name/x")
    assert program("stats").stdout.startswith("Answered: 0")


def test_where_earlier_runs_cannot_be_listed_the_rest_works(program: Program, home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "runs").symlink_to("x" * 300)
    told = program("stats")
    assert (told.returncode, told.stderr, told.stdout[:11]) == (0, "", "Answered: 0")


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


def on_screen(code: str, arguments: list[str], wait: str, press: bytes) -> tuple[int, str]:
    """Run the program in a terminal after some code, press keys once something is shown; its exit code and output."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 160, 0, 0))
    start = f"import sys\n{code}\nsys.argv[1:] = {arguments}\nfrom mtl_tui.__main__ import main\nmain()"
    environment = {**os.environ, "TERM": "xterm-256color"}
    command = [sys.executable, "-P", "-c", start]
    process = subprocess.Popen(command, stdin=there, stdout=there, stderr=there, env=environment)
    os.close(there)
    shown, pressed = b"", False
    try:
        with contextlib.suppress(OSError):
            while select.select([here], [], [], 30)[0]:
                shown += os.read(here, 1 << 16)
                if not pressed and wait.encode() in shown:
                    pressed = True
                    os.write(here, press)
        return process.wait(timeout=10), shown.decode(errors="replace")
    finally:
        process.kill()
        os.close(here)


@pytest.mark.parametrize("worker", [False, True])
def test_fault_on_the_screen_is_one_sentence_once_the_terminal_is_as_it_was(home: Path, worker: bool) -> None:
    fault = "lambda screen: screen.run_worker(fail()) and None" if worker else "lambda screen: 1 / 0"
    code = f"from mtl_tui.app import MtlApp\nasync def fail(): 1 / 0\nMtlApp.do_search = {fault}"
    status, shown = on_screen(code, [], "[1 Home]", b"/")
    log = home / "log" / "mtl-tui.log"
    _, left, after = shown.rpartition("\x1b[?1049l")
    assert status == 70 and left and "Traceback" not in shown
    assert "mtl-tui failed (ZeroDivisionError: division by zero); what you answered is kept." in after
    assert "Traceback" in log.read_text() and "1 / 0" not in after


def test_with_nothing_due_the_program_opens_on_home_and_says_so() -> None:
    status, shown = on_screen("", ["quiz", "--due", "--lang", "en"], "Nothing is due today; a topic", b"q")
    assert status == 0 and "[1 Home]" in shown


def test_reader_that_leaves_early_hears_nothing() -> None:
    command = f"{sys.executable} -P -m mtl_tui bank show listing1-softmax-line | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=True)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_bytes_that_are_no_text_are_no_answer() -> None:
    command = [sys.executable, "-P", "-m", "mtl_tui", "quiz", "--plain", "--topic", "T01", "--lang", "en"]
    done = subprocess.run(command, input=b"\xff\xfe\n", capture_output=True, timeout=60, check=True)
    assert b"Write a number from 1 to 4." in done.stdout
    assert done.stderr == b""
