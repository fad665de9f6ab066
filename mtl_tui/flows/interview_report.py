"""The report of a mock interview, its progress and the closing card as blocks of text, on the screen and in lines."""

from __future__ import annotations

from pathlib import Path

from mtl_tui import places
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.interview import InterviewSession, finished
from mtl_tui.locale import pick, say
from mtl_tui.notes import interview as notes
from mtl_tui.notes.export import write
from mtl_tui.typeset import Block, clip, width_of
from quizzes.bank import Bank
from quizzes.interview import Interview, ask_them

NAME_WIDTH = 26
FIGURE_WIDTHS = (14, 9, 18, 11)


def before(desk: Desk, interview: Interview) -> Interview | None:
    """The one that ended before this one."""
    return next((each for each in finished(desk.store) if each.begun < interview.begun), None)


def blocks(interview: Interview, bank: Bank, earlier: Interview | None) -> list[Block]:
    """The report of an interview, beside the one before."""
    shown = [Block(notes.title(interview), "lead")]
    for part in notes.parts(interview, bank, earlier):
        shown.append(Block(""))
        if part.heading:
            shown.append(Block(part.heading, "head"))
        if part.table is not None:
            shown.append(Block(_row(part.table.head), "head", verbatim=True))
            shown += [Block(_row(row), "code", verbatim=True) for row in part.table.rows]
        for number, (line, under) in enumerate(part.lines, start=1):
            lead = f"{number} " if part.ranked else ""
            shown.append(Block(line, lead=lead, indent=2 if part.heading else 0))
            shown += [Block(text, "quiet", lead="    - ", indent=6) for text in under]
        if part.remark:
            shown.append(Block(part.remark, "quiet"))
    return shown


def _row(cells: tuple[str, ...]) -> str:
    """Names on the left, figures in columns to their right."""
    name = clip(cells[0], NAME_WIDTH)
    figures = "".join(
        " " * max(width - width_of(cell), 1) + cell for cell, width in zip(cells[1:], FIGURE_WIDTHS, strict=False)
    )
    return name + " " * (NAME_WIDTH - width_of(name)) + figures


def progress(session: InterviewSession, room: int) -> list[Block]:
    """The questions around the one in front, `room` of them, each with its time; then the pace."""
    interview, rounds = session.interview, session.interview.rounds
    shown = [Block(say("Progress"), "head")]
    first = max(min(interview.place - room // 2, len(rounds) - room), 0)
    for number, each in list(enumerate(rounds))[first : first + room]:
        question = session.bank.questions.get(each.question)
        name = clip(pick(session.bank.topics[question.topic]), 22) if question is not None else "-"
        here = number == interview.place
        spent = notes.clock(each.seconds) if each.seconds or here else ""
        lead = f"{'>' if here else ' '} {number + 1:>2} "
        shown.append(Block(f"{name}  {spent}", "pick" if here else "body", lead=lead))
    pace = say("{time} so far", time=notes.clock(interview.seconds))
    if session.phase not in ("closing", "over"):
        pace = say(
            "answering {time}, suggested up to here {suggested}",
            time=notes.clock(sum(each.seconds for each in rounds)),
            suggested=notes.clock(session.suggested),
        )
    return [*shown, Block(""), Block(pace, "quiet"), Block("")]


def closing_card() -> list[Block]:
    """What to ask them, and what the answer tells."""
    shown = [Block(say("Have you any questions for us?"), "lead")]
    for theme in ask_them():
        shown += [Block(""), Block(pick(theme.title), "head")]
        shown += [Block(pick(text), lead="- ", indent=2) for text in theme.ask]
        shown.append(Block(pick(theme.listen), "quiet", indent=2))
    return shown


def export(desk: Desk, interview: Interview) -> Path:
    """Write the report as Markdown into the folder of the notes and return the file. Raises OSError."""
    folder = places.typed(desk.settings.notes_folder)
    text = notes.render(interview, desk.bank, before(desk, interview))
    return write(text, folder / f"{interview.begun:%Y-%m-%d-%H%M%S}-interview.md")
