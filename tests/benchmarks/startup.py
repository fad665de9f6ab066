"""CPU of fresh processes: `mtl-tui --help` against a bare click group, the first screen against a plain Textual app.

The first screen is Home with 2,000 stored reviews and 12 indexed runs. Both apps run in a pseudo-terminal of 100x30
and are killed as soon as their page has been written to it.

python tests/benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import datetime
import os
import pty
import random
import select
import statistics
import sys
import tempfile
import termios
from pathlib import Path

from _report import report

from models.pairings import PAIRINGS
from mtl_tui.store.marks import KeptRun
from mtl_tui.store.store import Review, Store
from quizzes import bank, schedule
from quizzes.grading import Choice
from quizzes.question import Text

REVIEWS, RUNS_KEPT = 2_000, 12
HELP_BAR, SCREEN_BAR = 1.5, 1.3
PATIENCE_SECONDS = 60
WINDOW = (30, 100)
DISTURBING = ("PYTHONDONTWRITEBYTECODE", "COLUMNS", "LINES", "NO_COLOR")
PROGRAM = [sys.executable, "-m", "mtl_tui"]

BARE_GROUP = '''
import click

@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option("0.1.0", message="mtl-tui %(version)s")
def cli():
    """Prepare for an interview on multi-task learning: answer, train the models live, take a note away."""

@cli.command()
def quiz():
    """Answer questions, on the screen or line by line."""

@cli.command()
def train():
    """Train a recipe or a pairing and print what happens."""

@cli.command()
def recipes():
    """List the recipes that come with the program, show one."""

@cli.command()
def bank():
    """Check a question bank, show a question."""

@cli.command()
def notes():
    """Write a study note from your answers and runs."""

@cli.command()
def demo():
    """A question, a real training run and a note, by themselves."""

cli()
'''

PLAIN_APP = '''
from textual.app import App
from textual.widgets import DataTable, Footer, Header, Markdown

PAGE = """
# Multi-task learning

A **shared bottom** is one network below all tasks, with a tower for each of them.

- one gate for all tasks: *OMoE*
- a gate for each task: *MMoE*

| metric | of |
|---|---|
| AUC | order |
| log loss | probabilities |

The page ends here.
"""

class Plain(App):
    CSS = "DataTable { height: 10; } Markdown { height: 1fr; }"
    BINDINGS = [("s", "start", "Start"), ("q", "quit", "Quit")]

    def compose(self):
        yield Header()
        yield DataTable()
        yield Markdown(PAGE)
        yield Footer()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("topic", "answered", "right", "due")
        table.add_rows([(f"T{n:02}", n * 7, n * 5, n % 4) for n in range(20)])

Plain().run()
'''


def cpu_of_command(command: list[str], environment: dict[str, str]) -> float:
    """CPU seconds, user and system, of a command that ends by itself."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    return _reap(os.posix_spawn(command[0], command, environment, file_actions=[nowhere]), 0)


def cpu_to_screen(command: list[str], environment: dict[str, str], last_words: bytes) -> float:
    """CPU seconds until `last_words` were written to the terminal. Raises RuntimeError if the command ends first."""
    child, terminal = pty.fork()
    if child == 0:
        termios.tcsetwinsize(0, WINDOW)
        os.execve(command[0], command, environment)
    seen = b""
    try:
        while last_words not in seen:
            if not select.select([terminal], [], [], PATIENCE_SECONDS)[0]:
                raise RuntimeError(f"{command} never drew {last_words!r}: {seen[-500:]!r}")
            seen += os.read(terminal, 1 << 16)
    except OSError as error:
        raise RuntimeError(f"{command} ended before its page: {seen[-500:]!r}") from error
    finally:
        os.kill(child, 9)
        spent = _reap(child, -9)
        os.close(terminal)
    return spent


def _reap(child: int, expected: int) -> float:
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != expected:
        raise RuntimeError(f"a measured process ended with {code}")
    return usage.ru_utime + usage.ru_stime


def keep_reviews(folder: Path) -> None:
    """A store of somebody who has answered for some months."""
    store = Store.open(folder)
    chance = random.Random(1)
    questions = list(bank.load().questions)
    at = datetime.datetime.now().astimezone() - datetime.timedelta(days=120)
    for _ in range(REVIEWS):
        question = chance.choice(questions)
        right = chance.random() < 0.7
        grade = chance.choice((2, 3, 3, 4)) if right else 1
        at += datetime.timedelta(days=120) / REVIEWS
        review = Review(
            question=question,
            answer=Choice(chance.randrange(4)),
            right=right,
            proposed=grade,
            grade=grade,
            confidence=chance.choice((1, 2, 3)),
            seconds=chance.uniform(10, 90),
            at=at,
            language="en",
        )
        store.record_review(review, schedule.review(store.card(question), grade, at.date()))
    names = list(PAIRINGS)
    for run in range(RUNS_KEPT):
        name = names[run % len(names)]
        summary = "A reached 0.842, B 0.839: as expected, the gap is smaller than the spread between seeds."
        at = datetime.datetime(2026, 1, 1, 12, 0, run, tzinfo=datetime.UTC)
        store.add_run(KeptRun(f"20260101-1200{run:02}-{name}-s{run}", name, run, at, True, Text(summary, summary)))
    store.close()


def main(runs: int) -> bool:
    """Alternate the two of each pair and print the ratios of the medians."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        keep_reviews(home / "data")
        (home / "config.toml").write_text('language = "en"\n')
        group, plain = home / "group.py", home / "plain.py"
        group.write_text(BARE_GROUP)
        plain.write_text(PLAIN_APP)
        inherited = {key: value for key, value in os.environ.items() if key not in DISTURBING}
        environment = {**inherited, "MTL_TUI_HOME": name, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        help_, bare = [*PROGRAM, "--help"], [sys.executable, str(group), "--help"]
        plain_app = [sys.executable, str(plain)]
        cpu_of_command(help_, environment)
        cpu_to_screen(PROGRAM, environment, b"Streak")
        times = [
            (
                cpu_of_command(help_, environment),
                cpu_of_command(bare, environment),
                cpu_to_screen(PROGRAM, environment, b"Streak"),
                cpu_to_screen(plain_app, environment, b"The page ends here."),
            )
            for _ in range(runs)
        ]
    ours, theirs, home_screen, plain_screen = map(statistics.median, zip(*times, strict=True))
    kept = [
        report("help / bare click group", ours / theirs, "<=", HELP_BAR, ours_ms=ours * 1e3, click_ms=theirs * 1e3),
        report(
            "first screen / plain Textual app",
            home_screen / plain_screen,
            "<=",
            SCREEN_BAR,
            ours_ms=home_screen * 1e3,
            textual_ms=plain_screen * 1e3,
        ),
    ]
    return all(kept)


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
