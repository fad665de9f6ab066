"""A mock interview in lines, also when it is killed."""

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from mtl_tui.commands.interview import Interviewer
from mtl_tui.commands.plain import at_desk
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.interview import TABLE, InterviewSession
from mtl_tui.flows.interview_report import export
from mtl_tui.store.store import Store
from quizzes.bank import load
from quizzes.grading import Words
from quizzes.interview import Interview, Round, compose
from quizzes.question import FreeText, Ordering, Single

PLAIN = ("interview", "--plain", "--lang", "en")


def kept(home: Path) -> Interview:
    store = Store.open(home / "data")
    try:
        [interview] = store.kept(TABLE, Interview).values()
        assert not store.reviews() and not store.cards(), "an interview touched the schedule"
        return interview
    finally:
        store.close()


def test_a_whole_interview_ends_with_a_report_that_is_written_and_nothing_in_the_schedule(program, home) -> None:
    count = len(compose(load().in_path(), 15, seed=1))
    done = program(*PLAIN, "--minutes", "15", "--seed", "1", "--export", written="skip\n" * count + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Have you any questions for us?" in done.stdout
    assert f"Asked {count} of {count}, right 0;" in done.stdout and "What to study next" in done.stdout
    [file] = Path("notes").glob("*-interview.md")
    assert file.read_text(encoding="utf-8").startswith("# Mock interview of 15 minutes")
    assert str(file) in done.stdout
    assert kept(home).ended is not None


def test_interviews_begun_in_one_minute_have_a_report_each(home) -> None:
    begun = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    one = Interview(id="1", begun=begun, minutes=15, topics=(), levels=(1, 5), seed=1, rounds=())
    with at_desk("en") as desk:
        first, second = (export(desk, each) for each in (one, replace(one, begun=begun.replace(second=58))))
    assert first != second and first.exists() and second.exists()


def test_a_killed_interview_goes_on_with_the_lines_that_were_written(program, home) -> None:
    bank = load()
    written = next(each for each in bank.questions.values() if isinstance(each, FreeText))
    level = str(written.difficulty)
    options = ("--minutes", "15", "--topic", written.topic.lower(), "--level", level, "--seed", "4")
    rounds = compose(bank.in_path(), 15, (written.topic,), (written.difficulty, written.difficulty), 4)
    place = next(n for n, each in enumerate(rounds) if isinstance(bank.questions[each.question], FreeText))
    command = [sys.executable, "-P", "-m", "mtl_tui", *PLAIN, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("skip\n" * place + "one line kept\n")
        process.stdin.flush()
        while (
            not (home / "data" / "journal.jsonl").exists()
            or b"one line kept" not in (home / "data" / "journal.jsonl").read_bytes()
        ):
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    assert kept(home).rounds[place].draft == "one line kept\n"

    went_on = program(*PLAIN, "--minutes", "45", written="\nand another\n\n3\n")
    assert "what you chose is for a new one" in went_on.stdout
    assert f"stopped at question {place + 1}, " in went_on.stdout and "one line kept" in went_on.stdout
    assert "goes on" in went_on.stdout
    interview = kept(home)
    answered = interview.rounds[place]
    assert isinstance(answered.answer, Words) and answered.answer.text == "one line kept\nand another\n"
    assert (answered.confidence, interview.ended) == (3, None)

    ended = program(*PLAIN, written="x\n")
    assert f"Asked {place + 1} of {len(rounds)}" in ended.stdout
    assert "question 1 of" not in ended.stdout and kept(home).ended is not None


def asked(desk: Desk, kind: type) -> Interviewer:
    """An interview in lines whose only question is of this kind."""
    question = next(each for each in desk.bank.in_path() if isinstance(each, kind))
    one = Round(question=question.id, suggested=60)
    session = InterviewSession(
        desk, Interview(id="i", begun=desk.clock(), minutes=15, topics=(), levels=(1, 5), seed=0, rounds=(one,))
    )
    session.keep()
    return Interviewer(desk, session)


def test_an_order_is_taken_with_or_without_blanks_and_anything_else_is_refused_in_its_words(home, capsys) -> None:
    with at_desk("en") as desk:
        interviewer = asked(desk, Ordering)
        answering = interviewer.session.answering
        count = answering.row_count
        for written in ("", "2 1", "1" * count, str(count + 1)):
            assert not interviewer.choose(written)
            assert capsys.readouterr().out == f"Write each of 1 to {count} once.\n"
        backwards = [str(n) for n in range(count, 0, -1)]
        for written in (" ".join(backwards), "".join(backwards)):
            assert interviewer.choose(written) and answering.order == [*reversed(range(count))]
        interviewer.hand_in()
        assert interviewer.session.round.answer is not None


def test_of_options_one_number_is_taken(home, capsys) -> None:
    with at_desk("en") as desk:
        interviewer = asked(desk, Single)
        count = interviewer.session.answering.row_count
        for written in ("1 2", "12", "0", "b"):
            assert not interviewer.choose(written)
            assert capsys.readouterr().out == f"Write a number from 1 to {count}.\n"
        assert interviewer.choose("2") and interviewer.session.answering.chosen == 1


def test_the_time_of_a_line_is_kept_with_it(home, monkeypatch) -> None:
    with at_desk("en") as desk:
        now, kept_then = desk.clock(), []
        desk.clock = lambda: now + timedelta(seconds=40 * len(kept_then))
        interviewer = asked(desk, FreeText)

        class Slow(io.StringIO):
            def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
                kept_then.append(desk.store.kept(TABLE, Interview)["i"].seconds)
                return super().readline()

        monkeypatch.setattr("sys.stdin", Slow("one line\nand another\n\n"))
        interviewer.read()
        assert kept_then == [0, 40, 80]


def test_an_interview_that_cannot_be_kept_is_not_promised_for_later(program, home) -> None:
    home.write_text("a file where the folder should be")
    left = program(*PLAIN, "--seed", "1", written="q\n")
    assert left.returncode == 1 and left.stderr.count("Not saved when the program ended: ") == 1
    assert "Kept where it stands" not in left.stdout


def test_what_cannot_be_asked_is_one_sentence(program) -> None:
    assert program(*PLAIN, "--topic", "T99").stderr.startswith("No question on T99; the bank has T01, ")
    assert "write one from 1 to 5" in program(*PLAIN, "--level", "7").stderr
