"""A session at the keyboard: every kind of question, the grade, the way back, and what never happens by accident."""

import datetime
import time

import pytest
from textual.widgets import Input

from mtl_tui.screens.session import SessionScreen
from quizzes.grading import GaveUp
from quizzes.question import FindBug, Numeric, Ordering, Single, TrueFalse


def right_keys(screen: SessionScreen) -> list[str]:
    """The keys that answer the question in front rightly, up to handing in; a bug's line and then its reason."""
    answering = screen.session.answering
    match screen.session.question:
        case Single(options=options):
            return [str(next(row for row, index in enumerate(answering.rows) if options[index].right) + 1)]
        case TrueFalse(answer=answer):
            return ["1" if answer else "2"]
        case Numeric(answer=answer):
            return list(f"{answer:g}")
        case Ordering():
            return [str(answering.rows.index(item) + 1) for item in range(len(answering.rows))]
        case FindBug(lines=lines, reasons=reasons):
            line = str(next(line.line for line in lines if line.right))
            rows = (row for row, index in enumerate(answering.rows) if reasons[index].right)
            return [*line, "enter", *(str(row + 1) for row in rows)]


@pytest.mark.parametrize(
    "question", ["why-cost", "mmoe-cosine", "share-count", "recipe-order", "listing1-softmax-line"]
)
async def test_every_kind_is_answered_by_keys_graded_and_stored(program, question) -> None:
    async with program() as it:
        screen = await it.ask(question)
        await it.press("enter")
        assert screen.session.phase == "asking" and screen.missing
        await it.press(*right_keys(screen), "enter")
        assert screen.session.phase == "confidence"
        await it.press("3")
        assert it.shows("Right.", "Proposed grade 3 Good (right, without the hint)")
        await it.press("enter")
        review = it.desk.store.last_review(question)
        assert (review.right, review.proposed, review.grade, review.confidence) == (True, 3, 3, 3)
        assert it.desk.store.card(question).reps == 1 and it.shows("The session is over: 1 rated.")
        await it.press("enter")
        assert it.app.screen is not screen


async def test_the_header_says_how_hard_a_question_is_and_what_is_left_of_the_session(program) -> None:
    async with program(size=(140, 44)) as it:
        questions = ["code-mmoe-mix", "free-clickbait"]
        screen = await it.ask(*questions)
        first, second = (screen.session.bank.questions[id] for id in questions)
        assert it.shows(
            f"difficulty {first.difficulty}", f"about {round((first.seconds + second.seconds) / 60)} min left"
        )
        screen.do_suspend()
        await it.pilot.pause()
        assert it.shows(f"difficulty {second.difficulty}", f"about {round(second.seconds / 60)} min left")
        screen.do_suspend()
        await it.pilot.pause()
        assert not it.shows("min left")


@pytest.mark.parametrize("counts", [True, False], ids=["session", "drill"])
async def test_words_begun_before_giving_up_are_there_again_once_that_is_undone(program, counts) -> None:
    async with program() as it:
        screen = SessionScreen(it.desk.session_of(["free-clickbait", "why-cost"], counts=counts))
        await it.app.push_screen(screen)
        await it.pilot.pause()
        await it.type("The click head stays honest.")
        await it.press("tab", "0", "1")
        assert screen.session.question.id == "why-cost"
        await it.press("u")
        assert screen.session.question.id == "free-clickbait" and screen.box.text == "The click head stays honest."


async def test_a_wrong_number_stands_beside_the_right_one(program) -> None:
    async with program() as it:
        screen = await it.ask("share-count")
        await it.press("7", "enter", "2")
        assert it.shows(f"You wrote 7; the answer is {screen.session.question.answer:g}.")


async def test_what_an_answer_lacks_is_said_in_the_language_that_is_spoken(program) -> None:
    async with program() as it:
        await it.ask("why-cost")
        await it.press("enter")
        assert it.shows("Choose an option first")
        await it.press("z")
        assert it.shows("先选一项")


async def test_another_wrong_line_is_explained_and_costs_nothing(program) -> None:
    async with program() as it:
        screen = await it.ask("listing1-softmax-line")
        other = next(line for line in screen.session.question.lines if not line.right)
        await it.press(*str(other.line), "enter")
        assert screen.session.phase == "asking" and it.shows(f"Line {other.line} is truly wrong", other.why.en)
        await it.press(*right_keys(screen), "enter", "2")
        assert screen.session.grade.proposed == 3


async def test_a_hint_lowers_the_proposal_and_giving_up_proposes_again(program) -> None:
    async with program() as it:
        screen = await it.ask("why-cost", "mmoe-cosine")
        await it.press("h")
        assert it.shows(screen.session.question.hint.en)
        await it.press(*right_keys(screen), "enter", "2")
        assert it.shows("Proposed grade 2 Hard (right, with the hint)")
        await it.press("4", "0")
        assert screen.session.phase == "graded" and it.shows("Not answered.")
        await it.press("enter")
        given_up = it.desk.store.last_review("mmoe-cosine")
        assert (given_up.answer, given_up.grade, given_up.confidence) == (GaveUp(), 1, None)
        assert it.desk.store.last_review("why-cost").grade == 4


async def test_again_comes_back_at_the_end_without_counting(program) -> None:
    async with program() as it:
        screen = await it.ask("why-cost", "mmoe-cosine")
        await it.press("0", "1", *right_keys(screen), "enter", "1", "3")
        assert screen.session.question.id == "why-cost" and it.shows("once more, not counted")
        await it.press(*right_keys(screen), "enter")
        assert screen.session.phase == "graded"
        await it.press("3")
        assert it.shows("The session is over: 2 rated.")
        assert len(it.desk.store.reviews()) == 2 and it.desk.store.last_review("why-cost").grade == 1


async def test_undo_restores_card_and_question_and_says_so(program) -> None:
    async with program() as it:
        screen = await it.ask("why-cost", "mmoe-cosine")
        await it.press("0", "1")
        assert screen.session.question.id == "mmoe-cosine" and screen.session.count == 3
        await it.press("u")
        assert (screen.session.question.id, screen.session.phase, screen.session.count) == ("why-cost", "asking", 2)
        assert it.desk.store.card("why-cost") is None
        await it.until(lambda: "Undone: grade 1 of" in it.toasts)
        await it.press("0", "2", "0", "enter", "escape", "u")
        assert it.desk.store.card("mmoe-cosine") is None and it.desk.store.card("why-cost") is not None


async def test_the_number_box_takes_digits_and_tab_leaves_it(program) -> None:
    async with program() as it:
        screen = await it.ask("share-count")
        await it.press("1", "0", "u", "z")
        assert screen.session.answering.text == "10uz" and it.desk.settings.language == "en"
        await it.press("enter")
        assert screen.session.phase == "asking" and it.shows("is not a number")
        await it.press("tab", "z")
        assert it.desk.settings.language == "zh" and screen.session.answering.text == "10uz"
        await it.press(*["tab"] * 4, "enter")
        assert screen.session.answer == GaveUp()


async def test_space_never_grades_and_the_guard_swallows_digits_and_enter(program) -> None:
    async with program(guard_seconds=60.0) as it:
        screen = await it.ask("why-cost")
        await it.press("1", "enter", "0")
        assert screen.session.answering.chosen is None and screen.session.phase == "asking"
        it.desk.guard_seconds = 0.0
        await it.press("1", "enter", "2")
        screen.phase_began, it.desk.guard_seconds = time.monotonic(), 60.0
        await it.press("1", "2", "3", "4", "enter", "１", "space")
        assert screen.session.phase == "graded" and not it.desk.store.reviews()
        it.desk.guard_seconds = 0.0
        await it.press("space")
        assert screen.session.phase == "graded" and not it.desk.store.reviews()


async def test_what_a_chinese_input_method_types_means_the_same(program) -> None:
    async with program(language="zh") as it:
        await it.type("２")
        assert it.app.current_mode == "quiz"
        await it.type("？")
        await it.until(lambda: it.shows("这一屏的按键"))
        await it.press("escape")
        await it.type("，")
        await it.until(lambda: it.shows("训练快慢"))
        await it.press("escape")
        await it.type("：")
        await it.until(lambda: it.shows("输入文字找命令"))
        await it.press("escape")
        screen = await it.ask("why-cost")
        await it.type("２")
        assert screen.session.answering.chosen == 1
        await it.type("体")
        await it.until(lambda: "输入法开着，切到英文，或用 tab 和 enter" in it.toasts)


async def test_an_alt_key_is_esc_and_then_the_key(program) -> None:
    """tmux joins esc and a quick key; nothing may be lost or done twice."""
    async with program() as it:
        await it.ask("why-cost")
        await it.press("alt+z")
        await it.until(lambda: it.desk.settings.language == "zh")
        assert not isinstance(it.app.screen, SessionScreen)


async def test_leaving_an_answer_that_was_handed_in_keeps_it_with_the_proposed_grade(program) -> None:
    async with program() as it:
        screen = await it.ask("mmoe-cosine")
        await it.press(*right_keys(screen), "enter", "3", "escape")
        assert "proposed grade: 3 Good" in it.toasts
        review = it.desk.store.last_review("mmoe-cosine")
        assert (review.grade, review.confidence) == (3, 3)
        await it.press("u")
        assert it.desk.store.last_review("mmoe-cosine") is None
        await it.ask("mmoe-cosine")
        await it.press("escape")
        assert it.desk.store.last_review("mmoe-cosine") is None


async def test_a_sentence_from_an_input_method_is_told_of_once(program) -> None:
    async with program() as it:
        await it.ask("why-cost")
        await it.type("先问点击")
        await it.until(lambda: bool(it.toasts))
        assert it.toasts.count("An input method is on") == 1


async def test_a_number_that_was_begun_stands_in_its_box_again(program) -> None:
    async with program() as it:
        await it.ask("share-count")
        await it.press("4", "escape", "escape")
        screen = await it.ask("share-count")
        assert screen.query_one("#number", Input).value == "4" and screen.session.answering.text == "4"


async def test_the_sentence_on_what_was_missing_goes_once_it_is_mended(program) -> None:
    async with program() as it:
        await it.ask("share-count")
        await it.press("x", "enter")
        assert it.shows("is not a number")
        await it.press("backspace", "4")
        assert not it.shows("is not a number")


async def test_while_the_window_is_too_small_no_key_answers_or_types(program) -> None:
    async with program() as it:
        screen = await it.ask("share-count")
        await it.press("4")
        await it.pilot.resize_terminal(40, 10)
        await it.press("2", "enter")
        await it.pilot.resize_terminal(80, 24)
        assert screen.session.answering.text == "4" and screen.session.phase == "asking"
        await it.press("2")
        assert screen.session.answering.text == "42"


async def test_a_clock_set_back_while_one_thinks_takes_no_time(program) -> None:
    async with program() as it:
        now = it.desk.clock()
        it.desk.clock = lambda: now
        await it.ask("why-cost")
        now -= datetime.timedelta(hours=1)
        await it.press("0", "enter")
        assert it.desk.store.last_review("why-cost").seconds == 0
