"""The doctor finds what is wrong, and has back what can be had; an export opens in TinyDB as it is."""

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner
from tinydb import TinyDB

from mtl_tui.commands import cli
from mtl_tui.store import files, journal
from mtl_tui.store.check import check, repair
from mtl_tui.store.errors import StoreError
from mtl_tui.store.store import FILE, Store, key_of
from tests.store.answers import ran, rate
from tests.store.test_compaction import contents, filled, opened

NOON = datetime(2025, 11, 24, 12)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("MTL_TUI_HOME", str(tmp_path))
    monkeypatch.setattr(journal, "LONG", 5)
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*arguments, "--lang", "en"])
    return result.exit_code, result.output


def test_the_doctor_names_a_damaged_line_and_repair_keeps_every_other(data):
    store = Store.open(data)
    for name in "abcd":
        rate(store, name)
    store.close()
    file = data / FILE
    lines = file.read_bytes().splitlines(keepends=True)
    torn = lines[3][:50]
    damaged = lines[0] + lines[1].replace(b"right", b"wrong") + lines[2] + torn
    file.write_bytes(damaged)

    code, output = run("doctor")
    assert code == 1 and f"{file}:2: the line at byte {len(lines[0])} is damaged" in output
    assert f"{file}:4: the last line was cut short (50 bytes" in output
    assert file.read_bytes() == damaged

    code, output = run("doctor", "--repair")
    assert code == 0 and "answers: 2, cards: 2" in output
    (copy,) = data.glob("before-repair-*")
    assert (copy / FILE).read_bytes() == damaged and str(copy) in output
    (aside,) = data.glob("journal.damaged-*")
    assert aside.read_bytes() == lines[1].replace(b"right", b"wrong") + torn + b"\n"
    assert set(opened(data)[1]) == {"a", "c"}


def test_the_doctor_changes_nothing_of_a_journal_that_the_next_start_compacts(data):
    filled(data)
    before = {file.name: file.read_bytes() for file in data.iterdir()}
    assert run("doctor")[0] == 0
    assert {file.name: file.read_bytes() for file in data.iterdir()} == before


@pytest.mark.parametrize("kept", ["pair", "copy"])
def test_a_damaged_snapshot_is_had_back_as_it_was(data, kept):
    filled(data)
    expected = opened(data)
    file = data / "snapshot-1"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    if kept == "pair":
        shutil.rmtree(data / "copies")
    else:
        (data / "journal-0.jsonl").unlink()
    assert [fault.kind for fault in check(data / FILE)] == ["snapshot"]
    assert repair(data / FILE, NOON).files == [file]
    assert file.read_bytes() == whole and opened(data) == expected


def test_a_lost_first_line_is_found_again_and_a_snapshot_beyond_repair_changes_nothing(data):
    filled(data)
    store = Store.open(data)
    rate(store, "late")
    expected = contents(store)
    store.close()
    file = data / FILE
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"snapshot", b"snapshut"))
    repair(file, NOON)
    assert file.read_bytes() == whole and opened(data) == expected

    for each in [*data.glob("journal-*.jsonl"), *data.glob("copies/*/snapshot-1"), data / "snapshot-1"]:
        each.unlink()
    before = sorted(data.iterdir())
    with pytest.raises(StoreError, match="cannot be made again"):
        repair(file, NOON)
    assert sorted(data.iterdir()) == before and file.read_bytes() == whole


def told(data: Path) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(data)
    return str(caught.value)


def test_a_journal_gone_empty_or_torn_in_its_first_line_is_no_new_beginning_beside_a_snapshot(data):
    filled(data)
    expected = opened(data)
    file = data / FILE
    whole = file.read_bytes()
    for cut in (None, *range(len(whole))):
        file.unlink() if cut is None else file.write_bytes(whole[:cut])
        before = {each.name: each.read_bytes() for each in data.iterdir() if each.is_file()}
        assert f"{file}:1: the first line is gone, but {data / 'snapshot-1'}" in told(data)
        assert [fault.kind for fault in check(file)] == ["damaged"]
        assert {each.name: each.read_bytes() for each in data.iterdir() if each.is_file()} == before
        assert repair(file, NOON + timedelta(seconds=-1 if cut is None else cut)).files == [file]
        assert file.read_bytes() == whole and opened(data) == expected
    file.unlink()
    code, output = run("doctor")
    assert code == 1 and "the first line is gone" in output and "No answer" not in output
    assert "answers: 8, cards: 3" in run("doctor", "--repair")[1]


@pytest.mark.parametrize("newline", [0, 1, 2, 3])
def test_two_lines_that_a_damaged_byte_made_one_are_both_kept(data, newline):
    filled(data)
    opened(data)
    store = Store.open(data)
    for name in "abc":
        rate(store, name)
    expected = contents(store)
    store.close()
    file = data / FILE
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    damaged = b"".join(line[:-1] + b"\x0b" if n == newline else line for n, line in enumerate(lines))
    file.write_bytes(damaged)
    repair(file, NOON)
    assert file.read_bytes() == whole and opened(data) == expected


def test_a_repair_that_waited_for_a_journal_repairs_the_one_in_its_place(data, monkeypatch):
    store = Store.open(data)
    rate(store, "a")
    file = data / FILE
    whole = file.read_bytes()
    file.write_bytes(whole + whole.replace(b"right", b"wrong"))
    locked = []

    def flock(held: BinaryIO, how: int) -> None:
        if not locked:
            files.replace_file(file, [file.read_bytes()])
        locked.append(os.fstat(held.fileno()).st_ino)

    with monkeypatch.context() as patch:
        patch.setattr("mtl_tui.store.check.fcntl.flock", flock)
        ino = file.stat().st_ino
        repair(file, NOON)
    assert locked[0] == ino != locked[-1] and len(locked) == 2 and file.read_bytes() == whole
    store.close()


def test_of_a_damaged_snapshot_without_a_backup_every_other_document_is_kept(data):
    filled(data)
    reviews, cards, runs, note = opened(data)
    store = Store.open(data)
    rate(store, "late")
    late = store.last_review("late")
    store.close()
    shutil.rmtree(data / "copies")
    (data / "journal-0.jsonl").unlink()
    file = data / "snapshot-1"
    file.write_bytes(file.read_bytes().replace(b'"question":"q1"', b'"question":"q1,', 1))

    code, output = run("doctor", "--repair")
    assert code == 0 and "Set aside, damaged lines: 1" in output and "answers: 8, cards: 4" in output
    (aside,) = data.glob("journal.damaged-*")
    assert aside.read_bytes().startswith(b'{"question":"q1,') and aside.read_bytes().count(b"\n") == 1
    left = opened(data)
    lost = next(review for review in reviews if review.question == "q1")
    assert left[0] == [review for review in [*reviews, late] if review != lost]
    assert left[1] == cards | {"late": late.after} and left[2:] == (runs, note)


@pytest.mark.parametrize("ops", [b'[["bogus",1]]', b'{"a":1}', b'[["put","reviews",1,5]]', b'[["put","cards",1,{}]]'])
def test_a_whole_line_that_says_nonsense_is_refused_with_its_place_and_set_aside(data, ops):
    store = Store.open(data)
    rate(store, "a")
    store.close()
    file = data / FILE
    first = file.read_bytes()
    file.write_bytes(first + journal.line_of(ops, journal.TRANSACTION) + first.replace(b"x", b"x"))
    with pytest.raises(StoreError, match=f":2: the line at byte {len(first)} is damaged"):
        Store.open(data)
    assert f"{file}:2: the line at byte {len(first)} is damaged" in run("doctor")[1]
    assert run("doctor", "--repair")[0] == 0
    assert set(opened(data)[1]) == {"a"}


def test_what_is_in_the_way_of_the_answers_is_named_with_a_remedy(data, monkeypatch, tmp_path):
    os.mkfifo(data / FILE)
    code, output = run("stats")
    assert code == 1 and output.endswith(
        f"{data / FILE} cannot be read (not a file), and the answers are in it; no file was changed. "
        "Make it readable, then start again.\n"
    )
    assert f"{data / FILE} cannot be read" in run("doctor")[1]
    monkeypatch.setenv("MTL_TUI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").write_text("a file")
    assert "set MTL_TUI_HOME to another folder" in run("doctor")[1]


def test_the_torch_that_is_checked_is_not_a_file_of_the_folder_the_doctor_is_run_in(data, monkeypatch, tmp_path):
    (tmp_path / "torch.py").write_text("__version__ = 'from here'")
    monkeypatch.chdir(tmp_path)
    assert "from here" not in run("doctor")[1]


def test_an_export_opens_in_tinydb_and_comes_back_the_same(data, tmp_path):
    expected = filled(data)
    file = tmp_path / "all.json"
    assert run("store", "export", str(file))[0] == 0
    stock = TinyDB(file)
    assert len(stock.table("reviews")) == 8 and len(stock.table("cards")) == 3
    stock.close()
    code, output = run("store", "export", str(file))
    assert code == 2 and "there already" in output

    code, output = run("store", "import", str(file))
    assert code == 2 and "--merge" in output
    shutil.rmtree(data)
    assert run("store", "import", str(file)) == (
        0,
        "Added: 13; the same already: 0; different, left as they were: 0\n",
    )
    assert opened(data) == expected


def test_a_dash_is_standard_output_and_input(data, tmp_path, monkeypatch):
    expected = filled(data)
    monkeypatch.chdir(tmp_path)
    code, output = run("store", "export", "-")
    assert (code, output, list(tmp_path.glob("-"))) == (0, run("store", "export")[1], [])
    shutil.rmtree(data)
    done = CliRunner().invoke(cli, ["store", "import", "-"], input=output)
    assert done.output == "Added: 13; the same already: 0; different, left as they were: 0\n"
    assert opened(data) == expected


def test_merging_adds_what_is_missing_and_the_card_reviewed_last_stays(data, tmp_path):
    store = Store.open(data)
    first = rate(store)
    store.close()
    file = tmp_path / "all.json"
    run("store", "export", str(file))
    store = Store.open(data)
    second = rate(store, day=first.due)
    rate(store, "here")
    store.close()
    code, output = run("store", "import", str(file), "--merge")
    assert (code, output) == (0, "Added: 0; the same already: 1; different, left as they were: 1\n")
    shutil.rmtree(data)
    store = Store.open(data)
    rate(store, "there")
    store.close()
    assert run("store", "import", str(file), "--merge")[1].startswith("Added: 2;")
    _, cards, *_ = opened(data)
    assert set(cards) == {"q", "there"} and cards["q"] == first != second


def test_an_export_that_an_editor_has_laid_out_comes_back_in_its_order(data, tmp_path):
    store = Store.open(data)
    for name in "dab":
        store.add_run(ran(f"run-{name}"))
        store.toggle_note("question", name)
    rate(store, "q")
    expected = contents(store)
    store.close()
    file = tmp_path / "all.json"
    run("store", "export", str(file))
    laid_out = json.dumps(json.loads(file.read_bytes()), indent=4)
    file.write_text(laid_out, encoding="utf-8-sig")
    shutil.rmtree(data)
    assert run("store", "import", str(file))[0] == 0
    assert opened(data) == expected


def named(table: str, value: object) -> bytes:
    return json.dumps({table: {str(key_of("a")): {"name": "a", "value": value}}}).encode()


def card(id: int, **changed: object) -> bytes:
    state = {"due": "2025-01-02", "last_review": "2025-01-01", "stability": 1, "difficulty": 5, "reps": 1, "lapses": 0}
    return json.dumps({"cards": {str(id): {"question": "a", "card": state | changed}}}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"reviews":{"1":{"question":"a"}}}',
        b'{"runs":{"x":{}}}',
        json.dumps({"runs": {str(key_of("r")): {"run": "r"}}}).encode(),
        b"\xff",
        b'{"others":{"1":{}}}',
        b'{"notes":{"1":{"kind":"question"}}}',
        b'{"notes":' + b"[" * 100_000,
        named("interviews", {"a": 1}),
        named("suspended", {"for_good": "yes"}),
        b'{"reviews":{"1":{"question":"a","answer":{"type":"choice","index":1},"right":true,"proposed":3,"grade":3,'
        b'"confidence":2,"seconds":1,"at":"0001-01-01T00:00:00Z","language":"zh","before":null,"after":null}}}',
        card(key_of("a"), stability=0),
        card(1),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(data, tmp_path, content):
    file = tmp_path / "other.json"
    file.write_bytes(content)
    code, output = run("store", "import", str(file))
    assert code == 2 and output.startswith(f"{file} is not an export") and output.count("\n") == 1
    assert opened(data)[:2] == ([], {})
