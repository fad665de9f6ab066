"""The words around a question: how to answer it, what comes next, and the end of a session."""

from __future__ import annotations

from models.pairings import Pairing
from mtl_tui.flows import explain, words
from mtl_tui.flows.answering import Answering
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import Bilingual, pick, say
from mtl_tui.typeset import Block
from quizzes.question import Code, FindBug, FreeText, Matching, Multiple, Numeric, Ordering, Predict


def below(session: QuizSession, missing: Bilingual | None, pairing: Pairing | None, opened: bool) -> list[Block]:
    """What stands below a question or an answer: how to answer, how sure, the proposed grade, what can be trained.

    `missing` is what the last handing in lacked; `opened`: the run is on screen already.
    """
    blocks: list[Block] = []
    if session.phase == "asking":
        blocks += asking(session.answering, missing, tells_why=True)
        if isinstance(session.question, Predict) and not session.again:
            blocks.append(Block(say("The run that decides it starts once you have answered."), "quiet"))
        elif pairing is not None:
            blocks.append(Block(say("This answer can be run: answer first, then t trains it."), "quiet"))
    elif session.phase == "confidence":
        blocks.append(sure())
        blocks.append(Block(say("Only for the count of sure but wrong; the schedule does not use it."), "quiet"))
    elif session.phase == "points":
        blocks.append(Block(words.covered(session.answering), "pick"))
        blocks.append(
            Block(say("What the words did not show, you decide: a digit counts a point or takes it back."), "quiet")
        )
    elif session.phase == "graded":
        blocks += explain.leech(session)
        blocks.append(Block(explain.proposal(session), "pick"))
        if pairing is not None and not opened:
            blocks.append(
                Block(
                    say("t trains it live, about 15 s: {what}", what=pick(pairing.watch)),
                    "pick",
                )
            )
    return blocks


def asking(answering: Answering, missing: Bilingual | None, *, tells_why: bool) -> list[Block]:
    """What the last handing in lacked, the line that was wrong for another reason, and how to answer."""
    blocks = [Block(pick(missing), "wrong")] if missing is not None else []
    told = answering.told
    if told is not None:
        blocks.append(Block(say("Line {n} is truly wrong, but not for this: pick again.", n=told.line), "pick"))
        if tells_why:
            blocks.append(Block(pick(told.why), "quiet"))
    return [*blocks, Block(how(answering), "quiet")]


def sure() -> Block:
    """The question how sure the person is."""
    return Block(say("How sure?   [1 Guess]   [2 Not sure]   [3 Sure]"), "pick")


def aside() -> list[Block]:
    """The menu of ways to set a question aside."""
    return [
        Block(say("Set this question aside?"), "pick"),
        Block(say("ask again tomorrow"), lead="1  ", indent=3),
        Block(say("suspend, until it is resumed in the figures"), lead="2  ", indent=3),
        Block(say("never again"), lead="3  ", indent=3),
    ]


def synonym() -> list[Block]:
    """The question for a synonym."""
    return [
        Block(say("Which words say this point too?"), "pick"),
        Block(
            say(
                "Shorten them to what decides; + with blanks joins words of one sentence, | means or. "
                "enter keeps, esc leaves."
            ),
            "quiet",
        ),
    ]


def how(answering: Answering) -> str:
    """How a question of this kind is answered."""
    match answering.question:
        case Multiple():
            return say("Digits tick all that are right, one or more; enter hands in.")
        case Ordering():
            return say("Press the digits in the order you think right; the same digit takes it back. enter hands in.")
        case Matching():
            return say("Press the digit of the right side that belongs to the row; up and down change the row.")
        case FreeText():
            return say("Two to five sentences. tab leaves the box, then enter hands in; ctrl+s hands in at once.")
        case Code():
            return say("tab indents, esc leaves the box, then enter hands in; ctrl+s hands in at once.")
        case FindBug() if not answering.asks_reason:
            chosen = answering.chosen
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
        mark = say("right") if session.right[id] else say("wrong")
        lines.append(Block(pick(session.bank.questions[id].stem), "body", lead=f"{mark}  ", indent=6))
    lines += [
        Block(""),
        Block(say("enter goes back; 4 there writes a note from what you have answered and trained.")),
    ]
    return lines
