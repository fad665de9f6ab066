"""Ticks, pairs, words, code and predictions at the keyboard; what a text covers; what is set aside or begun."""

import datetime
import sys
from typing import Any

import msgspec
import pytest

from mtl_tui.screens.session import SessionScreen
from mtl_tui.store.marks import Buried, Draft, Drilled, Suspended
from mtl_tui.store.store import Review
from quizzes import bank as banks
from quizzes.grading import Choices, GaveUp, Matched, Words
from quizzes.question import (
    Code,
    FollowUp,
    FreeText,
    Matches,
    Matching,
    Multiple,
    Option,
    Pair,
    Point,
    Predict,
    Question,
    Source,
    Text,
    Usual,
)


def same(text: str) -> Text:
    return Text(text, text)


BASE: dict[str, Any] = {
    "topic": "T03",
    "difficulty": 2,
    "say": same("Said in thirty seconds."),
    "facts": (same("A fact."),),
    "usual": Usual(same("A usual answer."), same("Why it is wrong.")),
    "sources": (Source("MMOE"),),
    "basis": "paper",
    "hint": same("A hint."),
}

OPTIONS = tuple(Option(same(f"option {n}"), same(f"why {n}"), right=n in (1, 3)) for n in range(4))
KINDS: tuple[Question, ...] = (
    Multiple(
        id="k-multiple",
        stem=same("Which of these are odd?"),
        options=OPTIONS,
        follow_ups=(FollowUp(same("And what of nought?"), same("It is even.")),),
        **BASE,
    ),
    Matching(
        id="k-matching",
        stem=same("What belongs together?"),
        pairs=tuple(Pair(same(f"left {n}"), same(f"right {n}"), same(f"why {n}")) for n in range(4)),
        **BASE,
    ),
    FreeText(
        id="k-text",
        stem=same("Why does a gate not isolate a task?"),
        points=(
            Point(same("softmax is never zero"), Matches(zh=("不为零",), en=("softmax + zero",))),
            Point(same("the gradient is scaled"), Matches(zh=("缩放",), en=("gradient + scaled",))),
            Point(same("CGC cuts the edge"), Matches(en=("cgc",)), must=False),
        ),
        **BASE,
    ),
    Code(
        id="k-code",
        stem=same("Write the mix of the experts."),
        starter="def mix(gate, experts):\n    ...\n",
        reference="def mix(gate, experts):\n    return (gate.unsqueeze(-1) * experts).sum(1)\n",
        points=(Point(same("sums over the experts"), Matches(en=("sum(1",))),),
        **BASE,
    ),
    Predict(
        id="k-predict",
        stem=same("What will the two predictions do?"),
        options=(
            Option(same("They fall together"), same("why not")),
            Option(same("They are opposite"), same("a softmax sums to one"), right=True),
        ),
        pairing="listing1-softmax",
        **BASE,
    ),
)


@pytest.fixture
def bank(bank: banks.Bank) -> banks.Bank:
    """The bank with these questions too."""
    return msgspec.structs.replace(bank, questions=bank.questions | {each.id: each for each in KINDS})


def rows_of(screen: SessionScreen, *indices: int) -> list[str]:
    """The digits of the rows in which these indices of the file stand."""
    return [str(screen.session.answering.rows.index(index) + 1) for index in indices]


async def test_several_options_are_ticked_and_all_must_be_right(program) -> None:
    async with program() as it:
        screen = await it.ask("k-multiple")
        one, three = rows_of(screen, 1, 3)
        await it.press("enter")
        assert screen.session.phase == "asking" and it.shows("Tick at least one option")
        await it.press(one, three, one, "enter", "2")
        assert it.shows("Wrong. You chose " + three, "why 1")
        await it.press("i")
        assert it.shows("And what of nought?") and not it.shows("It is even.")
        await it.press("i")
        assert it.shows("It is even.")
        await it.press("enter")
        review = it.desk.store.last_review("k-multiple")
        assert (review.answer, review.right, review.proposed, review.grade) == (Choices((3,)), False, 1, 1)
        await it.press("u")
        await it.press(*rows_of(screen, 3, 1), "enter", "3", "2")
        review = it.desk.store.last_review("k-multiple")
        assert (review.answer, review.right, review.proposed, review.grade) == (Choices((1, 3)), True, 3, 2)


@pytest.mark.parametrize(
    ("language", "keys", "marks"),
    [
        ("zh", (0, 3), {0: "错   [x]", 1: "漏选 [ ]", 2: "     [ ]", 3: "对   [x]"}),
        ("en", (0, 3), {0: "wrong  [x]", 1: "missed [ ]", 2: "       [ ]", 3: "right  [x]"}),
        ("zh", (), {0: "     [ ]", 1: "对   [ ]", 2: "     [ ]", 3: "对   [ ]"}),
    ],
)
async def test_each_option_says_whether_it_was_right_to_choose_it(program, language, keys, marks) -> None:
    async with program(size=(80, 44), language=language) as it:
        screen = await it.ask("k-multiple")
        await it.press(*([*rows_of(screen, *keys), "enter", "2"] if keys else ["0"]))
        for index, row in enumerate(rows_of(screen, 0, 1, 2, 3)):
            assert f"  {marks[index]} {row}  option {index} " in it.text, it.text


async def test_each_left_side_is_given_a_right_one(program) -> None:
    async with program() as it:
        screen = await it.ask("k-matching")
        wrong = rows_of(screen, 1, 0, 2)
        await it.press(*wrong, "enter")
        assert screen.session.phase == "asking" and screen.missing
        await it.press(*rows_of(screen, 3), "enter", "1")
        assert it.shows("Wrong.", "left 0 - right 0", "yours: right 1")
        await it.press("enter", "escape", "u")
        screen = await it.ask("k-matching")
        await it.press(*wrong, *rows_of(screen, 3), "up", "up", "up", *rows_of(screen, 0, 1), "enter", "3")
        assert screen.session.answer == Matched((0, 1, 2, 3)) and it.shows("Right.")


async def test_a_text_is_held_against_points_that_the_person_ticks(program) -> None:
    async with program(size=(80, 24)) as it:
        screen = await it.ask("k-text")
        await it.type("The softmax is never zero")
        await it.press("ctrl+s", "2")
        assert screen.session.phase == "points"
        assert it.shows("Points covered: 1 of 3", "found: “softmax”, “zero”".replace("“", '"').replace("”", '"'))
        assert it.shows("near a negation: does it count?", "CGC cuts the edge (optional)")
        await it.press("2")
        assert it.shows("Points covered: 2 of 3") and screen.session.grade.proposed == 2
        await it.press("space", "space", "enter")
        assert it.shows("Proposed grade 2 Hard (right, an optional point is missing)")
        await it.press("enter")
        review = it.desk.store.last_review("k-text")
        assert review.answer == Words("The softmax is never zero", (0, 1))
        assert (review.right, review.proposed, review.grade) == (True, 2, 2)
        await it.press("u")
        assert screen.session.phase == "asking" and screen.box.text == "The softmax is never zero"
        assert it.desk.store.last_review("k-text") is None and it.desk.store.card("k-text") is None


async def test_from_its_first_frame_a_question_to_write_on_has_the_cursor_and_the_footer_of_its_box(program) -> None:
    async with program(size=(80, 24)) as it:
        screen = await it.ask("k-text")
        await it.press("tab")
        assert screen.focused is None and it.shows("e editor")
        screen.enter_phase()
        assert screen.focused is screen.box
        assert "editor" not in screen.bar.render_line(0).text


async def test_a_tick_is_kept_as_a_synonym(program) -> None:
    async with program() as it:
        screen = await it.ask("k-text")
        await it.type("It leaks anyway. The softmax is never zero")
        await it.press("tab", "enter", "2", "down", "S")
        entry = screen.query_one("#number")
        assert entry.value == "It leaks anyway" and it.shows("Which words say this point too?")
        entry.value = "leak"
        await it.press("enter")
        assert it.shows("Points covered: 2 of 3")
        await it.press("enter", "enter", "escape")
        screen = await it.ask("k-text")
        await it.type("It leaks")
        await it.press("ctrl+s", "2")
        assert screen.session.answering.covered == {1}


async def test_code_starts_from_its_starter_and_stands_beside_the_reference(program) -> None:
    async with program(size=(140, 40)) as it:
        screen = await it.ask("k-code")
        assert "def mix(gate, experts):" in screen.box.text
        await it.press("ctrl+s")
        assert screen.session.phase == "asking" and it.shows("Write the code first.")
        await it.press("enter", "tab")
        await it.type("return (gate * experts).sum(1)")
        await it.press("escape", "enter", "3")
        assert screen.session.phase == "points"
        row = next(line for line in it.lines if "unsqueeze" in line)
        assert "..." in row or "return" in row
        assert it.shows("Points covered: 1 of 1")
        await it.press("enter", "enter")
        assert it.desk.store.last_review("k-code").proposed == 3


async def test_a_line_of_ones_own_code_is_offered_as_a_synonym_and_not_the_starter(program) -> None:
    async with program() as it:
        screen = await it.ask("k-code")
        await it.press("enter", "tab")
        await it.type("return (gate * experts).mean(1)")
        await it.press("ctrl+s", "2", "S")
        assert screen.query_one("#number").value == "return (gate * experts).mean(1)"


async def test_a_line_offered_as_a_synonym_stands_for_itself_alone(program) -> None:
    """Neither ` + ` nor ` | ` in it is the syntax of phrases."""

    async def covered(it, line: str) -> set[int] | None:
        screen = await it.ask("k-code")
        await it.press("enter", "tab")
        screen.box.text = line
        await it.press("ctrl+s", "2")
        return screen.session.answering.covered

    async with program() as it:
        assert await covered(it, "return gate + experts | mask") == set()
        await it.press("S", "enter", "enter", "enter", "escape")
        assert await covered(it, "return gate - experts") == set()
        await it.press("enter", "enter", "escape")
        assert await covered(it, "return gate + experts | mask") == {0}


async def test_a_draft_is_there_again_after_leaving(program) -> None:
    async with program() as it:
        await it.ask("k-text")
        await it.type("Half a sent")
        await it.press("escape", "escape")
        assert not isinstance(it.app.screen, SessionScreen)
        screen = await it.ask("k-text")
        assert screen.box.text == "Half a sent"
        await it.press("tab", "0")
        assert screen.session.answer == GaveUp("Half a sent")
        await it.press("enter", "escape")
        screen = await it.ask("k-text")
        assert screen.box.text == ""


async def test_what_was_written_is_kept_at_a_rest_and_on_handing_in_for_who_is_killed(program) -> None:
    def kept(it) -> str:
        return it.desk.store.kept("drafts", Draft).get("k-text", Draft("")).text

    async with program() as it:
        now = it.desk.clock()
        it.desk.clock = lambda: now
        screen = await it.ask("k-text")
        await it.type("Half a")
        screen.tick()
        assert kept(it) == ""
        now += datetime.timedelta(seconds=2)
        screen.tick()
        assert kept(it) == "Half a" and it.shows("words: 2")
        await it.type(" sentence")
        await it.press("ctrl+s")
        assert screen.session.phase == "confidence" and kept(it) == "Half a sentence"
        await it.press("3", "enter", "enter")
        assert kept(it) == ""


async def test_what_was_ticked_matched_or_found_is_there_again_and_gone_once_it_is_rated(program) -> None:
    async with program() as it:
        now = it.desk.clock()
        it.desk.clock = lambda: now
        screen = await it.ask("k-multiple")
        await it.press("1", "3")
        now += datetime.timedelta(seconds=2)
        screen.tick()
        it.app.pop_screen()
        screen = await it.ask("k-multiple")
        assert screen.session.answering.ticked == {0, 2}
        await it.press("1", "3", "escape")
        assert it.desk.store.kept("drafts", Draft) == {}

        screen = await it.ask("k-matching")
        await it.press(*rows_of(screen, 1, 0), "escape")
        screen = await it.ask("k-matching")
        await it.press(*rows_of(screen, 2, 3), "enter", "1", "enter", "escape")
        assert it.desk.store.last_review("k-matching").answer == Matched((1, 0, 2, 3))
        screen = await it.ask("k-matching")
        assert screen.session.answering.matched == {}

        await it.ask("listing1-softmax-line")
        (line,) = [each.line for each in screen.mtl.desk.bank.questions["listing1-softmax-line"].lines if each.right]
        await it.press(*str(line), "enter", "escape")
        screen = await it.ask("listing1-softmax-line")
        assert screen.session.answering.line == line and it.shows("A digit chooses")


async def test_the_text_goes_through_the_persons_editor(program, monkeypatch, tmp_path) -> None:
    async with program() as it:
        screen = await it.ask("k-text")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        await it.press("tab", "e")
        await it.until(lambda: "No editor is set" in it.toasts)
        append = tmp_path / "append.py"
        append.write_text("import sys\nopen(sys.argv[1], 'a').write('CGC cuts it.')\n")
        monkeypatch.setenv("EDITOR", f"{sys.executable} {append}")
        from mtl_tui.flows.editing import edited

        assert edited("Softmax. ", ".md") == "Softmax. CGC cuts it."
        assert screen.session.phase == "asking"


async def test_a_prediction_starts_its_run_once_it_is_made(program) -> None:
    async with program(size=(140, 40)) as it:
        screen = await it.ask("k-predict")
        await it.press("t")
        assert it.desk.lab.record is None and it.shows("The run that decides it starts once you have answered.")
        await it.press(*rows_of(screen, 1), "enter", "3")
        await it.until(lambda: it.desk.lab.record is not None and screen.panel_open())
        await it.press("space", *">>>>")
        await it.press("space")
        await it.until(lambda: not it.desk.lab.live)
        assert it.shows("Right. You chose")
        run = it.desk.lab.run
        await it.press("u")
        assert it.shows("There is no grade to undo.")
        assert it.desk.lab.run == run and screen.session.phase == "graded"
        await it.press("1")
        assert screen.session.again and not it.shows("The run that decides it starts")


async def test_the_cursor_stands_on_what_was_chosen_while_one_is_asked_how_sure(program) -> None:
    async with program() as it:
        await it.ask("why-cost")
        await it.press("3", "enter")
        assert it.shows("> (x) 3") and not it.shows("> ( ) 1")


async def test_words_handed_in_in_a_drill_are_there_again_once_that_is_undone(program) -> None:
    async with program() as it:
        session = it.desk.session_of(["k-text", "why-cost"], counts=False)
        await it.app.push_screen(SessionScreen(session))
        await it.pilot.pause()
        await it.type("Half a sentence")
        await it.press("tab", "enter", "2", "enter", "1", "u")
        assert session.question.id == "k-text" and session.answering.text == "Half a sentence"


async def test_a_question_is_set_aside_and_the_answer_before_it_is_kept(program) -> None:
    async with program() as it:
        screen = await it.ask("k-multiple", "why-cost", "mmoe-cosine")
        await it.press("b")
        assert it.shows("ask again tomorrow", "never again")
        await it.press("escape")
        assert screen.session.question.id == "k-multiple"
        await it.press("b", "1")
        assert screen.session.question.id == "why-cost" and screen.session.place == 1
        await it.press("0", "b", "2")
        assert screen.session.question.id == "mmoe-cosine"
        await it.press("b", "3")
        assert screen.session.phase == "over"
        tomorrow = it.desk.clock().date() + datetime.timedelta(1)
        assert it.desk.store.kept("buried", Buried) == {"k-multiple": Buried(tomorrow)}
        suspended = it.desk.store.kept("suspended", Suspended)
        assert suspended == {"why-cost": Suspended(), "mmoe-cosine": Suspended(for_good=True)}
        assert it.desk.store.last_review("why-cost").grade == 1


async def test_only_the_first_try_of_a_day_feeds_the_schedule_and_a_drill_feeds_nothing(program) -> None:
    async with program() as it:
        await it.ask("why-cost")
        await it.press("0", "enter", "escape")
        card = it.desk.store.card("why-cost")
        session = it.desk.session_of(["why-cost"])
        session.give_up()
        session.rate(4)
        assert it.desk.store.card("why-cost") == card and len(it.desk.store.reviews()) == 2
        drill = it.desk.session_of(["why-cost", "mmoe-cosine"], counts=False)
        drill.give_up()
        drill.rate(1)
        assert it.desk.store.card("why-cost") == card and len(it.desk.store.reviews()) == 2
        assert it.desk.store.kept("drills", Drilled)["why-cost"].right is False
        assert drill.undo() is not None and drill.question.id == "why-cost"
        assert not it.desk.store.kept("drills", Drilled) and len(it.desk.store.reviews()) == 2


async def test_a_fourth_lapse_offers_a_remedy_and_quickness_is_told(program) -> None:
    async with program() as it:
        store, day = it.desk.store, it.desk.clock().date() - datetime.timedelta(1)
        review = Review(
            question="mmoe-cosine",
            answer=GaveUp(),
            right=True,
            proposed=3,
            grade=3,
            confidence=None,
            seconds=50.0,
            at=it.desk.clock() - datetime.timedelta(1),
            language="en",
        )
        for n in range(11):
            card = it.desk.reschedule(None, 3, day)
            store.record_review(review, type(card)(day, day, 1.0, 5.0, reps=n + 1, lapses=3))
        screen = await it.ask("mmoe-cosine", "why-cost")
        await it.press("0")
        assert it.shows("Forgotten for the 4th time")
        await it.press("u", "escape")
        screen = await it.ask("k-multiple")
        await it.press(*rows_of(screen, 1, 3), "enter", "3")
        assert it.shows("faster than you usually are") and screen.session.grade.proposed == 3


async def test_words_that_were_begun_are_kept_when_the_question_is_set_aside(program) -> None:
    async with program() as it:
        await it.ask("k-text", "why-cost")
        await it.type("Half a")
        await it.press("escape", "b", "1")
        assert it.app.screen.session.question.id == "why-cost"
        await it.press("u")
        assert it.app.screen.box.text == "Half a"


@pytest.mark.parametrize("counts", [True, False], ids=["session", "drill"])
async def test_setting_aside_is_undone_before_the_grade(program, counts) -> None:
    async with program() as it:
        screen = SessionScreen(it.desk.session_of(["why-cost", "mmoe-cosine"], counts=counts))
        await it.app.push_screen(screen)
        session = screen.session
        await it.press("0", "b", "2")
        assert list(it.desk.day().suspended) == ["why-cost"] and session.question.id == "mmoe-cosine"
        await it.press("b", "1")
        assert session.phase == "over" and list(it.desk.store.kept("buried", Buried)) == ["mmoe-cosine"]
        await it.press("u")
        assert session.question.id == "mmoe-cosine" and not it.desk.store.kept("buried", Buried)
        await it.until(lambda: "is set aside no more" in it.toasts)
        await it.press("u")
        assert not it.desk.day().suspended and session.right == {"why-cost": False}
        await it.press("u")
        assert session.question.id == "why-cost" and session.phase == "asking"
        assert not it.desk.store.reviews() and not it.desk.store.kept("drills", Drilled)


async def test_what_was_taken_back_from_the_list_is_not_undone_again(program) -> None:
    async with program() as it:
        await it.ask("why-cost", "mmoe-cosine")
        await it.press("0", "1", "b", "2")
        it.desk.store.forget("suspended", "mmoe-cosine")
        await it.press("u")
        await it.until(lambda: "Undone: grade 1" in it.toasts)


async def test_undo_brings_words_back_from_home_and_a_drills_earlier_mark(program) -> None:
    async with program() as it:
        await it.ask("k-text")
        await it.type("Softmax.")
        await it.press("ctrl+s", "3", "enter", "enter", "escape", "u")
        assert it.desk.store.kept("drafts", Draft)["k-text"].text == "Softmax."

        for answered in (False, True):
            session = it.desk.session_of(["k-multiple"], counts=False)
            session.give_up()
            session.grade = msgspec.structs.replace(session.grade, right=answered)
            session.rate(3)
        assert it.desk.store.kept("drills", Drilled)["k-multiple"].right
        session.undo()
        assert not it.desk.store.kept("drills", Drilled)["k-multiple"].right


async def test_a_setting_aside_after_an_undone_grade_brings_its_question_back_when_undone(program) -> None:
    async with program() as it:
        screen = await it.ask("why-cost", "mmoe-cosine")
        await it.press("0", "enter", "u", "b", "1")
        assert screen.session.question.id == "mmoe-cosine"
        await it.press("u")
        assert screen.session.question.id == "why-cost"
