"""The schedule fitted to the person from the command line: what is refused, what is said, what is kept."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from mtl_tui.flows import fitting
from mtl_tui.store.store import Store
from quizzes import schedule
from quizzes.fitting import Fitted
from tests.forgetting import QUICK_TO_FORGET, assert_remembered, forget_quickly, rate

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forget_quickly(tmp_path_factory.mktemp("answered"))


def test_fitting_says_both_losses_keeps_what_is_better_and_takes_it_back(
    program: Program, home: Path, answered: Path
) -> None:
    home.mkdir()
    (home / "data").symlink_to(answered)
    store = Store.open(answered)
    cards = store.cards()
    done = program("fit", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    kept = fitting.in_use(store)
    assert kept is not None and kept.fitted.better
    found = kept.fitted
    assert f"{found.before:.4f}" in done.stdout and f"{found.after:.4f}" in done.stdout
    assert f"{found.gain:.3f} [{found.low:.3f}, {found.high:.3f}]" in done.stdout
    assert_remembered(store, cards, found.parameters)
    again = program("fit", "--lang", "zh")
    assert again.returncode == 0 and "仍用现在的参数" in again.stdout, "the same reviews have no better parameters"
    assert fitting.in_use(store) == kept
    assert program("fit", "--default", "--lang", "en").returncode == 0
    assert fitting.parameters(store) is None
    assert store.cards() == cards, "nothing but the parameters was changed, and it is taken back"
    store.close()


def test_parameters_and_cards_are_kept_in_one_transaction_and_what_was_rated_since_is_theirs(
    tmp_path: Path, answered: Path
) -> None:
    shutil.copy(answered / "journal.jsonl", tmp_path)
    store = Store.open(tmp_path)
    cards = store.cards()
    transactions = (tmp_path / "journal.jsonl").read_bytes().count(b"\n")
    fitted = Fitted(QUICK_TO_FORGET, 0.5, 0.4, 0.01, 700)
    at = datetime(2025, 5, 1, 9, tzinfo=UTC)
    assert fitting.keep(store, fitted, at)
    assert (tmp_path / "journal.jsonl").read_bytes().count(b"\n") == transactions + 1
    assert_remembered(store, cards, QUICK_TO_FORGET)
    remembered = store.cards()
    rate(store, "0", 3, at)
    store.undo_last()
    assert store.cards() == remembered
    assert not fitting.keep(store, Fitted(DEFAULT_PARAMETERS, 0.5, 0.49, 0.01, 700), at), "one standard error"
    store.close()


def test_a_fitting_process_that_fails_is_one_sentence_and_leaves_the_parameters(
    program: Program, home: Path, answered: Path
) -> None:
    home.mkdir()
    (home / "data").symlink_to(answered)
    store = Store.open(answered)
    found = Fitted((*DEFAULT_PARAMETERS[:20], 7.0), 1.0, 0.5, 0.1, 100)
    impossible = fitting.FittedParameters(found, datetime(2025, 1, 1, tzinfo=UTC))
    store.keep("fits", "fsrs", impossible)
    done = program("fit", "--lang", "en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The fitting process failed (parameters[20] = 7.0 is out of bounds")
    assert done.stderr.count("\n") == 1
    assert fitting.parameters(store) == found.parameters
    fitting.forget(store)
    store.close()


def test_too_few_answers_are_one_sentence_with_the_count(program: Program, home: Path) -> None:
    store = Store.open(home / "data")
    rate(store, "q", 3, datetime(2025, 1, 1, tzinfo=UTC))
    rate(store, "q", 3, datetime(2025, 1, 5, tzinfo=UTC))
    store.close()
    done = program("fit", "--lang", "en")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("Fitting needs 512 repeated answers and there are 1;")
    assert done.stderr.count("\n") == 1


def test_second_tries_drills_and_what_was_undone_are_no_history(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    first = datetime(2025, 1, 1, 9, tzinfo=UTC)
    rate(store, "q", 1, first)
    rate(store, "q", 3, first + timedelta(minutes=10))
    rate(store, "q", 3, first + timedelta(2))
    rate(store, "q", 1, first + timedelta(3))
    store.undo_last()
    assert fitting.histories(store) == [((first.date(), 1), (first.date() + timedelta(2), 3))]
    store.close()


def test_an_answer_from_before_the_fit_is_undone_to_what_is_remembered_now(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    first = datetime(2025, 1, 1, 9, tzinfo=UTC)
    for days in (0, 3, 9):
        card = rate(store, "q", 3, first + timedelta(days))
    before = store.review(max(each.id for each in store.reviews())).before
    assert fitting.keep(store, Fitted(QUICK_TO_FORGET, 0.5, 0.4, 0.01, 700), first + timedelta(10))
    assert store.card("q") != card
    assert fitting.undo_last(store).grade == 3
    history = [(first.date(), 3), (first.date() + timedelta(3), 3)]
    assert store.card("q") == schedule.remembered(before, history, QUICK_TO_FORGET) != before
    fitting.forget(store)
    assert store.card("q") == before
    store.close()
