"""A long journal becomes a snapshot: nothing is lost on the way, in this program or in another, whenever it stops."""

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from mtl_tui.store import files, journal
from mtl_tui.store.errors import StoreError
from mtl_tui.store.store import FILE, Store
from tests.store.answers import ROOT, ran, rate


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(journal, "LONG", 5)


def contents(store: Store) -> tuple[object, ...]:
    return store.reviews(), store.cards(), store.runs(), store.in_note("question")


def filled(folder: Path, count: int = 8) -> tuple[object, ...]:
    """Leave a journal that the next opening compacts, and return what is in it."""
    store = Store.open(folder)
    store.toggle_note("question", "q1")
    store.add_run(ran("run-1"))
    for number in range(count):
        rate(store, f"q{number % 3}", date(2025, 1, 1) + timedelta(number))
    found = contents(store)
    store.close()
    return found


def opened(folder: Path) -> tuple[object, ...]:
    store = Store.open(folder)
    found = contents(store)
    assert store.reports == []
    store.close()
    return found


def test_the_tables_are_the_same_after_each_compaction_and_its_pair_gives_them_too(tmp_path):
    before = filled(tmp_path)
    for number in (1, 2, 3):
        old = (tmp_path / FILE).read_bytes()
        assert opened(tmp_path) == before
        assert (tmp_path / FILE).read_bytes().count(b"\n") == 1
        pair = {f"snapshot-{number}", f"journal-{number - 1}.jsonl"} | ({f"snapshot-{number - 1}"} - {"snapshot-0"})
        assert {file.name for file in tmp_path.iterdir() if file.is_file()} == {FILE, *pair}
        assert (tmp_path / f"journal-{number - 1}.jsonl").read_bytes() == old

        restored = tmp_path / f"restored-{number}"
        restored.mkdir()
        for name in pair - {f"journal-{number - 1}.jsonl"}:
            shutil.copy(tmp_path / name, restored)
        shutil.copy(tmp_path / f"journal-{number - 1}.jsonl", restored / FILE)
        assert opened(restored) == before
        shutil.rmtree(restored)
        before = filled(tmp_path)


def test_no_id_comes_twice_and_undo_goes_on_behind_a_snapshot(tmp_path):
    filled(tmp_path)
    store = Store.open(tmp_path)
    undone = [store.undo_last() for _ in range(8)]
    assert store.undo_last() is None and store.cards() == {}
    for number in range(6):
        store.toggle_note("question", str(number))
    store.close()
    store = Store.open(tmp_path)
    assert (tmp_path / "snapshot-2").exists()
    rate(store)
    assert store.last_review("q").id > max(review.id for review in undone if review)
    store.close()


def test_another_program_goes_on_in_the_new_journal(tmp_path):
    filled(tmp_path, 2)
    there = Store.open(tmp_path)
    for number in range(6):
        rate(there, f"there-{number}")
    here = Store.open(tmp_path)
    assert (tmp_path / "snapshot-1").exists()
    rate(there, "after")
    rate(here, "here")
    there.refresh()
    assert contents(here)[1] == contents(there)[1] and {"after", "here", "there-0"} <= set(here.cards())
    assert here.undo_last().question == "here"
    there.refresh()
    assert contents(here) == contents(there) == opened(tmp_path)
    here.close(), there.close()


def test_a_journal_replaced_on_the_disk_is_read_and_what_waits_is_written_to_it(tmp_path):
    filled(tmp_path, 1)
    shutil.copy(tmp_path / FILE, tmp_path / "older")
    store = Store.open(tmp_path)
    rate(store, "newer")
    (tmp_path / FILE).rename(tmp_path / "away")
    rate(store, "waiting")
    assert store.pending == 1 and not (tmp_path / FILE).exists()
    assert str(tmp_path / FILE) in store.reports[0].zh
    store.reports.clear()
    (tmp_path / "older").rename(tmp_path / FILE)
    store.retry()
    assert store.pending == 0 and set(store.cards()) == {"q0", "waiting"}
    assert contents(store) == opened(tmp_path)
    store.close()


@pytest.mark.parametrize("part", ["head", "document", "gone", "another"])
def test_a_damaged_snapshot_is_refused_with_its_position(tmp_path, part):
    filled(tmp_path)
    opened(tmp_path)
    file = tmp_path / "snapshot-1"
    content = bytearray(file.read_bytes())
    start = content.index(b"\n") + 1
    content[{"head": 30, "document": -9}.get(part, 0)] ^= 1
    file.write_bytes(content)
    if part == "gone":
        file.unlink()
    if part == "another":
        other = tmp_path / "other"
        filled(other)
        opened(other)
        shutil.copy(other / "snapshot-1", file)
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path)
    assert caught.value.file == file and str(file) in caught.value.message.zh
    assert (caught.value.line == 1) == (part != "document") and (caught.value.position >= start) == (part == "document")
    assert part == "gone" or part == "another" or file.read_bytes() == content


@pytest.mark.parametrize(("old", "new"), [(b'{"question', b'["question'), (b"listed", b"misted"), (b"}\n", b"} ")])
def test_a_damaged_document_is_told_by_its_line_or_by_the_lines_of_its_table(tmp_path, old, new):
    store = Store.open(tmp_path)
    for name in ("first", "listed", "last"):
        rate(store, name)
        store.toggle_note("question", name)
    store.close()
    opened(tmp_path)
    file = tmp_path / "snapshot-1"
    lines = file.read_bytes().splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines, 1) if line.startswith(b'{"question"') and b"listed" in line)
    same = [n for n, line in enumerate(lines, 1) if line.startswith(b'{"question"') and b"answer" in line]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    file.write_bytes(b"".join(lines))
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path)
    told = f"{number}" if new != b"misted" else f"{same[0]}-{same[-1]}"
    assert number in same and len(same) == 3
    assert f"{file}:{told}：" in caught.value.message.zh and f"{file}:{told}: " in caught.value.message.en
    assert caught.value.position == sum(map(len, lines[: caught.value.line - 1]))


KILL_AT_EACH_STEP = """
import os, shutil, signal, sys
from itertools import count
from pathlib import Path
sys.path.insert(0, ".")
from mtl_tui.store import journal
journal.LONG = 5
from tests.store.test_compaction import contents, filled
from mtl_tui.store.store import Store

def kill_at(step):
    left = iter(range(step))
    def hook(event, _):
        if event in ("open", "os.rename", "os.link", "os.remove", "shutil.copyfile", "os.mkdir", "os.rmdir"):
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

folder = Path(sys.argv[1])
filled(folder / "start")
Store.open(folder / "start").close()
expected = filled(folder / "start")
for step in count():
    one = folder / str(step)
    shutil.copytree(folder / "start", one)
    child = os.fork()
    if not child:
        kill_at(step)
        Store.open(one)
        os._exit(0)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    store = Store.open(one)
    assert contents(store) == expected and store.reports == [], step
    store.close()
    if not killed:
        break
    assert killed == -signal.SIGKILL
print(step)
"""


def test_killed_at_any_step_of_a_compaction_one_whole_pair_is_left(tmp_path):
    command = [sys.executable, "-c", KILL_AT_EACH_STEP, str(tmp_path)]
    steps = int(subprocess.check_output(command, cwd=ROOT, text=True))
    assert steps > 10


def test_a_copy_is_kept_each_week_and_eight_stay(tmp_path):
    expected = filled(tmp_path)
    Store.open(tmp_path).close()
    shutil.rmtree(tmp_path / files.COPIES)
    ahead = tmp_path / files.COPIES / "2099-01-01"
    ahead.mkdir(parents=True)
    for day in range(0, 70, 2):
        files.copy_weekly(tmp_path / FILE, 1, date(2025, 1, 1) + timedelta(day))
    ahead.rmdir()
    days = sorted(each.name for each in (tmp_path / files.COPIES).iterdir())
    assert len(days) == 8 and days[-1] == "2025-03-06" and days[0] == "2025-01-09"
    assert opened(tmp_path / files.COPIES / days[0]) == expected
