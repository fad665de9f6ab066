"""What an answer costs at 1k, 10k and 100k reviews, and opening: ours, SQLite (WAL, synchronous=FULL), JSONStorage.

One run, interleaved: at each size they take turns, an answer each, and a bare line written and synced, whose CPU is
taken off for what is the store's own. CPU is this process's, wall includes the disk. Then what undo costs, the figures
of Home in a store of that size, and when a question would come back after each of the four grades among 10,000 cards.

python tests/benchmarks/store.py [ROUNDS [REVIEWS ...]]
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec
from _report import report
from tinydb import TinyDB

from mtl_tui.config import Settings
from mtl_tui.flows import figures
from mtl_tui.flows.desk import Desk
from mtl_tui.store.store import Review, Store
from quizzes import bank as banks
from quizzes.bank import Bank
from quizzes.grading import Choice
from quizzes.schedule import Card, review

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 400
CARDS = 10_000
STOCK_ROUNDS = 3
START = datetime(2025, 1, 1, 8).astimezone()
Answer = tuple[Review, Card]


def answers(count: int, questions: list[str]) -> list[Answer]:
    """Reviews of these questions in turn, a hundred a day, each with the card after it."""
    cards = [review(None, 3, date(2025, 1, 1) + timedelta(n % QUESTIONS)) for n in range(len(questions))]
    return [
        (
            Review(
                question=questions[n % len(questions)],
                answer=Choice(n % 4),
                right=n % 5 > 0,
                proposed=3,
                grade=3,
                confidence=2,
                seconds=31.5,
                at=START + timedelta(days=n // 100, seconds=60 * (n % 100)),
                language="zh",
            ),
            cards[n % len(questions)],
        )
        for n in range(count)
    ]


def filled_store(folder: Path, given: list[Answer], questions: int) -> Store:
    """A store with these answers to so many questions behind a snapshot, as any start leaves it."""
    folder.mkdir()
    store = Store.open(folder)
    rows = {n: _document(*each) | {"before": None} for n, each in enumerate(given, 1)}
    store.db.storage.write(
        {
            "reviews": rows,
            "cards": {n: {"question": r.question, "card": c} for n, (r, c) in enumerate(given[:questions], 1)},
        }
    )
    for number in range(2_000):
        store.toggle_note("question", str(number % 2))
    store.close()
    return Store.open(folder)


def filled_sqlite(file: Path, given: list[Answer]) -> sqlite3.Connection:
    """The same in two tables."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE reviews (id INTEGER PRIMARY KEY, question TEXT, document TEXT);"
        "CREATE INDEX by_question ON reviews (question);"
        "CREATE TABLE cards (question TEXT PRIMARY KEY, document TEXT);"
    )
    database.execute("BEGIN")
    for each in given:
        _insert(database, *each)
    database.execute("COMMIT")
    return database


def filled_stock(file: Path, given: list[Answer]) -> TinyDB:
    """The same in TinyDB's own file."""
    rows = {str(n): _document(*each) for n, each in enumerate(given, 1)}
    file.write_bytes(msgspec.json.encode({"reviews": rows}))
    return TinyDB(file)


def sqlite_answer(database: sqlite3.Connection, given: Answer) -> None:
    """A review and its card in one transaction, on the disk when it returns."""
    database.execute("BEGIN IMMEDIATE")
    database.execute("SELECT document FROM cards WHERE question = ?", [given[0].question]).fetchone()
    _insert(database, *given)
    database.execute("COMMIT")


def timed(answer: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer(*arguments)
    return time.process_time() - cpu, time.perf_counter() - wall


def bare_append(descriptor: int, line: bytes) -> None:
    """What no program that keeps an answer can save: a line as long, and the disk's word for it."""
    os.write(descriptor, line)
    os.fdatasync(descriptor)


def opening(folder: Path) -> float:
    """CPU seconds to open a store."""
    before = time.process_time()
    Store.open(folder).close()
    return time.process_time() - before


def redraw(desk: Desk) -> None:
    """What Home counts, at its widest."""
    plan = desk.day()
    plan.pace(plan.today())
    plan.ranked()
    desk.store.streak(plan.day)
    desk.store.per_day()
    figures.ahead(plan)
    figures.confidence(desk.store.latest(500))


def intervals(folder: Path, bank: Bank) -> float:
    """CPU seconds for the four grades of a question, the first time apart: it imports FSRS."""
    others = [f"question-{n}" for n in range(CARDS - len(bank.questions))]
    questions = [*bank.questions, *others]
    store = filled_store(folder, answers(CARDS, questions), CARDS)
    session = Desk(Settings(), bank, store).session_of([next(iter(bank.questions))])
    session.outcomes()
    cost = median(timed(session.outcomes)[0] for _ in range(20))
    store.close()
    return cost


def main(rounds: int = 200, *sizes: int) -> bool:
    """Print costs and ratios against their bars."""
    sizes = sizes or SIZES
    bank = banks.load()
    questions = [*bank.questions, *(f"question-{n}" for n in range(QUESTIONS))][:QUESTIONS]
    kept: list[bool] = []
    ours: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as place:
        for size in sizes:
            given = answers(size + rounds, questions)
            before, more = given[:size], given[size:]
            store = filled_store(Path(place, f"ours-{size}"), before, QUESTIONS)
            database = filled_sqlite(Path(place, f"sqlite-{size}"), before)
            stock = filled_stock(Path(place, f"stock-{size}"), before)
            bare = os.open(Path(place, "bare"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            line = Path(place, f"ours-{size}", "journal-0.jsonl").read_bytes()[:700]
            costs: dict[str, list[tuple[float, float]]] = {"ours": [], "sqlite": [], "bare": [], "stock": []}
            for number, (answer, card) in enumerate(more):
                costs["ours"].append(timed(store.record_review, answer, card))
                costs["sqlite"].append(timed(sqlite_answer, database, (answer, card)))
                costs["bare"].append(timed(bare_append, bare, line))
                if number < STOCK_ROUNDS:
                    document = msgspec.to_builtins(_document(answer, card))
                    costs["stock"].append(timed(stock.table("reviews").insert, document))
            desk = Desk(Settings(), bank, store)
            home = median(timed(redraw, desk)[0] for _ in range(10))
            undos = [(timed(store.undo_last)[0], timed(bare_append, bare, line)[0]) for _ in range(rounds)]
            undo = median(cpu for cpu, _ in undos) - median(cpu for _, cpu in undos)
            for each in (store, database, stock):
                each.close()
            os.close(bare)
            ms = {
                f"{name}_{kind}_ms": 1e3 * median(cost[at] for cost in costs[name])
                for name in costs
                for at, kind in enumerate(("cpu", "wall"))
            }
            ours[size] = ms["ours_cpu_ms"] - ms["bare_cpu_ms"]
            kept.append(report(f"own CPU per answer at {size}, ms", ours[size], "<=", 0.2, **ms))
            kept.append(report(f"own CPU per undo at {size}, ms", 1e3 * undo, "<=", 0.2))
            kept.append(report(f"CPU of Home's figures at {size}, ms", 1e3 * home, "<=", 20))
            wall = ms["ours_wall_ms"] / ms["sqlite_wall_ms"]
            kept.append(report(f"wall per answer at {size}, ours to SQLite", wall, "<=", 1.5))
            cpu = min(opening(Path(place, f"ours-{size}")) for _ in range(3))
            kept.append(report(f"CPU to open {size} reviews, ms", 1e3 * cpu, "<=", 250))
        flat = ours[sizes[-1]] / ours[sizes[0]]
        four = intervals(Path(place, "cards"), bank)
        kept.append(report(f"CPU of a question's four intervals at {CARDS} cards, ms", 1e3 * four, "<=", 5))
        kept.append(report(f"own CPU per answer, {sizes[-1]} to {sizes[0]} reviews", flat, "<=", 1.5))
    return all(kept)


def _document(given: Review, after: Card) -> dict[str, object]:
    return {name: getattr(given, name) for name in given.__struct_fields__} | {"after": after}


def _insert(database: sqlite3.Connection, given: Review, card: Card) -> None:
    document = msgspec.json.encode(_document(given, card)).decode()
    database.execute("INSERT INTO reviews (question, document) VALUES (?, ?)", [given.question, document])
    encoded = msgspec.json.encode(card).decode()
    database.execute("INSERT OR REPLACE INTO cards VALUES (?, ?)", [given.question, encoded])


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
