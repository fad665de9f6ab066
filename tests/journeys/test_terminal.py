"""The whole program in a real pseudo-terminal, keys only: from the first start to a note on disk."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from mtl_tui.store.store import Store
from quizzes.bank import load
from quizzes.grading import GaveUp, shuffle
from quizzes.interview import compose
from quizzes.question import FreeText

DEADLINE_SECONDS = 60.0
PARTS = {"en": ("Introduction", "Body", "Summary", "References"), "zh": ("引言", "正文", "总结", "参考文献")}


KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "ctrl+s": "\x13"}


class Terminal:
    """A program in a pseudo-terminal, and what a person would see of it."""

    def __init__(
        self, home: Path, folder: Path, language: str, columns: int, rows: int, *arguments: str, editor: str = ""
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._primary, secondary = pty.openpty()
        fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {
            **os.environ,
            "MTL_TUI_HOME": str(home),
            "LANG": f"{language}_XX.UTF-8",
            "TERM": "xterm-256color",
            "EDITOR": editor,
        }
        environment = {key: value for key, value in environment.items() if not key.startswith("LC_")}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mtl_tui", *arguments],
            stdin=secondary,
            stdout=secondary,
            stderr=secondary,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        os.close(secondary)

    def text(self) -> str:
        """The screen as text: the blank half of a wide character is not there."""
        return "\n".join(self._screen.display)

    def press(self, *keys: str) -> None:
        """Send keys, each once the one before has been taken."""
        for key in keys:
            os.write(self._primary, KEYS.get(key, key).encode())
            self._listen(0.05)

    def until(self, *wanted: str) -> str:
        """Wait until one of these is on the screen, and return it."""
        end = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < end:
            shown = self.text().replace("\n", "")
            for text in wanted:
                if text in shown or text in self.text():
                    return text
            self._listen(0.1)
        raise AssertionError(f"none of {wanted} appeared:\n{self.text()}")

    def wait(self) -> int:
        """The exit code."""
        end = time.monotonic() + DEADLINE_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            self._listen(0.1)
        return self.process.wait(timeout=1)

    def hang_up(self) -> None:
        """Close the window; the program is in a session without a controlling terminal and gets no signal."""
        os.close(self._primary)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()

    def _listen(self, seconds: float) -> None:
        while select.select([self._primary], [], [], seconds)[0]:
            try:
                data = os.read(self._primary, 1 << 16)
            except OSError:
                return
            if not data:
                return
            self._stream.feed(self._text.decode(data))
            seconds = 0.0


@pytest.fixture(params=[("en", 80, 24), ("zh", 140, 44)], ids=["en-80x24", "zh-140x44"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Terminal, Path]]:
    language, columns, rows = request.param
    folder = tmp_path / "work"
    folder.mkdir()
    terminal = Terminal(tmp_path / "home", folder, language, columns, rows)
    yield language, terminal, folder
    terminal.close()


def test_from_the_first_start_to_a_note(place: tuple[str, Terminal, Path]) -> None:
    language, terminal, folder = place
    say = (lambda en, zh: en) if language == "en" else (lambda en, zh: zh)
    terminal.until(say("Every claim", "每个论断"))
    terminal.press("2")
    terminal.until(say("One topic", "单个主题"))
    bank = load()
    topics = dict.fromkeys(question.topic for question in bank.in_path())
    bug = bank.questions["listing1-softmax-line"]
    reason = next(row for row, index in enumerate(shuffle(bug, 0), start=1) if bug.reasons[index].right)
    terminal.press("j", *("j" for _ in range(list(topics).index("T20"))))
    terminal.press("enter")
    terminal.until("import tensorflow as tf")
    terminal.until(say("hand in", "交卷"))
    time_passes(terminal)
    terminal.press("1", "3", "enter")
    terminal.until(say("Why is it wrong?", "它为什么错"))
    time_passes(terminal)
    terminal.press(str(reason), "enter")
    terminal.until(say("How sure?", "有几成把握"))
    time_passes(terminal)
    terminal.press("3")
    terminal.until(say("Right.", "答对了"))
    terminal.press("t")
    terminal.until("-1.000")
    terminal.press(">", ">", ">", ">")
    terminal.until(say("Seen in this run", "这次看到"))
    terminal.press("enter")
    terminal.until(say("question 2", "第 2 题"))
    terminal.press("q")
    terminal.until(say("[2 Quiz]", "[2 答题]"))
    terminal.press("4")
    terminal.until(say("[4 Notes]", "[4 笔记]"))
    terminal.press("enter")
    terminal.until(say("Written to", "已写到"))
    notes = list((folder / "notes").glob("*.md"))
    assert len(notes) == 1
    note = notes[0].read_text(encoding="utf-8")
    assert note.startswith("# ")
    assert all(f"## {part}" in note for part in PARTS[language])
    assert "-1.000" in note
    terminal.press("q")
    terminal.until(say("[1 Home]", "[1 首页]"))
    terminal.press("q")
    assert terminal.wait() == 0


def time_passes(terminal: Terminal) -> None:
    """Let the guard against double presses (0.3 s) pass: the program's clock is the real one here."""
    end = time.monotonic() + 0.35
    while time.monotonic() < end:
        terminal._listen(0.05)


def test_a_hang_up_keeps_the_answer_and_the_run(place: tuple[str, Terminal, Path]) -> None:
    language, terminal, folder = place
    home = folder.parent / "home"
    terminal.until("mtl-tui")
    terminal.press("2")
    terminal.until("One topic" if language == "en" else "单个主题")
    terminal.press("enter")
    terminal.until("question 1" if language == "en" else "第 1 题")
    time_passes(terminal)
    terminal.press("0")
    terminal.until("Proposed grade 1" if language == "en" else "建议评分 1")
    time_passes(terminal)
    terminal.press("1")
    terminal.until("question 2" if language == "en" else "第 2 题")
    terminal.press("q", "3")
    terminal.until("[3 Lab]" if language == "en" else "[3 实验台]")
    terminal.press("enter")
    terminal.until("t Train" if language == "en" else "t 训练")
    terminal.press("t")
    end = time.monotonic() + DEADLINE_SECONDS
    while not any(path.stat().st_size > 2000 for path in home.glob("data/runs/*/events.jsonl")):
        assert time.monotonic() < end, terminal.text()
        terminal._listen(0.1)
    terminal.process.send_signal(signal.SIGHUP)
    terminal.wait()
    store = Store.open(home / "data")
    assert [(review.answer, review.grade) for review in store.reviews()] == [(GaveUp(), 1)]
    store.close()
    folders = list(home.glob("data/runs/*/events.jsonl"))
    end = time.monotonic() + DEADLINE_SECONDS
    while b'"done"' not in folders[0].read_bytes():
        assert time.monotonic() < end, "the worker did not end its run"
        time_passes(terminal)


def test_an_interview_that_was_killed_goes_on_with_its_words_to_its_report(tmp_path: Path) -> None:
    bank = load()
    rounds = compose(bank.in_path(), 15, ("T01",), seed=1)
    written = next(n for n, each in enumerate(rounds) if isinstance(bank.questions[each.question], FreeText))
    append = tmp_path / "append.py"
    append.write_text("import sys\nopen(sys.argv[1], 'a', encoding='utf-8').write(' 种子也要多个')\n", encoding="utf-8")
    arguments = ("interview", "--minutes", "15", "--topic", "T01", "--seed", "1")
    terminal = Terminal(tmp_path / "home", tmp_path, "zh", 80, 24, *arguments)
    terminal.until("新的一场")
    terminal.press("enter")
    for number in range(1, written + 1):
        terminal.until(f"第 {number} 题")
        time_passes(terminal)
        terminal.press("0")
    terminal.until("你的回答")
    terminal.press(*"权重要扫")
    terminal.until("4 字")
    home = tmp_path / "home"
    end = time.monotonic() + DEADLINE_SECONDS
    while not any("权重要扫" in file.read_text("utf-8") for file in home.glob("data/journal.jsonl")):
        assert time.monotonic() < end, "the draft was not kept at its rest"
        terminal._listen(0.1)
    terminal.close()

    terminal = Terminal(home, tmp_path, "zh", 80, 24, "interview", editor=f"{sys.executable} {append}")
    terminal.until(f"停在第 {written + 1} 题")
    terminal.press("enter")
    terminal.until("权重要扫")
    terminal.press("tab")
    terminal.until("用编辑器写")
    terminal.press("e")
    terminal.until("权重要扫 种子也要多个")
    terminal.press("ctrl+s")
    terminal.until("有几成把握")
    time_passes(terminal)
    terminal.press("3")
    terminal.until("要点，答到")
    time_passes(terminal)
    terminal.press("x", "x")
    terminal.until(f"问到 {written + 1} 题")
    terminal.press("enter")
    terminal.until("已写到")
    (report,) = (tmp_path / "notes").glob("*-interview.md")
    assert "权重要扫 种子也要多个" in report.read_text("utf-8")
    terminal.close()


def test_a_terminal_that_goes_without_a_signal_ends_the_program_and_keeps_the_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal(home, tmp_path, "en", 80, 24, "quiz", "--cram", "--kind", "free_text", "--length", "1")
    terminal.until("Your answer")
    terminal.press(*"seesawing")
    terminal.until("seesawing")
    terminal.hang_up()
    terminal.process.wait(timeout=DEADLINE_SECONDS)
    assert "seesawing" in (home / "data" / "journal.jsonl").read_text("utf-8")


@pytest.mark.parametrize("editor", ["false", "no-such-editor"])
def test_an_editor_that_fails_gives_the_terminal_back_with_a_sentence(tmp_path: Path, editor: str) -> None:
    arguments = ("quiz", "--cram", "--kind", "free_text", "--length", "1")
    terminal = Terminal(tmp_path / "home", tmp_path, "en", 80, 24, *arguments, editor=editor)
    terminal.until("Your answer")
    terminal.press(*"seesaw", "tab")
    terminal.until("e editor")
    terminal.press("e")
    terminal.until("ended with code" if editor == "false" else "cannot be used")
    terminal.press("escape")
    terminal.until("i Mock interview")
    terminal.close()
