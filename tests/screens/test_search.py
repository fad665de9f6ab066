"""Finding a question and drilling: keys in, what stands on the screen, what is kept of it."""

from collections.abc import Callable

import msgspec
import pytest

from mtl_tui.screens import search
from mtl_tui.screens.search import SearchScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.widgets.listing import Listing
from quizzes.bank import Bank
from quizzes.question import Numeric
from quizzes.search import Index

Opened = Callable[..., object]


@pytest.mark.parametrize(
    ("language", "typed", "id"), [("en", "union sampl", "free-ple-spaces"), ("zh", "并集", "free-ple-spaces")]
)
async def test_what_is_typed_finds_a_question_and_enter_asks_it(program: Opened, language: str, typed: str, id: str):
    async with program(size=(80, 24), language=language) as it:
        await it.press("/")
        await it.press(*typed)
        screen = it.app.screen
        assert isinstance(screen, SearchScreen)
        assert screen._hits[0].id == id
        assert it.shows("T04")
        assert all(len(line) <= 80 for line in it.lines)
        await it.press("enter")
        session = it.app.screen
        assert isinstance(session, SessionScreen)
        assert (session.session.question.id, session.session.counts) == (id, True)


async def test_letters_go_to_the_box_and_arrows_to_the_list(program: Opened):
    async with program(size=(80, 24), language="en") as it:
        await it.press("/")
        await it.press(*"gradient j")
        screen = it.app.screen
        assert screen.query_one("#query").value == "gradient j"
        await it.press("backspace", "backspace", "down")
        second = screen._hits[1].id
        await it.press("enter")
        assert it.app.screen.session.question.id == second


async def test_a_question_that_is_not_due_is_found_and_leaves_its_schedule(program: Opened):
    async with program(size=(80, 24), language="en", confidence=False) as it:
        session = it.desk.session_of(["free-ple-spaces"])
        session.give_up()
        session.rate(3)
        card = it.desk.store.card("free-ple-spaces")
        await it.press("/")
        await it.press(*"free-ple-spaces")
        await it.press("enter")
        assert "does not change the schedule" in it.toasts
        again = it.app.screen.session
        again.give_up()
        again.rate(1)
        assert it.desk.store.card("free-ple-spaces") == card
        assert len(it.desk.store.reviews()) == 1


async def test_a_drill_asks_what_was_ticked(program: Opened):
    async with program(size=(80, 24), language="en") as it:
        await it.press("2", "d", "4", "left", "enter")
        session = it.app.screen.session
        asked = {it.desk.bank.questions[entry.question].difficulty for entry in session.queue}
        assert (asked, session.counts, len(session.queue)) == ({4}, False, 5)


async def test_a_kind_with_drafts_alone_is_not_there_to_tick(program: Opened):
    async with program(size=(80, 24), language="en") as it:
        questions = it.desk.bank.questions
        await it.press("d")
        assert "number" in [condition.name for condition in it.app.screen._conditions()]
        for id in [id for id, question in questions.items() if isinstance(question, Numeric)]:
            questions[id] = msgspec.structs.replace(questions[id], draft=True)
        await it.press("escape", "d")
        assert "number" not in [condition.name for condition in it.app.screen._conditions()]


async def test_nothing_that_was_missed_is_said_and_not_asked(program: Opened):
    async with program(size=(80, 24), language="zh") as it:
        await it.press("d", "space")
        assert it.shows("[x] 上一次答错", "0 题符合")
        await it.press("enter")
        assert "没有题目符合所有条件" in it.toasts


async def test_where_nothing_is_found_the_page_says_what_to_try(program) -> None:
    async with program(size=(60, 16)) as it:
        await it.press("/")
        await it.press(*"zzxxq")
        await it.until(lambda: it.shows("0 found", "Try fewer or other words, or a topic such as T03."))


async def test_a_large_bank_is_read_in_slices_while_one_types_and_once_only(program: Opened, monkeypatch):
    monkeypatch.setattr(SearchScreen, "_index", Index(Bank()))
    monkeypatch.setattr(search, "SLICE", 60)
    monkeypatch.setattr(search, "REST_SECONDS", 1000)
    async with program(size=(80, 24), language="en") as it:
        await it.press("/")
        await it.press(*"gradient")
        screen = it.app.screen
        some = len(screen._hits)
        assert 0 < some < 60 and it.shows(f"{some} found so far")
        await it.press("down")
        chosen = screen._hits[1]
        while not screen._index.whole:
            assert it.shows(f"{some} found so far")
            screen._read_on()
        await it.pilot.pause()
        assert len(screen._hits) > some and it.shows(f"{len(screen._hits)} found") and not it.shows("so far")
        assert screen._hits[screen.query_one(Listing).here] == chosen
        monkeypatch.setattr(search, "SLICE", 0)
        await it.press("escape", "/")
        await it.press(*"gradient")
        assert it.app.screen is not screen and it.shows("found") and not it.shows("so far")


async def test_all_that_is_found_is_counted_and_the_first_rows_are_drawn(program: Opened, monkeypatch):
    monkeypatch.setattr(search, "MOST_ROWS", 3)
    async with program(size=(80, 24), language="zh") as it:
        await it.press("/")
        await it.press(*"gradient")
        count = len(it.app.screen._hits)
        assert count > 3 and it.shows(f"找到 {count} 题，列出前 3 题")
        await it.press("end", "down")
        assert it.app.screen.query_one(Listing).here == 2
