"""TinyDB's own tests (4.9.0, unchanged; see LICENSE), each on a journal. What is different is named here."""

from pathlib import Path

import pytest

from mtl_tui.store.tables import Database

IDS = "ids are never used again, also after the table was emptied"
CACHE = "no query cache: it would not see what other programs wrote"
DIFFERENCES = {
    "test_next_id": IDS,
    "test_truncate_table": IDS,
    "test_insert_ids": IDS,
    "test_insert_with_doc_id": IDS,
    "test_insert_with_duplicate_doc_id": IDS,
    "test_insert_multiple_with_ids": IDS,
    "test_update_returns_ids": IDS,
    "test_query_cache": CACHE,
    "test_zero_cache_size": CACHE,
    "test_query_cache_size": CACHE,
    "test_lru_cache": CACHE,
    "test_search": CACHE,
    "test_search_path": CACHE,
    "test_persist_table": "a table is there from its first document on",
    "test_table_repr": "the pattern names TinyDB's own storages",
}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        if reason := DIFFERENCES.get(item.originalname):
            item.add_marker(pytest.mark.skip(reason=reason))
        elif item.path.name == "test_tinydb.py" and "db" not in item.fixturenames:
            item.add_marker(pytest.mark.skip(reason="opens a storage of TinyDB's own"))


@pytest.fixture
def db(tmp_path):
    database = Database(tmp_path / "journal.jsonl", lambda _: None, lambda *_: None)
    database.insert_multiple({"int": 1, "char": c} for c in "abc")
    yield database
    database.close()
