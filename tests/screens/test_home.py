"""Home, the page of figures and the settings of the schedule, over a store filled by real sessions."""

import datetime
import re

import pytest
from msgspec.structs import replace

from mtl_tui import places
from mtl_tui.config import load
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.interview import InterviewSession
from mtl_tui.flows.note import Draft
from mtl_tui.store.marks import Suspended
from mtl_tui.typeset import lines_of
from mtl_tui.widgets.prose import Prose
from tests.screens.conftest import NOON

MARCH_16 = datetime.date(2026, 3, 16)


def answer(desk: Desk, days_ago: int, questions: list[str], *, recalled: bool = False) -> None:
    """Answer questions on an earlier day in a session: given up, and rated Good where they count as recalled."""
    at = NOON - datetime.timedelta(days_ago)
    desk.clock = lambda: at
    session = desk.session_of(questions)
    while session.phase != "over" and not session.again:
        session.give_up()
        session.rate(3 if recalled else session.grade.proposed)
    desk.clock = lambda: NOON


def of_topic(desk: Desk, topic: str, count: int) -> list[str]:
    return [each.id for each in desk.bank.questions.values() if each.topic == topic][:count]


@pytest.mark.parametrize(
    ("size", "language", "shown", "absent"),
    [
        ((80, 24), "zh", ["还有 14 天", "二面", "最弱的主题", "0/12", "95 % 区间", "0 - 24", "连续 1 天", "一 ⠂"], []),
        ((80, 24), "en", ["14 days to go", "Weakest topics", "0/12", "95 % range", "Streak: 1 d", "Mo ⠂"], []),
        ((140, 44), "zh", ["今后两周的复习量", "最长 1 天", "3 月", "16-30"], []),
        ((140, 44), "en", ["Reviews of the coming two weeks", "the longest 1 d", "Mar"], []),
        ((60, 20), "zh", ["还有 14 天", "0/12"], ["一 ⠂"]),
        ((60, 20), "en", ["14 days to go", "0/12"], ["Mo ⠂"]),
    ],
)
async def test_home_says_what_to_do_and_how_it_went(program, size, language, shown, absent) -> None:
    async with program(size=size, language=language, interview_date=MARCH_16, interview_name="二面") as it:
        answer(it.desk, 1, of_topic(it.desk, "T20", 12))
        answer(it.desk, 1, of_topic(it.desk, "T03", 5), recalled=True)
        it.app.screen.retext()
        await it.pilot.pause()
        assert it.shows(*shown), it.text
        assert not any(it.shows(each) for each in absent), it.text
        assert len([line for line in it.lines if re.search(r"\d+/\d+ ", line)]) == 1, "T03 has too few answers"
        assert not re.search(r"\{\w+\}", it.text)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_topic_stands_on_one_line_with_its_interval(program, language) -> None:
    async with program(size=(200, 60), language=language) as it:
        topics = it.desk.bank.topics
        for place, topic in enumerate(topics):
            for n in range(12):
                session = it.desk.session_of(of_topic(it.desk, topic, 1))
                session.give_up()
                session.grade = replace(session.grade, right=n <= place)
                session.rate(3)
        for width in (60, 79, 80, 100, 119, 120, 136, 137, 139, 140, 160, 200):
            for height in (24, 90):
                await it.resize(width, height)
                table = it.app.screen.query_one("#weakest", Prose)
                ranked = [block.text for block in table.blocks if block.kind == "body"]
                assert len(ranked) == (len(topics) if width >= 120 else 3)
                assert it.app.screen.query_one("#page").show_vertical_scrollbar is (height == 24 and width >= 120)
                assert all(len(lines_of(block, table.size.width)) == 1 for block in table.blocks), it.text
                assert width < 140 or all("[" in text for text in ranked), "the intervals are drawn"


async def test_the_answers_of_a_day_stand_in_its_cell(program) -> None:
    async with program() as it:
        for days_ago, count in ((1, 3), (7, 8), (14, 16)):
            answer(it.desk, days_ago, list(it.desk.bank.questions)[:count])
        it.app.screen.retext()
        await it.pilot.pause()
        assert re.search(r"Mo ⠂{17}⣧⡇⠂\s", it.text), it.text
        assert re.search(r"Tu ⠂{19}\s", it.text), it.text
        assert re.search(r"Su ⠂{18}⠆\s", it.text), it.text


async def test_enter_asks_what_the_plan_says_and_a_full_day_asks_nothing_new(program) -> None:
    async with program(new_per_day=2, session_length=10) as it:
        await it.press("enter")
        session = it.app.screen.session
        assert [entry.question for entry in session.queue] == it.desk.day().new()[:2]
        for _ in range(2):
            session.give_up()
            session.rate(3)
        await it.press("escape")
        assert it.desk.today().new == [] and len(it.desk.day().new()) > 2
        assert it.shows("Done for today"), it.text
        await it.press("u")
        assert len(it.desk.today().new) == 1


async def test_minutes_a_day_put_reviews_off_and_home_says_so(program) -> None:
    async with program(language="zh", minutes_per_day=1) as it:
        answer(it.desk, 3, list(it.desk.bank.questions)[:12])
        it.app.screen.retext()
        await it.pilot.pause()
        today = it.desk.today()
        assert today.put_off > 0 and not today.new
        assert it.shows(f"另有 {today.put_off} 题到期，往后推：每天只排 1 分钟。"), it.text


async def test_the_pace_towards_the_interview(program) -> None:
    async with program(language="zh", new_per_day=1, interview_date=datetime.date(2026, 3, 12)) as it:
        answer(it.desk, 1, list(it.desk.bank.questions)[:4], recalled=True)
        it.app.screen.retext()
        await it.pilot.pause()
        total = len(it.desk.bank.questions)
        more = -(-(total - 4) // 7) - 1
        assert it.shows(f"面试前能学完 {total} 题中的 11 题；每天加 {more} 题可以学完"), it.text
        assert it.desk.store.card(next(iter(it.desk.bank.questions))).due < datetime.date(2026, 3, 12)


async def test_a_suspended_question_is_not_planned_until_it_is_taken_back(program) -> None:
    async with program(language="zh") as it:
        answer(it.desk, 1, list(it.desk.bank.questions)[5:8], recalled=True)
        first = it.desk.today().new[0]
        it.desk.store.keep("suspended", first, Suspended())
        assert first not in it.desk.today().new
        await it.press("%", "b")
        assert it.shows("以后再说"), it.text
        await it.press("enter")
        assert first in it.desk.today().new
        assert it.shows("没有搁置的题"), it.text


async def test_the_date_of_the_interview_is_typed_and_a_past_one_refused(program) -> None:
    async with program(language="zh", size=(80, 24)) as it:
        await it.press(",", *["down"] * 7, "enter")
        await it.type("2026-03-01")
        await it.press("enter")
        assert it.shows("2026-03-01 已经过去"), it.text
        assert it.desk.settings.interview_date is None
        await it.press(*["backspace"] * 10)
        await it.type("16.3.")
        await it.press("enter")
        assert it.shows("16.3. 不是日期"), it.text
        await it.press(*["backspace"] * 5)
        await it.type("2026-03-16")
        await it.press("enter", "down", "enter")
        await it.type("二面")
        await it.press("enter")
        kept = load(places.config_file()).settings
        assert (kept.interview_date, kept.interview_name) == (MARCH_16, "二面")
        await it.press("escape")
        assert it.desk.day().days_left() == 14


async def test_the_figures_compare_promise_and_recall_only_from_a_hundred_on(program) -> None:
    async with program(size=(80, 44)) as it:
        ids = list(it.desk.bank.questions)[:30]
        for days_ago in (40, 30):
            answer(it.desk, days_ago, ids, recalled=True)
        await it.press("%")
        assert it.shows("Shown from 100 reviews on; 30 so far."), it.text
        await it.press("escape")
        for days_ago in (20, 10, 3):
            answer(it.desk, days_ago, ids, recalled=True)
        await it.press("%")
        assert it.shows("achieved 100 %"), it.text


async def test_a_question_is_made_new_again_behind_a_question_and_undone(program) -> None:
    async with program(language="zh") as it:
        id = "mmoe-one-gate"
        answer(it.desk, 3, [id], recalled=True)
        card = it.desk.store.card(id)
        screen = await it.ask(id)
        await it.press("0")
        it.app.do_reset()
        await it.pilot.pause()
        assert it.shows("重新算作新题？"), it.text
        await it.press("2")
        assert it.desk.store.card(id) == card
        it.app.do_reset()
        await it.pilot.pause()
        await it.press("1")
        assert it.app.screen is screen and it.desk.store.card(id) is None
        await it.press("u")
        assert it.desk.store.card(id) == card and len(it.desk.store.reviews(id)) == 1


async def test_a_page_left_open_over_night_shows_the_new_day(program) -> None:
    async with program(interview_date=MARCH_16) as it:
        answer(it.desk, 1, of_topic(it.desk, "T20", 2))
        it.app.screen.retext()
        it.app.screen.turn_over()
        assert it.shows("14 days to go")
        it.desk.clock = lambda: NOON + datetime.timedelta(1)
        it.app.screen.turn_over()
        assert it.shows("13 days to go")


async def test_the_number_of_questions_on_home_is_the_one_that_enter_asks(program) -> None:
    async with program() as it:
        answer(it.desk, 1, of_topic(it.desk, "T20", 1))
        it.desk.reset(of_topic(it.desk, "T20", 1)[0])
        it.app.screen.retext()
        assert it.shows(f"enter starts {len(it.desk.session().queue)} questions")


async def test_a_question_left_open_takes_no_more_of_the_day_than_five_times_its_time(program) -> None:
    async with program(minutes_per_day=60) as it:
        session = it.desk.session()
        before = len(it.desk.today().new)
        it.desk.clock = session._clock = lambda: NOON + datetime.timedelta(hours=3)
        session.give_up()
        session.rate(3)
        assert session.seconds == 5 * it.desk.bank.questions[session.reviewed[0]].seconds
        assert len(it.desk.today().new) == before - 1


async def test_a_change_of_another_setting_leaves_the_pace_of_the_run(program) -> None:
    async with program() as it:
        it.desk.lab.change_pace(1)
        await it.press(",", "down", "down", "down", "right")
        assert not it.desk.settings.confidence and it.desk.lab.pace == "2"


async def test_leaving_with_unsaved_answers_takes_more_than_enter_and_speaks_of_no_run(program, monkeypatch) -> None:
    async with program() as it:
        monkeypatch.setattr(type(it.desk.store), "pending", 2)
        await it.press("q")
        assert it.shows("2 answers could not be saved", "quit without them") and not it.shows("keep the run")
        await it.press("enter")
        assert it.shows("quit without them")
        await it.press("2")
        assert it.app.screen.mode == "home"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 32), (140, 44)])
async def test_a_topic_and_its_counts_stand_on_one_line(program, size) -> None:
    async with program(size=size, language="en") as it:
        assert re.search(r"T19 The four-step recipe +\S+ 0/\d", it.text), it.text
        assert not re.search(r"^\s+\d+/\d+\s*$", it.text, re.MULTILINE), it.text


async def test_home_remembers_the_last_interview_and_the_last_note(program) -> None:
    async with program(size=(100, 40)) as it:
        assert not it.shows("Last interview") and not it.shows("Last note")
        session = InterviewSession.begin(it.desk, 15, ("T11",), (1, 5), seed=1)
        session.give_up()
        session.end()
        answer(it.desk, 1, of_topic(it.desk, "T03", 2), recalled=True)
        file = Draft(it.desk).write()
        it.app.screen.retext()
        await it.pilot.pause()
        count = len(session.interview.rounds)
        assert it.shows("Last interview  Mock interview of 15 minutes", f"Asked 1 of {count}, right 0"), it.text
        assert it.shows("Last note  2 questions, 0 runs, 2026-03-02", file.name), it.text
        await it.press("%")
        assert it.shows("Last interview  Mock interview of 15 minutes"), it.text


async def test_with_the_interview_tomorrow_a_first_start_has_questions_and_no_pace_that_cannot_be_kept(program) -> None:
    async with program(size=(140, 44)) as it:
        tomorrow = it.desk.clock().date() + datetime.timedelta(1)
        it.app.change(replace(it.desk.settings, interview_date=tomorrow))
        await it.pilot.pause()
        assert it.shows("enter starts 5 questions") and it.text.count("At this pace") == 1
        await it.press("%")
        assert it.shows("At this pace 10 of ")
        await it.press("escape")
        it.app.change(replace(it.desk.settings, new_per_day=0))
        assert it.shows("is set to no new questions a day")
        await it.press("enter")
        assert "Nothing is due today" in it.toasts


async def test_where_enter_starts_nothing_home_says_why(program) -> None:
    async with program(size=(80, 24)) as it:
        it.app.change(replace(it.desk.settings, interview_date=it.desk.clock().date()))
        assert it.shows("Nothing new comes on the day of the interview; d drills")
        it.app.change(replace(it.desk.settings, interview_date=None))
        answered = of_topic(it.desk, "T20", 1)
        for begun in (False, True):
            for each in it.desk.day().asked():
                it.desk.store.keep("suspended", each.id, Suspended())
            it.app.screen.retext()
            await it.pilot.pause()
            assert it.shows("Every question is set aside; % and then b takes one back."), it.text
            await it.press("%")
            assert it.shows("b set aside")
            await it.press("escape")
            if not begun:
                it.desk.store.forget("suspended", answered[0])
                answer(it.desk, 1, answered)


async def test_help_opens_over_the_figures_and_one_escape_too_many_does_not_end_the_program(program) -> None:
    async with program(size=(80, 24)) as it:
        await it.press("%", "?")
        assert it.shows("Keys of this screen")
        await it.press("escape")
        assert it.shows("Figures")
        await it.press("escape", "escape")
        assert it.app.is_running and it.shows("q quit") and "q quits" in it.toasts


async def test_a_cut_off_interview_and_the_date_of_the_real_one_stand_on_the_first_home(program) -> None:
    async with program(size=(80, 24)) as it:
        assert it.shows(", sets the date of an interview")
        InterviewSession.begin(it.desk, 15, (), (1, 5), 1)
        it.app.change(replace(it.desk.settings, interview_date=MARCH_16))
        await it.pilot.pause()
        assert it.shows("A mock interview was cut off; i goes on with it.", "14 days to go", "At this pace"), it.text
