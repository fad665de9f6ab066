"""The words around a question: how to answer it, what comes next, and the end of a session."""

from __future__ import annotations

from models.pairings import Pairing
from mtl_tui.flows import explain
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block
from quizzes.question import FindBug, Numeric, Ordering


def below(session: QuizSession, missing: str, pairing: Pairing | None, opened: bool) -> list[Block]:
    """What stands below a question or an answer: how to answer, how sure, the proposed grade, what can be trained.

    `missing` is what the last handing in lacked; `opened`: the run is on screen already.
    """
    blocks: list[Block] = []
    if missing:
        blocks.append(Block(missing, "wrong"))
    if session.phase == "asking":
        if session.told is not None:
            blocks.append(
                Block(say("Line {n} is truly wrong, but not for this: pick again.", n=session.told.line), "pick")
            )
            blocks.append(Block(pick(session.told.why), "quiet"))
        blocks.append(Block(_how(session), "quiet"))
        if pairing is not None:
            blocks.append(Block(say("This answer can be run: answer first, then t trains it."), "quiet"))
    elif session.phase == "confidence":
        blocks.append(Block(say("How sure?   [1 Guess]   [2 Not sure]   [3 Sure]"), "pick"))
        blocks.append(Block(say("Only for the count of sure but wrong; the schedule does not use it."), "quiet"))
    elif session.phase == "graded":
        blocks.append(Block(explain.proposal(session), "pick"))
        if pairing is not None and not opened:
            blocks.append(
                Block(
                    say("t trains it live, about 15 s: {what}", what=pick(pairing.watch)),
                    "pick",
                )
            )
    return blocks


def _how(session: QuizSession) -> str:
    match session.question:
        case Ordering():
            return say("Press the digits in the order you think right; the same digit takes it back. enter hands in.")
        case FindBug():
            chosen = session.chosen
            line = "_" if chosen is None else str(chosen + 1)
            return say("Type the line number: {line}   enter hands in.", line=line)
        case Numeric(form=form):
            return say("{form}   enter hands in, tab leaves the box.", form=pick(form))
        case _:
            return say("A digit chooses, enter hands in.")


def summary(session: QuizSession) -> list[Block]:
    """What the session was, once it is over."""
    lines = [Block(say("The session is over: {n} rated.", n=len(session.reviewed)), "lead"), Block("")]
    for id in session.reviewed:
        review = session.store.last_review(id)
        if review is not None:
            question = session.bank.questions[id]
            mark = say("right") if review.right else say("wrong")
            lines.append(Block(pick(question.stem), "body", lead=f"{mark}  ", indent=6))
    lines += [
        Block(""),
        Block(say("enter goes back; 4 there writes a note from what you have answered and trained.")),
    ]
    return lines
