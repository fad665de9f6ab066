"""What is taken back in a session leaves everything else as it was."""

from datetime import UTC, datetime, timedelta

import pytest

from mtl_tui.config import Settings
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import take_back
from mtl_tui.store.store import Store
from quizzes import bank as banks
from quizzes.question import Matching, Multiple, Ordering, Single

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(Settings(confidence=False), banks.load(), Store.open(tmp_path), clock=lambda: NOON)


def first(desk: Desk, kind: type) -> str:
    return next(each.id for each in desk.bank.in_path() if isinstance(each, kind))


@pytest.mark.parametrize("kind", [Multiple, Ordering, Matching])
def test_a_draft_means_the_same_options_after_the_answer_before_it_was_taken_back(desk, kind):
    question = first(desk, kind)

    def picked():
        return desk.session_of([question]).answering.picked

    session = desk.session_of([question])
    session.give_up()
    session.rate(3)
    desk.clock = lambda: NOON + timedelta(9)
    session = desk.session_of([question])
    session.choose(0)
    session.choose(1)
    session.keep()
    begun, rows = picked(), session.answering.rows
    assert len(begun.ticked) + len(begun.order) + len(begun.matched) == 2
    take_back(desk.store)
    session = desk.session_of([question])
    assert session.answering.picked == begun
    assert session.answering.rows != rows, "or the test shows nothing"


def test_a_second_try_that_was_set_aside_is_asked_again_once_that_is_undone(desk):
    question = first(desk, Single)
    session = desk.session_of([question])
    session.give_up()
    session.rate(1)
    assert session.again
    session.bury()
    assert session.phase == "over"
    assert session.undo().grade is None
    assert session.phase == "asking" and session.again and session.question.id == question
