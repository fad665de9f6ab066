"""A damaged, torn, full or locked disk: what was acknowledged is kept, and what is wrong is said."""

import errno
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mtl_tui.store import journal
from mtl_tui.store.errors import StoreError
from mtl_tui.store.store import FILE, Store


def questions(store: Store) -> list[str]:
    return store.in_note("question")


def reopened(folder: Path) -> list[str]:
    store = Store.open(folder)
    found = questions(store)
    assert store.reports == []
    store.close()
    return found


@pytest.fixture
def content(tmp_path) -> bytes:
    """A journal of three transactions: the questions a, b and c were put into the note."""
    store = Store.open(tmp_path)
    for name in "abc":
        store.toggle_note("question", name)
    store.close()
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).unlink()
    return content


def test_a_last_line_torn_at_any_byte_is_set_aside_and_reported(tmp_path, content):
    start = content.rindex(b"\n", 0, -1) + 1
    for cut in range(start + 1, len(content)):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / FILE).write_bytes(content[:cut])
        store = Store.open(folder)
        assert questions(store) == ["a", "b"]
        (report,) = store.reports
        (aside,) = folder.glob("journal.torn-*")
        assert str(aside) in report.zh and str(aside) in report.en
        assert aside.read_bytes() == content[start:cut] + b"\n" and aside.stat().st_mode & 0o077 == 0
        store.toggle_note("question", "d")
        store.close()
        assert reopened(folder) == ["a", "b", "d"]


def test_zeros_where_the_last_line_should_be_are_a_torn_line(tmp_path, content):
    (tmp_path / FILE).write_bytes(content + b"\0" * 90 + b"}]}\n")
    store = Store.open(tmp_path)
    assert questions(store) == ["a", "b", "c"] and len(store.reports) == 1
    store.close()
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.parametrize("bit", [0x01, 0x20, 0x80])
def test_a_flipped_bit_is_refused_with_its_position_and_the_file_left_alone(tmp_path, content, bit):
    first = content.index(b"\n") + 1
    second = content.index(b"\n", first) + 1
    file = tmp_path / FILE
    for place in range(first, second):
        damaged = bytearray(content)
        damaged[place] ^= bit
        file.write_bytes(damaged)
        with pytest.raises(StoreError) as caught:
            Store.open(tmp_path)
        assert (caught.value.file, caught.value.line, caught.value.position) == (file, 2, first)
        assert f"{file}:2" in caught.value.message.zh and str(first) in caught.value.message.en
        assert file.read_bytes() == damaged


def test_a_newer_version_is_refused(tmp_path, content):
    ops = b'[["merge","notes"]]'
    line = b'{"v":3,"crc":"%s","ops":%s,"more":1}\n' % (journal.checksum(ops, 3).encode(), ops)
    (tmp_path / FILE).write_bytes(content + line + b"torn")
    with pytest.raises(StoreError, match="newer version") as caught:
        Store.open(tmp_path)
    assert (caught.value.line, caught.value.position) == (4, len(content))
    assert (tmp_path / FILE).read_bytes() == content + line + b"torn"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow beyond a size: the kernel writes what fits, then refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_answers_wait_in_memory_and_are_written_when_there_is_room(tmp_path):
    store = Store.open(tmp_path)
    store.toggle_note("question", "a")
    size = (tmp_path / FILE).stat().st_size
    with room_for(size + 40):
        store.toggle_note("question", "b")
        store.toggle_note("question", "c")
        assert store.pending == 2 and questions(store) == ["a", "b", "c"]
        assert [report.zh[:4] for report in store.reports] == ["磁盘满了"]
        assert (tmp_path / FILE).stat().st_size == size
        store.retry()
        assert store.pending == 2 and len(store.reports) == 1
    store.toggle_note("question", "d")
    assert store.pending == 0
    store.close()
    assert reopened(tmp_path) == ["a", "b", "c", "d"]


def test_a_failing_sync_is_no_acknowledgement(tmp_path, monkeypatch):
    store = Store.open(tmp_path)
    store.toggle_note("question", "a")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_sync", fail)
        store.toggle_note("question", "b")
        assert store.pending == 1
    assert reopened(tmp_path) == ["a"]
    store.retry()
    assert store.pending == 0
    store.close()
    assert reopened(tmp_path) == ["a", "b"]


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of an ordinary person, and this process as that person: root may write anywhere."""
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    folder.chmod(0o700)
    if root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_keeps_answers_in_memory(unprivileged):
    unprivileged.chmod(0o500)
    store = Store.open(unprivileged)
    store.toggle_note("question", "a")
    assert store.pending == 1 and questions(store) == ["a"]
    assert len(store.reports) == 1 and str(unprivileged / FILE) in store.reports[0].zh
    unprivileged.chmod(0o700)
    store.toggle_note("question", "b")
    assert store.pending == 0
    store.close()
    assert reopened(unprivileged) == ["a", "b"]


def test_a_file_that_cannot_be_written_is_still_read(unprivileged):
    store = Store.open(unprivileged)
    store.toggle_note("question", "a")
    store.close()
    (unprivileged / FILE).chmod(0o400)
    store = Store.open(unprivileged)
    assert questions(store) == ["a"]
    store.toggle_note("question", "b")
    assert store.pending == 1
    (unprivileged / FILE).chmod(0o600)
    store.retry()
    assert store.pending == 0
    store.close()
    assert reopened(unprivileged) == ["a", "b"]


def test_a_file_that_cannot_be_read_is_refused_so_that_nothing_is_taken_for_all(unprivileged):
    store = Store.open(unprivileged)
    store.toggle_note("question", "a")
    store.close()
    (unprivileged / FILE).chmod(0)
    with pytest.raises(StoreError, match=r"cannot be read \(Permission denied\)"):
        Store.open(unprivileged)
    (unprivileged / FILE).chmod(0o600)
    assert reopened(unprivileged) == ["a"]


def test_a_journal_cut_short_under_an_open_program_is_not_written_on(tmp_path):
    store = Store.open(tmp_path)
    store.toggle_note("question", "a")
    store.toggle_note("question", "b")
    os.truncate(tmp_path / FILE, 10)
    store.toggle_note("question", "c")
    assert store.pending == 1 and "截短" in store.reports[0].zh
    assert questions(store) == ["a", "b", "c"] and (tmp_path / FILE).stat().st_size == 10
    store.close()


def overwrite(file: Path, content: bytes) -> None:
    """As cp and editors do, other bytes in the same file; its time of change moves in steps of milliseconds."""
    before = file.stat().st_ctime_ns
    while file.stat().st_ctime_ns == before:
        file.write_bytes(content)


@pytest.mark.parametrize("more", [b"", b"a line of its own"])
def test_a_journal_overwritten_under_an_open_program_is_not_written_on(tmp_path, content, more):
    store = Store.open(tmp_path)
    for name in "abd":
        store.toggle_note("question", name)
    assert (tmp_path / FILE).stat().st_size == len(content)
    overwrite(tmp_path / FILE, content + more)
    store.refresh()
    assert "改写" in store.reports[0].zh
    store.toggle_note("question", "e")
    assert store.pending == 1 and len(store.reports) == 1
    assert questions(store) == ["a", "b", "d", "e"] and (tmp_path / FILE).read_bytes() == content + more
    store.close()


def test_a_journal_that_was_only_touched_is_written_on(tmp_path, content):
    store = Store.open(tmp_path)
    for name in "abc":
        store.toggle_note("question", name)
    overwrite(tmp_path / FILE, content)
    os.utime(tmp_path / FILE, (0, 0))
    store.toggle_note("question", "d")
    assert store.pending == 0 and store.reports == []
    store.close()
    assert reopened(tmp_path) == ["a", "b", "c", "d"]


def test_a_torn_line_that_finds_no_room_aside_waits_too(tmp_path, content):
    (tmp_path / FILE).write_bytes(content[:-5])
    with room_for(10):
        store = Store.open(tmp_path)
        store.toggle_note("question", "d")
        assert store.pending == 1 and questions(store) == ["a", "b", "d"]
        assert [report.zh[:4] for report in store.reports] == ["磁盘满了"]
        assert (tmp_path / FILE).read_bytes() == content[:-5]
    store.retry()
    store.close()
    assert reopened(tmp_path) == ["a", "b", "d"]
