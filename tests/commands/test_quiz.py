"""The quiz line by line: what a person writes, what is kept of it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from mtl_tui.commands.plain import at_desk
from mtl_tui.commands.quiz import Conversation, session_of
from mtl_tui.flows.desk import Desk
from mtl_tui.store.marks import Draft, Suspended
from mtl_tui.store.store import Store
from quizzes.grading import Choices, GaveUp, Matched, Truth, Words
from quizzes.question import Base, Code, FindBug, FreeText, Matching, Multiple, Numeric, Ordering

Program = Callable[..., subprocess.CompletedProcess[str]]
T = TypeVar("T")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with at_desk("en") as desk:
        yield desk


def talk(desk: Desk, monkeypatch: pytest.MonkeyPatch, question: str, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    Conversation(desk, desk.session_of([question])).run()


def one(desk: Desk, kind: type[T]) -> T:
    return next(each for each in desk.bank.questions.values() if isinstance(each, kind))


def test_two_answers_through_a_pipe_are_kept(program: Program, home: Path) -> None:
    written = "1\n3\n\n" + "2\n1\n4\n"
    done = program("quiz", "--plain", "--topic", "t01", "--length", "2", "--lang", "en", written=written)
    assert (done.returncode, done.stderr) == (0, "")
    assert "question 2 of " in done.stdout
    assert "\x1b" not in done.stdout
    store = Store.open(home / "data")
    first, second = store.reviews()
    assert (first.question, first.confidence, first.grade) == ("why-advantages", 3, first.proposed)
    assert (second.answer, second.confidence, second.grade) == (Truth(False), 1, 4)
    store.close()


def test_a_length_that_is_asked_for_counts_the_first_time_too(desk: Desk) -> None:
    assert [len(session_of(desk, None, length).queue) for length in (None, 2, 8)] == [5, 2, 8]


def test_options_that_exclude_each_other_are_one_sentence_in_the_language(program: Program) -> None:
    assert program("quiz", "--due", "--cram", "--lang", "en").stderr == (
        "--due and --cram exclude each other; leave one out.\n"
    )
    done = program("quiz", "--wrong", "--lang", "zh")
    assert (done.returncode, done.stderr) == (2, "--kind、--difficulty 和 --wrong 只用来选突击的题，要加上 --cram。\n")


def test_end_of_input_keeps_what_was_answered(program: Program, home: Path) -> None:
    done = program("quiz", "--plain", "--topic", "T01", "--lang", "en", written="1\n")
    assert done.returncode == 0
    assert done.stdout.endswith("Answered: 1, right: 0.\n")
    store = Store.open(home / "data")
    (review,) = store.reviews()
    assert (review.grade, review.confidence) == (review.proposed, None)
    store.close()


def test_giving_up_in_chinese_and_quitting(program: Program, home: Path) -> None:
    done = program("quiz", "--plain", "--topic", "T01", "--lang", "zh", written="不会\n\nq\n")
    assert done.returncode == 0
    assert "为什么要多任务" in done.stdout
    store = Store.open(home / "data")
    (review,) = store.reviews()
    assert (review.answer, review.language) == (GaveUp(), "zh")
    store.close()


def test_number_order_and_line_are_read_as_people_write_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number, order, bug = one(desk, Numeric), one(desk, Ordering), one(desk, FindBug)
    rows = desk.session_of([order.id]).answering.rows
    reasons = desk.session_of([bug.id]).answering.rows
    right_reason = next(str(row + 1) for row, index in enumerate(reasons) if bug.reasons[index].right)
    right_order = " ".join(str(rows.index(item) + 1) for item in range(len(rows)))
    right_line = next(line.line for line in bug.lines if line.right)
    other_line = next(line.line for line in bug.lines if not line.right)
    talk(desk, monkeypatch, number.id, "a few", f"{number.answer}", "3", "")
    talk(desk, monkeypatch, order.id, "1 1", right_order, "3", "")
    talk(desk, monkeypatch, bug.id, "999", str(other_line), str(right_line), right_reason, "3", "")
    assert [review.right for review in desk.store.reviews()] == [True, True, True]
    said = capsys.readouterr().out
    assert '"a few" is not a number' in said
    assert f"Write each of 1 to {len(rows)} once" in said
    assert f"Line {other_line} is truly wrong, but not for this" in said


def test_hint_lowers_the_proposal_and_undo_takes_the_grade_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = desk.bank.questions["listing1-softmax-line"]
    assert isinstance(question, FindBug)
    line = next(str(line.line) for line in question.lines if line.right)
    reasons = desk.session_of([question.id]).answering.rows
    reason = next(str(row + 1) for row, index in enumerate(reasons) if question.reasons[index].right)
    talk(desk, monkeypatch, question.id, "h", line, reason, "3", "")
    assert [review.grade for review in desk.store.reviews()] == [2]
    talk(desk, monkeypatch, question.id, "u", "q")
    assert desk.store.reviews() == []
    assert "Undone: grade 2" in capsys.readouterr().out


def test_t_trains_what_the_answer_claims(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talk(desk, monkeypatch, "listing1-softmax-line", "0", "t", "")
    said = " ".join(capsys.readouterr().out.split())
    assert "Step 250 of 1000: A as printed -1.000; B corrected +" in said
    assert "As the explanation says." in said
    (run,) = desk.store.runs()
    assert (run.name, run.held) == ("listing1-softmax", True)


def test_ticks_pairs_and_words_are_written_in_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    several, pairs = one(desk, Multiple), one(desk, Matching)
    text = one(desk, FreeText)
    shared = {name: getattr(text, name) for name in Base.__struct_fields__} | {"id": "own-code"}
    code = Code(starter="def two():\n    ...\n", reference="def two():\n    return 2\n", points=text.points, **shared)
    desk.bank.questions[code.id] = code
    right = [index for index, option in enumerate(several.options) if option.right]
    ticked = desk.session_of([several.id]).answering.rows
    given = desk.session_of([pairs.id]).answering.rows
    digits = " ".join(str(ticked.index(index) + 1) for index in right)
    talk(desk, monkeypatch, several.id, "9", digits, "3", "")
    talk(desk, monkeypatch, pairs.id, "1 1", " ".join(str(given.index(n) + 1) for n in range(len(given))), "3", "")
    every = " ".join(str(n) for n in range(1, len(text.points) + 1))
    talk(desk, monkeypatch, text.id, "h", "Nothing", "of note", "", "2", every, "", "")
    talk(desk, monkeypatch, code.id, code.reference, "", "pass", ".", "3", "", "")
    first, second, third, fourth = desk.store.reviews()
    assert (first.answer, first.right) == (Choices(tuple(right)), True)
    assert (second.answer, second.right) == (Matched(tuple(range(len(given)))), True)
    assert third.answer == Words("Nothing\nof note\n", tuple(range(len(text.points))))
    assert (third.proposed, third.grade) == (2, 2)
    assert isinstance(fourth.answer, Words) and fourth.answer.text.startswith(code.reference)
    said = capsys.readouterr().out
    assert f"Points covered: 0 of {len(text.points)}" in said and f"Points covered: {len(text.points)} of" in said
    assert f"Write each of 1 to {len(given)} once" in said


def test_words_begun_are_kept_at_ctrl_c_shown_again_and_gone_on_from(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            if not (line := super().readline()):
                raise KeyboardInterrupt
            return line

    text = one(desk, FreeText)
    desk.store.keep("drafts", text.id, Draft("begun on the screen"))
    monkeypatch.setattr("sys.stdin", Interrupted("a line\nand another\n"))
    Conversation(desk, desk.session_of([text.id])).run()
    assert desk.store.reviews() == []
    talk(desk, monkeypatch, text.id, "the end", "", "3", "", "")
    (review,) = desk.store.reviews()
    assert isinstance(review.answer, Words)
    assert review.answer.text == "begun on the screen\na line\nand another\nthe end\n"
    assert capsys.readouterr().out.count("begun on the screen") >= 2


def test_a_question_is_set_aside_in_lines(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(desk, monkeypatch, "why-cost", "b", "2", "")
    assert list(desk.store.kept("suspended", Suspended)) == ["why-cost"] and desk.store.reviews() == []
