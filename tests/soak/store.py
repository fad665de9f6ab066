"""Kill two programs that answer and undo in one store, again and again, while its journal is compacted on each start.

Nothing acknowledged may be lost, nothing undone may come back, and a review and its card change together.

python tests/soak/store.py [RUNS [SEED]]
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from mtl_tui.store import files, journal  # noqa: E402
from mtl_tui.store.store import FILE, Store  # noqa: E402
from quizzes import schedule  # noqa: E402
from tests.store.answers import DAY, answer  # noqa: E402

LONG = 40
"""Lines from which on a journal is compacted: most starts do."""


def answering(folder: Path) -> None:
    """Answer and undo until killed; say what is about to be done, and what is done once it is acknowledged."""
    store = Store.open(folder)
    for number in range(1_000_000):
        question = f"q{number % 7}"
        id = store.record_review(answer(question), schedule.review(store.card(question), 3, DAY))
        print("answered", id, flush=True)
        if number % 3 == 2:
            print("undoing", flush=True)
            if undone := store.undo_last():
                print("undone", undone.id, flush=True)


def killed(folder: Path, wait: float) -> list[list[list[str]]]:
    """What each of two programs said before it was killed, by whole lines."""
    command = [sys.executable, __file__, "answer", str(folder)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = []
    for program in programs:
        assert program.stdout is not None
        said.append(program.stdout.readline())
    time.sleep(wait)
    for program in programs:
        program.kill()
    for at, program in enumerate(programs):
        assert program.stdout is not None
        said[at] += program.stdout.read()
        assert program.wait() == -signal.SIGKILL
        program.stdout.close()
    return [[line.split() for line in each.split("\n")[:-1]] for each in said]


def main(runs: int = 200, seed: int = 0) -> None:
    """Print what was counted; an AssertionError is a loss."""
    journal.LONG = LONG
    moments = random.Random(seed)
    answered: set[int] = set()
    undone: set[int] = set()
    between = begun = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for _ in range(runs):
            for said in killed(folder, moments.uniform(0, 0.12)):
                answered |= {int(line[1]) for line in said if line[0] == "answered"}
                undone |= {int(line[1]) for line in said if line[0] == "undone"}
                between += said[-1:] == [["undoing"]]
                begun += 1
            store = Store.open(folder)
            kept = {review.id for review in store.reviews()}
            assert not kept & undone, "what was undone came back"
            assert len(answered - undone - kept) <= between, "an acknowledged answer was lost"
            assert len(kept - answered) <= begun, "an answer came from nowhere"
            for question in {review.question for review in store.reviews()} | set(store.cards()):
                reviews = store.reviews(question)
                assert store.card(question) == (reviews[-1].after if reviews else None), "half an answer"
                assert all(a.after == b.before for a, b in pairwise(reviews)), "half an answer"
            store.close()
        compactions = max([0, *files.snapshots(folder)])
        size = (folder / FILE).stat().st_size
    print(f"{2 * runs} kills, {len(answered)} answers and {len(undone)} undos acknowledged, {compactions} compactions")
    assert compactions > 0 or runs < 5, size


if __name__ == "__main__":
    if sys.argv[1:2] == ["answer"]:
        journal.LONG = LONG
        answering(Path(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
