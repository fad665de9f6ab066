"""The report of a mock interview in words, and as Markdown: figures, what to study next, what was asked and answered.

Few answers are counts: nothing is ranked and no per cent is given under ten answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtl_tui.locale import language, later, pick, say
from mtl_tui.notes.experiment import Table
from mtl_tui.notes.markdown import MARKER, fence, plain, table
from quizzes.bank import Bank
from quizzes.grading import GaveUp, Words
from quizzes.interview import Figures, Interview, Missed, Report, report

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


def topic_rows(told: Report, bank: Bank, before: Report | None) -> list[tuple[str, ...]]:
    """The figures by topic, in the order of asking; the last column only where there is an earlier interview."""
    rows: list[tuple[str, ...]] = []
    for topic, figures in told.topics.items():
        earlier = before.topics.get(topic) if before else None
        row = (
            f"{topic} {pick(bank.topics[topic])}",
            f"{figures.right} / {figures.asked}",
            f"{figures.covered} / {figures.points}" if figures.points else "-",
            f"{clock(figures.seconds)} / {clock(figures.suggested)}",
        )
        rows.append((*row, _right_of_asked(earlier)) if before else row)
    return rows


def _right_of_asked(figures: Figures | None) -> str:
    return f"{figures.right} / {figures.asked}" if figures else "-"


def sure_lines(told: Report) -> list[str]:
    """Confidence against correctness, as counts."""
    return [
        say(
            "{sure}: {n} answered, {right} right, {wrong} wrong",
            sure=say(SURE[each.confidence - 1]),
            n=each.answered,
            right=each.right,
            wrong=each.answered - each.right,
        )
        for each in told.sureness
    ]


def study_line(missed: Missed, bank: Bank) -> str:
    """A question to study next, with its topic and why."""
    question = bank.questions[missed.question]
    return say("{why}: {stem} ({topic})", why=say(WHY[missed.why]), stem=pick(question.stem), topic=question.topic)


def render(interview: Interview, bank: Bank, earlier: Interview | None) -> str:
    """The report as Markdown in the language spoken now; it ends in the line below which a person's text is kept."""
    return "\n\n".join([*_parts(interview, bank, earlier), MARKER]) + "\n"


def _parts(interview: Interview, bank: Bank, earlier: Interview | None) -> Iterator[str]:
    told = report(interview, bank)
    before = report(earlier, bank) if earlier else None
    yield f"# {title(interview)}"
    yield plain(summary(interview, told))
    if earlier is not None and before is not None:
        yield plain(say("Last time, {when}: {summary}", when=_day(earlier), summary=summary(earlier, before)))
    if told.topics:
        rows = topic_rows(told, bank, before)
        head = tuple(say(name) for name in HEAD[: len(rows[0])])
        yield table(Table(head, tuple(rows)))
    if told.sureness:
        yield f"## {say('Confidence against correctness')}"
        yield "\n".join(f"- {plain(line)}" for line in sure_lines(told))
    if told.study:
        yield f"## {say('What to study next')}"
        yield "\n".join(_study(told, bank))
    yield f"## {say('Questions and answers')}"
    yield from _rounds(interview, bank)
    if interview.scratch.strip():
        yield f"## {say('Scratch pad')}"
        yield fence(interview.scratch.strip().split("\n"))


def _day(interview: Interview) -> str:
    return interview.begun.strftime("%Y-%m-%d")


def _study(told: Report, bank: Bank) -> Iterator[str]:
    for each in told.study:
        yield f"- {plain(study_line(each, bank))}"
        for point in each.points:
            yield f"  - {plain(pick(point.text))}"


def _rounds(interview: Interview, bank: Bank) -> Iterator[str]:
    for number, each in enumerate(interview.rounds, start=1):
        question = bank.questions.get(each.question)
        if question is None or each.answer is None:
            continue
        yield f"### {number}. {plain(pick(question.stem))}"
        if isinstance(each.answer, GaveUp):
            yield say("I did not answer.")
        elif isinstance(each.answer, Words):
            yield fence(each.answer.text.strip().split("\n"))
        yield plain(say("In 30 seconds, aloud: {text}", text=pick(question.say)))
        for follow_up in question.follow_ups[: each.follow_ups]:
            yield plain(say("Follow-up: {ask} {say}", ask=pick(follow_up.ask), say=pick(follow_up.say)))
