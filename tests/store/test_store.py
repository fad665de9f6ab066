"""What a person did survives, can be undone and adds up."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from tinydb import Query

from mtl_tui.config import Settings
from mtl_tui.flows.today import DayPlan
from mtl_tui.store import exchange
from mtl_tui.store.store import Store
from quizzes.bank import load
from quizzes.grading import Choice
from tests.store.answers import DAY, ROOT, answer, ran, rate


@pytest.fixture
def store(tmp_path):
    with_store = Store.open(tmp_path)
    yield with_store
    with_store.close()


def test_reviews_cards_runs_and_notes_are_there_after_reopening(store, tmp_path):
    first = rate(store)
    second = rate(store, day=first.due)
    store.add_run(ran("run-1"))
    store.add_run(ran("run-2"))
    assert store.toggle_note("question", "q") and store.toggle_note("run", "run-1")
    assert not store.toggle_note("question", "q")
    store.close()

    again = Store.open(tmp_path)
    assert [(kept.before, kept.after, kept.answer) for kept in again.reviews("q")] == [
        (None, first, Choice(1)),
        (first, second, Choice(1)),
    ]
    assert again.card("q") == second
    assert [each.run for each in again.runs()] == ["run-2", "run-1"]
    assert (again.in_note("question"), again.in_note("run")) == ([], ["run-1"])
    assert (again.reports, again.pending) == ([], 0)
    again.close()


def test_undo_goes_back_to_the_start_across_reopening_and_no_id_comes_twice(store, tmp_path):
    cards = [None, *(rate(store, day=DAY + timedelta(40 * day)) for day in range(4))]
    store.close()
    for expected in reversed(cards[:-1]):
        again = Store.open(tmp_path)
        undone = again.undo_last()
        assert undone is not None and undone.after == cards.pop()
        assert again.card("q") == expected
        rate(again, "other")
        assert again.last_review("other").id > undone.id
        assert again.undo_last().question == "other"
        again.close()
    last = Store.open(tmp_path)
    assert last.undo_last() is None
    assert last.card("q") is None and last.reviews() == [] and last.last_review("q") is None
    last.close()


def test_an_answer_outside_the_schedule_leaves_the_question_new(store):
    store.record_review(answer(), None)
    assert store.card("q") is None and len(store.reviews()) == 1
    store.undo_last()
    assert store.reviews() == []


def test_the_reviews_of_a_day_are_found_behind_those_of_a_day_further_west(store):
    """Tokyo on the 25th, Los Angeles on the 24th, then again the 25th: the new questions of that day are done."""
    for question, day in [("a", 25), ("b", 24), ("c", 25)]:
        rate(store, question, DAY.replace(day=day))
    assert [each.question for each in store.reviews_on(DAY.replace(day=25))] == ["a", "c"]
    settings = Settings(new_per_day=3)
    assert len(DayPlan(load(), store, settings, DAY.replace(day=25)).today().new) == 1
    store.undo_last()
    assert [each.question for each in store.reviews_on(DAY.replace(day=25))] == ["a"]
    assert store.reviews_on(DAY.replace(day=26)) == []


def test_figures_for_home(store):
    for day, right in [(0, True), (1, False), (2, True), (4, True), (5, True)]:
        rate(store, "a", DAY + timedelta(day), right)
    rate(store, "b", DAY + timedelta(5))
    rate(store, "unknown", DAY + timedelta(5))
    assert store.answered({"a": "T01", "b": "T02", "c": "T03"}) == {"T01": (4, 5), "T02": (1, 1)}
    assert store.per_day()[DAY + timedelta(5)] == 3
    assert store.streak(DAY + timedelta(5)) == store.streak(DAY + timedelta(6)) == (2, 3)
    assert store.streak(DAY + timedelta(7)) == (0, 3)
    assert set(store.cards()) == {"a", "b", "unknown"}


def figures(store: Store) -> tuple[object, ...]:
    topics = {"a": "T01", "b": "T02"}
    return store.reviews(), store.cards(), store.per_day(), store.due_per_day(), store.answered(topics)


def test_answers_of_an_earlier_moment_come_in_before_the_later_ones(store, tmp_path, monkeypatch):
    earlier = Store.open(tmp_path / "elsewhere")
    with monkeypatch.context() as patch:
        patch.setattr("mtl_tui.store.store.time.time_ns", lambda: 1_000_000)
        rate(earlier, "a", DAY - timedelta(9))
        rate(earlier, "b", DAY - timedelta(9), right=False)
    rate(store, "a")
    rate(store, "b", DAY + timedelta(1), right=False)
    exchange.merge(store, exchange.dump(earlier))
    earlier.close()
    assert [(each.question, (each.at.date() - DAY).days) for each in store.reviews()] == [
        ("a", -9),
        ("b", -9),
        ("a", 0),
        ("b", 1),
    ]
    assert store.latest(0) == [] and store.latest(3) == store.reviews()[1:]
    assert store.last_review("a") == store.reviews("a")[-1] == store.reviews()[2]
    assert store.answered({"a": "T01", "b": "T02"}) == {"T01": (2, 2), "T02": (0, 2)}
    for left in (3, 2, 1, 0):
        counted = Store.open(tmp_path)
        assert figures(counted) == figures(store)
        counted.close()
        assert store.undo_last() is not None and len(store.reviews()) == left
    assert (store.per_day(), store.due_per_day(), store.answered({"a": "T01"})) == ({}, {}, {})


def test_the_tinydb_interface_reads_copies_and_writes_to_the_journal(store, tmp_path):
    rate(store, "a")
    reviews = store.db.table("reviews")
    assert reviews.search(Query().question == "a")[0]["seconds"] == 12.5
    reviews.all()[0]["answer"]["index"] = 99
    assert reviews.all()[0]["answer"]["index"] == 1
    rate(store, "b", right=False)
    assert [document["question"] for document in reviews.search(Query().right == False)] == ["b"]  # noqa: E712

    runs = store.db.table("runs")
    one = runs.insert({"run": "one"})
    two = runs.insert({"run": "two"})
    runs.update({"pinned": True}, doc_ids=[one])
    runs.remove(doc_ids=[two])
    assert runs.insert({"run": "three"}) > two
    store.close()
    again = Store.open(tmp_path)
    assert [dict(run) for run in again.db.table("runs").all()] == [{"run": "one", "pinned": True}, {"run": "three"}]
    assert again.db.table("runs").get(doc_id=one) == {"run": "one", "pinned": True}
    again.close()


def test_two_programs_see_each_other(tmp_path):
    here, there = Store.open(tmp_path), Store.open(tmp_path)
    card = rate(here)
    assert there.card("q") == card
    rate(there, day=card.due)
    undone = here.undo_last()
    assert undone is not None and undone.before == card
    there.refresh()
    assert there.card("q") == card and len(there.reviews()) == 1
    here.close(), there.close()


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, ".")
from tests.store.answers import rate
from mtl_tui.store.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    question = f"{sys.argv[2]}-{number}"
    rate(store, question)
    print(question, flush=True)
"""


def child(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(folder), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_writing_at_once_lose_nothing(tmp_path):
    children = [child(tmp_path, name, 40) for name in "ab"]
    for process in children:
        assert process.communicate()[0].count("\n") == 40 and process.returncode == 0
    store = Store.open(tmp_path)
    assert {kept.question for kept in store.reviews()} == {f"{name}-{n}" for name in "ab" for n in range(40)}
    assert len(store.cards()) == 80 and store.reports == []
    store.close()


def test_reviews_of_the_same_moment_in_two_programs_are_both_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("mtl_tui.store.store.time.time_ns", lambda: 1_000)
    stores = [Store.open(tmp_path), Store.open(tmp_path)]

    def write(number: int) -> set[int]:
        return {stores[number].record_review(answer(f"{number}-{n}"), None) for n in range(150)}

    with ThreadPoolExecutor() as pool:
        first, second = pool.map(write, (0, 1))
    assert not first & second
    reopened = Store.open(tmp_path)
    assert {review.id for review in reopened.reviews()} == first | second
    for each in (*stores, reopened):
        each.close()


def test_twenty_kills_of_programs_that_answer_and_undo_lose_nothing():
    done = subprocess.run([sys.executable, "tests/soak/store.py", "10"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("20 kills"), done.stderr


def test_opening_imports_neither_the_scheduler_nor_yaml(store, tmp_path):
    rate(store)
    code = f"""
import sys
from datetime import date
from pathlib import Path
from mtl_tui.store.store import Store
from quizzes.schedule import due
assert due(Store.open(Path({str(tmp_path)!r})).cards(), date(2030, 1, 1)) == ["q"]
print([name for name in ("fsrs", "yaml", "textual", "torch", "numpy") if name in sys.modules])
"""
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "[]\n"


class Marker(msgspec.Struct, frozen=True):
    until: date
    words: tuple[str, ...] = ()


def test_what_is_kept_under_a_name_survives_and_is_replaced(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.keep("buried", "mmoe-one-gate", Marker(date(2026, 1, 2)))
    store.keep("buried", "mmoe-one-gate", Marker(date(2026, 1, 3), ("门",)))
    store.keep("buried", "other", Marker(date(2026, 1, 4)))
    store.forget("buried", "other")
    store.close()
    again = Store.open(tmp_path)
    assert again.kept("buried", Marker) == {"mmoe-one-gate": Marker(date(2026, 1, 3), ("门",))}
    assert again.kept("nothing", Marker) == {}
    again.close()
