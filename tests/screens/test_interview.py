"""A mock interview at the keyboard: clock, draft, points, follow-ups, report; nothing of it in the schedule."""

import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events

from mtl_tui.flows.interview import TABLE, InterviewSession, finished, unfinished
from mtl_tui.screens.help import HelpScreen
from mtl_tui.screens.interview import InterviewScreen
from mtl_tui.screens.interview_report import InterviewReport
from mtl_tui.screens.interview_setup import Chosen, InterviewSetup
from mtl_tui.store.marks import Buried, Suspended
from mtl_tui.typeset import quoted
from mtl_tui.widgets.rows import Rows
from quizzes.bank import Bank
from quizzes.grading import GaveUp, Number, Words
from quizzes.interview import Interview, Round
from quizzes.question import FollowUp, FreeText, Numeric, Ordering, Text


class Clock:
    """Local time that goes on only when told to."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))

    def __call__(self) -> datetime.datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def written(bank: Bank) -> FreeText:
    return next(each for each in bank.questions.values() if isinstance(each, FreeText))


@pytest.fixture
def bank(bank: Bank) -> Bank:
    """The bank, with a follow-up to the first question that is answered in words."""
    asked = replace(written(bank), follow_ups=(FollowUp(Text("然后呢？", "What then?"), Text("这样。", "This way.")),))
    return replace(bank, questions=bank.questions | {asked.id: asked})


async def begin(it, clock: Clock, *ids: str) -> InterviewScreen:
    """An interview of these questions in front."""
    it.desk.clock = clock
    rounds = tuple(Round(question=id, suggested=it.desk.bank.questions[id].seconds) for id in ids)
    interview = Interview(id="i", begun=clock(), minutes=15, topics=(), levels=(1, 5), seed=7, rounds=rounds)
    session = InterviewSession(it.desk, interview)
    session.keep()
    screen = InterviewScreen(session)
    await it.app.push_screen(screen)
    await it.pilot.pause()
    return screen


async def test_from_home_to_the_report_and_nothing_in_the_schedule(program, clock) -> None:
    async with program() as it:
        it.desk.clock = clock
        await it.press("i")
        assert isinstance(it.app.screen, InterviewSetup) and it.shows("Begin", "< 30 min >")
        await it.press("down", "left", "up", "enter")
        screen = it.app.screen
        assert isinstance(screen, InterviewScreen) and screen.session.interview.minutes == 15
        count = len(screen.session.interview.rounds)
        for _ in range(count):
            clock.go_on(20)
            screen.tick()
            screen.do_give_up()
            await it.pilot.pause()
        assert screen.session.phase == "closing" and it.shows("Have you any questions for us?")
        await it.press("enter")
        assert isinstance(it.app.screen, InterviewReport) and it.shows(f"Asked {count} of {count}, right 0")
        await it.press("enter")
        [file] = Path("notes").glob("*-interview.md")
        await it.until(lambda: str(file) in it.toasts)
        [interview] = finished(it.desk.store)
        assert all(each.answer == GaveUp() and each.seconds == 20 for each in interview.rounds)
        assert not it.desk.store.reviews() and not it.desk.store.cards()


async def test_a_topic_that_is_gone_since_the_last_interview_is_not_chosen(program, clock, bank) -> None:
    async with program() as it:
        screen = await begin(it, clock, written(bank).id)
        gone = replace(screen.session.interview, topics=("gone",), ended=clock())
        it.desk.store.keep(TABLE, gone.id, gone)
        await it.press("x", "x")
        it.app.push_screen(InterviewSetup())
        await it.pilot.pause()
        assert it.shows("Begin") and not it.shows("0 questions, about"), it.text


async def test_what_is_suspended_is_not_asked_and_what_waits_for_tomorrow_is(program, clock, bank) -> None:
    waiting, wanted, *unwanted = (each.id for each in bank.in_path() if each.topic == bank.in_path()[0].topic)
    async with program() as it:
        it.desk.clock = clock
        it.desk.store.keep("buried", waiting, Buried(clock().date() + datetime.timedelta(days=1)))
        for id in unwanted:
            it.desk.store.keep("suspended", id, Suspended(for_good=id == unwanted[0]))
        it.app.push_screen(InterviewSetup(Chosen(45, (bank.questions[wanted].topic,), (1, 5))))
        await it.pilot.pause()
        assert it.shows("2 questions, about", "questions: 2"), it.text
        await it.press("enter")
        assert {each.question for each in it.app.screen.session.interview.rounds} == {waiting, wanted}


async def test_words_are_written_kept_at_rest_handed_in_ticked_and_asked_further(program, clock, bank) -> None:
    question = written(bank)
    async with program() as it:
        screen = await begin(it, clock, question.id, question.id)
        await it.press(*"i p x")
        assert screen.session.round.draft == "i p x" and not screen.session.paused
        assert unfinished(it.desk.store).rounds[0].draft != "i p x"
        clock.go_on(2)
        screen.tick()
        assert unfinished(it.desk.store).rounds[0].draft == "i p x"

        clock.go_on(question.seconds * 1.5)
        screen.tick()
        await it.pilot.pause()
        assert it.shows("Half as much again as suggested is over.")
        assert it.shows("words: 3") and screen.query_one("#head").styles.text_style.bold
        await it.press("ctrl+s")
        assert screen.session.phase == "confidence" and question.points[0].text.en not in it.text
        await it.press("3")
        assert it.shows(question.points[0].text.en, f"Points covered: 0 of {len(question.points)}")
        assert not it.shows(question.follow_ups[0].ask.en)
        await it.press("1", "i")
        assert it.shows(question.follow_ups[0].ask.en) and not it.shows(question.follow_ups[0].say.en)
        await it.press("enter")
        first = unfinished(it.desk.store).rounds[0]
        assert (first.answer, first.confidence, first.follow_ups) == (Words("i p x", (0,)), 3, 1)

        await it.press("escape", "u", "m")
        await it.until(lambda: "gives no grades to undo" in it.toasts)
        assert it.desk.store.in_note("question") == [question.id]
        await it.press("tab")
        await it.until(lambda: screen.pad.has_focus)
        await it.press(*"ask")
        await it.press("tab", "escape")
        assert unfinished(it.desk.store).scratch == "ask"


async def test_the_clock_stands_while_paused_and_x_asks_once(program, clock) -> None:
    async with program() as it:
        screen = await begin(it, clock, "why-cost", "mmoe-cosine")
        assert it.shows("0 skip") and not it.shows("0 I don't know")
        await it.press("p")
        clock.go_on(100)
        screen.tick()
        await it.press("1", "enter")
        assert it.shows("the clock stands") and screen.session.phase == "asking"
        assert "undo" not in it.lines[-1]
        await it.press("p")
        clock.go_on(7)
        screen.tick()
        interview = screen.session.interview
        assert (interview.rounds[0].seconds, interview.seconds, interview.paused) == (7, 7, 100)
        await it.press("x", "1")
        assert screen.session.phase == "asking" and screen.session.answering.chosen == 0
        await it.press("x", "x")
        assert isinstance(it.app.screen, InterviewReport) and it.shows("Asked 0 of 2")


async def test_no_click_answers_or_ticks_a_point_while_the_clock_stands(program, clock, bank) -> None:
    async with program() as it:
        screen = await begin(it, clock, "why-cost", written(bank).id)
        await it.press("p")
        screen.query_one(Rows).post_message(Rows.Clicked(1))
        await it.pilot.pause()
        assert screen.session.answering.chosen is None
        await it.press("p", "0", "i", "p", "ctrl+s", "2", "p")
        screen.query_one(Rows).post_message(Rows.Clicked(0))
        await it.pilot.pause()
        assert screen.session.phase == "points" and screen.session.round.answer == Words("ip", ())


async def test_tab_goes_from_the_pad_to_the_footer_where_a_line_can_be_skipped(program, clock) -> None:
    async with program() as it:
        screen = await begin(it, clock, "listing1-softmax-line", "why-cost")
        await it.press("tab", "7", "0")
        assert screen.pad.text == "70" and it.lines[-1].startswith(" tab leave the pad")
        await it.press("tab", "tab", "tab", "enter")
        await it.until(lambda: screen.session.question.id == "why-cost")
        assert screen.session.interview.rounds[0].answer == GaveUp()


async def test_an_order_begun_before_the_program_was_killed_is_there_again(program, clock, bank) -> None:
    ordering = next(each for each in bank.questions.values() if isinstance(each, Ordering))
    async with program() as it:
        screen = await begin(it, clock, ordering.id)
        await it.press("3", "1")
        clock.go_on(2)
        screen.tick()
        again = InterviewSession(it.desk, unfinished(it.desk.store))
        assert again.question is ordering and again.answering.order == [2, 0]


async def test_an_interview_that_another_program_goes_on_with_ends_here_and_loses_nothing(program, clock) -> None:
    async with program() as it:
        screen = await begin(it, clock, "why-cost", "mmoe-cosine")
        elsewhere = InterviewSession(it.desk, unfinished(it.desk.store))
        elsewhere.give_up()
        clock.go_on(20)
        screen.tick()
        await it.until(lambda: it.app.screen is not screen and "goes on in another program" in it.toasts)
        kept = unfinished(it.desk.store)
        assert kept == elsewhere.interview and kept.rounds[0].answer == GaveUp()


async def test_one_that_goes_on_elsewhere_ends_once_what_lies_over_it_is_closed(program, clock) -> None:
    async with program() as it:
        screen = await begin(it, clock, "why-cost", "mmoe-cosine")
        await it.press("?")
        InterviewSession(it.desk, unfinished(it.desk.store)).give_up()
        clock.go_on(20)
        screen.tick()
        screen.tick()
        await it.pilot.pause()
        assert isinstance(it.app.screen, HelpScreen) and not it.toasts
        await it.press("escape")
        await it.until(lambda: it.app.screen is not screen and "goes on in another program" in it.toasts)
        assert it.toasts.count("goes on in another program") == 1


@pytest.mark.parametrize("keys", ["xx", ["escape"]])
async def test_one_that_went_on_elsewhere_is_neither_ended_nor_kept_here(program, clock, keys) -> None:
    async with program() as it:
        await begin(it, clock, "why-cost", "mmoe-cosine")
        elsewhere = InterviewSession(it.desk, unfinished(it.desk.store))
        elsewhere.give_up()
        await it.press(*keys)
        await it.until(lambda: "goes on in another program" in it.toasts)
        assert "is kept" not in it.toasts and not isinstance(it.app.screen, InterviewReport)
        assert unfinished(it.desk.store) == elsewhere.interview


async def test_what_was_left_is_offered_and_goes_on_with_its_clock(program, clock, bank) -> None:
    question = written(bank)
    async with program() as it:
        screen = await begin(it, clock, "why-cost", question.id)
        await it.press("0", "h", "a", "l", "f")
        clock.go_on(130)
        screen.tick()
        await it.press("escape", "escape")
        it.app.clear_notifications()
        await it.press("i")
        assert it.shows("stopped at question 2, 02:10"), it.text
        await it.press("enter")
        again = it.app.screen
        assert again.session.round.draft == "half" and again.box.text == "half" and again.session.round.seconds == 130
        await it.press("escape", "escape", "x")
        assert isinstance(it.app.screen, InterviewReport) and it.shows("Asked 1 of 2")
        assert unfinished(it.desk.store) is None


async def test_one_that_was_left_is_offered_again_once_a_newer_one_has_ended(program, clock) -> None:
    async with program() as it:
        it.desk.clock = clock
        InterviewSession.begin(it.desk, 15, (), (1, 5), 1).give_up()
        clock.go_on(60)
        InterviewSession.begin(it.desk, 15, (), (1, 5), 2).end()
        await it.press("i")
        assert it.shows("The last unfinished mock interview stopped at question 2", "Go on with it")
        await it.press("x")
        assert isinstance(it.app.screen, InterviewReport) and it.shows("Asked 1 of")
        await it.press("escape")
        assert not it.shows("unfinished") and len(finished(it.desk.store)) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 44)])
async def test_nothing_is_cut(program, clock, bank, language, size) -> None:
    question = written(bank)
    async with program(language=language, size=size) as it:
        screen = await begin(it, clock, question.id, "why-cost")
        clock.go_on(61)
        screen.tick()
        await it.pilot.pause()
        head = it.lines[0]
        assert ".." not in head and "01:01" in head
        assert ("question 1 of 2" if language == "en" else "第 1 题") in head
        assert it.shows(quoted(getattr(question.stem, language))[:30])
        foot = "ctrl+s hands in at once" if language == "en" else "ctrl+s 直接交卷"
        assert it.shows(foot)
        await it.press("x", "ctrl+s", "2")
        assert it.shows(quoted(getattr(question.points[0].text, language))[:24])
        await it.press("enter", "0", "enter")
        report = it.app.screen
        assert isinstance(report, InterviewReport)
        assert "..." not in it.text


async def test_a_number_is_handed_in_with_the_digits_typed_right_before_enter(program, clock, bank) -> None:
    asked = next(each for each in bank.questions.values() if isinstance(each, Numeric))
    async with program() as it:
        screen = await begin(it, clock, asked.id)
        for key in ("1", "2", "enter"):
            it.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await it.until(lambda: screen.session.phase == "confidence")
        assert screen.session.round.answer == Number("12")


async def test_on_the_scratch_pad_the_question_stays_and_the_clock_goes_on(program, clock, bank) -> None:
    question = written(bank)
    async with program(size=(80, 24)) as it:
        screen = await begin(it, clock, question.id)
        screen.session.scratch("half")
        screen.pad.load_text("half")
        await it.press("tab", "tab")
        clock.go_on(65)
        screen.tick()
        await it.pilot.pause()
        assert screen.pad.has_focus and it.shows(question.stem.en[:30], "Scratch pad") and it.text.count("01:05") > 2
        assert screen.pad.region.height >= 5 and not screen.box.region
        await it.press("escape")
        assert screen.box.region


async def test_one_left_at_the_closing_card_says_so(program, clock) -> None:
    async with program() as it:
        screen = await begin(it, clock, "why-cost")
        await it.press("0", "escape")
        assert screen.session.phase == "closing"
        it.app.clear_notifications()
        await it.press("i")
        assert it.shows("stopped behind its last question"), it.text
