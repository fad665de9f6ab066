"""The report of a mock interview in words, and as Markdown: figures, what to study next, what was asked and answered.

Few answers are counts: nothing is ranked and no per cent is given under ten answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from mtl_tui.locale import language, later, pick, say
from mtl_tui.notes.experiment import Table
from mtl_tui.notes.markdown import MARKER, answered, fence, items, plain, table
from mtl_tui.notes.note import tried
from quizzes.bank import Bank
from quizzes.grading import Words
from quizzes.interview import Figures, Interview, Marked, Missed, Report, report
from quizzes.question import Code, FreeText, Point

SURE = (later("Guess"), later("Not sure"), later("Sure"))
WHY = {
    "sure-wrong": later("sure but wrong"),
    "wrong": later("wrong"),
    "skipped": later("not answered"),
    "points": later("right, but points are missing"),
}
HEAD = (
    later("topic"),
    later("right / asked"),
    later("points"),
    later("time / suggested"),
    later("last time"),
)


class Part(NamedTuple):
    """A part of a report: a table, lines with what hangs from each, a remark beside them. Lines without a heading are
    sentences; `ranked` ones stand in the order of their weight."""

    heading: str = ""
    table: Table | None = None
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranked: bool = False
    remark: str = ""


def clock(seconds: float) -> str:
    """Minutes and seconds, such as 02:10."""
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def title(interview: Interview) -> str:
    """Which interview it was."""
    return say(
        "Mock interview of {n} minutes, {when}", n=interview.minutes, when=interview.begun.strftime("%Y-%m-%d %H:%M")
    )


def summary(interview: Interview, told: Report) -> str:
    """All of it in a few sentences."""
    total = told.total
    sentences = [
        say(
            "Asked {asked} of {planned}, right {right}; time {time}, suggested {suggested}.",
            asked=total.asked,
            planned=told.planned,
            right=total.right,
            time=clock(total.seconds),
            suggested=clock(total.suggested),
        )
    ]
    if total.points:
        sentences.append(say("Points covered: {n} of {count}.", n=total.covered, count=total.points))
    if interview.paused >= 1:
        sentences.append(say("Paused {time}.", time=clock(interview.paused)))
    if told.gone:
        sentences.append(say("Questions that the bank no longer has: {n}.", n=told.gone))
    return ("" if language() == "zh" else " ").join(sentences)


def parts(interview: Interview, bank: Bank, earlier: Interview | None) -> Iterator[Part]:
    """The figures in all and by topic, confidence against correctness, what to study next, beside the interview before.
    The table's last column stands only where there is one."""
    told = report(interview, bank)
    before = report(earlier, bank) if earlier else None
    last = ""
    if earlier is not None and before is not None:
        when = earlier.begun.strftime("%Y-%m-%d")
        last = say("Last time, {when}: {summary}", when=when, summary=summary(earlier, before))
    yield Part(lines=((summary(interview, told), ()),), remark=last)
    if told.topics:
        head = tuple(say(name) for name in (HEAD if before else HEAD[:-1]))
        rows = tuple(_row(topic, figures, bank, before) for topic, figures in told.topics.items())
        few = say("Counts, no ranking: a topic is ranked from {n} answers on.", n=10)
        yield Part(table=Table(head, rows), remark=few)
    if told.sureness:
        yield Part(say("Confidence against correctness"), lines=tuple((line, ()) for line in _sure(told)))
    if told.study:
        missed = tuple((_study(each, bank), tuple(pick(point.text) for point in each.points)) for each in told.study)
        yield Part(say("What to study next"), lines=missed, ranked=True)


def _row(topic: str, figures: Figures, bank: Bank, before: Report | None) -> tuple[str, ...]:
    row = (
        pick(bank.entitled(topic)),
        f"{figures.right} / {figures.asked}",
        f"{figures.covered} / {figures.points}" if figures.points else "-",
        f"{clock(figures.seconds)} / {clock(figures.suggested)}",
    )
    if before is None:
        return row
    earlier = before.topics.get(topic)
    return (*row, f"{earlier.right} / {earlier.asked}" if earlier else "-")


def _sure(told: Report) -> Iterator[str]:
    for each in told.sureness:
        yield say(
            "{sure}: {n} answered, {right} right, {wrong} wrong",
            sure=say(SURE[each.confidence - 1]),
            n=each.answered,
            right=each.right,
            wrong=each.answered - each.right,
        )


def _study(missed: Missed, bank: Bank) -> str:
    question = bank.questions[missed.question]
    return say("{why}: {stem} ({topic})", why=say(WHY[missed.why]), stem=pick(question.stem), topic=question.topic)


def render(interview: Interview, bank: Bank, earlier: Interview | None) -> str:
    """The report as Markdown in the language spoken now; it ends in the line below which a person's text is kept."""
    return "\n\n".join([*_blocks(interview, bank, earlier), MARKER]) + "\n"


def _blocks(interview: Interview, bank: Bank, earlier: Interview | None) -> Iterator[str]:
    yield f"# {title(interview)}"
    for part in parts(interview, bank, earlier):
        if part.heading:
            yield f"## {part.heading}"
            yield "\n".join(_listed(part))
        else:
            yield from (plain(line) for line, _ in part.lines)
        if part.table is not None:
            yield table(part.table)
        if part.remark:
            yield plain(part.remark)
    yield f"## {say('Questions and answers')}"
    for number, each in enumerate(report(interview, bank).marked, start=1):
        yield from _round(number, each)
    if interview.scratch.strip():
        yield f"## {say('Scratch pad')}"
        yield fence(interview.scratch.strip().split("\n"))


def _listed(part: Part) -> Iterator[str]:
    for number, (line, under) in enumerate(part.lines, start=1):
        lead = f"{number}. " if part.ranked else "- "
        yield lead + plain(line)
        yield from (" " * len(lead) + f"- {plain(text)}" for text in under)


def _round(number: int, marked: Marked) -> Iterator[str]:
    """What was asked and answered, how it went, and what one would say."""
    question, given = marked.question, marked.round
    assert given.answer is not None
    yield f"### {number}. {plain(pick(question.stem))}"
    mine = tried(question, given.answer, marked.right, given.confidence, given.seconds)
    points: list[str] = []
    if isinstance(given.answer, Words):
        yield fence(given.answer.text.strip().split("\n"))
    if isinstance(question, FreeText | Code):
        mine = replace(mine, answer="", lesson="")
        covered = [point for point in question.points if point not in marked.missed]
        points += [say("Covered: {points}", points=_texts(covered))] if covered else []
        points += [say("Missing: {points}", points=_texts(marked.missed))] if marked.missed else []
    yield items([*answered(mine), *points])
    yield plain(say("In 30 seconds, aloud: {text}", text=pick(question.say)))
    for follow_up in question.follow_ups[: given.follow_ups]:
        yield plain(say("Follow-up: {ask} {say}", ask=pick(follow_up.ask), say=pick(follow_up.say)))


def _texts(points: Iterable[Point]) -> str:
    return say("; ").join(pick(point.text) for point in points)
