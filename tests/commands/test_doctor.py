"""The doctor asks the terminal where its cursor went, and says what to change."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios

import pytest


def test_a_damaged_copy_is_named_as_a_spare_that_can_be_deleted(program, home) -> None:
    program("quiz", "--plain", "--topic", "T01", "--length", "1", "--lang", "en", written="0\n\n")
    copy = home / "data" / "copies" / "2026-01-01"
    copy.mkdir(parents=True)
    (copy / "journal.jsonl").write_text("no journal\n")
    done = program("doctor", "--lang", "en")
    assert done.returncode == 1 and "Run mtl-tui doctor" not in done.stdout
    assert f"{copy} is damaged, but only a spare: delete it" in done.stdout and "Every line is whole" in done.stdout
    shutil.rmtree(copy)
    assert program("doctor", "--lang", "en").returncode == 0


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ((2, 3), ["A box character is one cell wide.", "A Chinese character is two cells wide."]),
        ((3, 2), ["A box character is 2 cells wide: set", "A Chinese character is 1 cells wide, not two"]),
    ],
)
def test_widths_are_those_that_the_terminal_answers(home, columns, expected) -> None:
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment = inherited | {"TERM": "xterm-256color"}
    command = [sys.executable, "-P", "-m", "mtl_tui", "doctor", "--lang", "en"]
    program = subprocess.Popen(command, stdin=there, stdout=there, stderr=there, env=environment)
    os.close(there)
    written, answers = b"", list(columns)
    while True:
        assert select.select([here], [], [], 60)[0], written
        try:
            written += os.read(here, 4096)
        except OSError:
            break
        while answers and written.count(b"\x1b[6n") > len(columns) - len(answers):
            os.write(here, b"\x1b[1;%dR" % answers.pop(0))
    os.close(here)
    program.wait(timeout=60)
    shown = written.decode()
    assert all(sentence in shown for sentence in [*expected, "The window is 100x30", "torch "])
    assert ("amiss:" in shown) == (program.returncode == 1) == (columns != (2, 3))
