"""A question and its answer as blocks of text: the same words on the screen and in the plain form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import later, pick, say
from mtl_tui.typeset import Block, width_of
from quizzes import grading
from quizzes.bank import Bank
from quizzes.question import FindBug, Line, Numeric, Ordering, Question, Single, TrueFalse

KIND = {
    Single: later("single choice"),
    TrueFalse: later("true or false"),
    Numeric: later("number"),
    Ordering: later("ordering"),
    FindBug: later("find the bug"),
}
GRADES = (later("Again"), later("Hard"), later("Good"), later("Easy"))
BASIS = {"paper": later("from the literature"), "measured": later("measured here"), "derived": later("derived here")}
REASONS = {
    "right": later("right"),
    "wrong": later("wrong"),
    "gave-up": later("not answered"),
    "hint-used": later("with the hint"),
    "unaided": later("without the hint"),
}


def stem(session: QuizSession) -> list[Block]:
    """What is asked."""
    question = session.question
    blocks = [Block(pick(question.stem), "lead")]
    if session.hint_shown and question.hint is not None:
        blocks += [Block(""), Block(say("Hint: {hint}", hint=pick(question.hint)), "quiet")]
    return blocks


def rows(session: QuizSession, here: int) -> list[list[Block]]:
    """What can be chosen, a list of blocks a row; `here` is the row with the cursor."""
    question = session.question
    match question:
        case Single(options=options):
            return [
                _row(row, here, "(x)" if session.chosen == row else "( )", pick(options[index].text))
                for row, index in enumerate(session.rows)
            ]
        case TrueFalse():
            return [
                _row(row, here, "(x)" if session.chosen == row else "( )", say(word))
                for row, word in enumerate((later("true"), later("false")))
            ]
        case Ordering(items=items):
            return [
                _row(
                    row,
                    here,
                    f"[{session.order.index(row) + 1}]" if row in session.order else "[ ]",
                    pick(items[index].text),
                )
                for row, index in enumerate(session.rows)
            ]
        case FindBug(listing=listing):
            return [
                [
                    Block(
                        line or " ",
                        "pick" if row == session.chosen else "wrong" if row + 1 in session.tried else "code",
                        indent=7,
                        lead=f"{'>' if row == here else ' '} {row + 1:>3}  ",
                        verbatim=True,
                    )
                ]
                for row, line in enumerate(session.bank.listings[listing])
            ]
        case Numeric():
            return []
        case other:
            raise TypeError(type(other).__name__)


def answered(session: QuizSession, *, narrow: bool = False) -> list[Block]:
    """The question and its verdict. In a narrow column beside a run the explanation comes before the question."""
    if narrow:
        why = [*_verdicts(session), *_other_lines(session)]
        lasting = explanation(session.bank, session.question)
        return [_right_or_wrong(session), Block(""), *lasting, Block(""), *stem(session), Block(""), *why]
    return [*stem(session), Block(""), *verdict(session)]


def verdict(session: QuizSession) -> list[Block]:
    """Right or wrong, every option with its reason, then the answer aloud, facts, the usual wrong answer, sources."""
    why, others = _verdicts(session), _other_lines(session)
    lasting = explanation(session.bank, session.question)
    return [_right_or_wrong(session), Block(""), *why, Block(""), *lasting, *others]


def explanation(bank: Bank, question: Question) -> list[Block]:
    """The lasting part of an answer."""
    blocks = [
        Block(say("In 30 seconds, aloud"), "head"),
        Block(pick(question.say)),
        Block(""),
        Block(say("Facts"), "head"),
    ]
    blocks += [Block(pick(fact), lead=f"{n} ", indent=2) for n, fact in enumerate(question.facts, start=1)]
    blocks += [
        Block(""),
        Block(say("The usual wrong answer"), "head"),
        Block(pick(question.usual.answer), "wrong", indent=2),
        Block(pick(question.usual.why), indent=2),
    ]
    if question.limits is not None:
        blocks += [Block(""), Block(say("When it does not hold"), "head"), Block(pick(question.limits))]
    if question.look is not None:
        blocks += [Block(""), Block(pick(question.look), "pick")]
    blocks += [Block(""), Block(say("Source"), "head"), *(Block(line, "quiet") for line in sources(bank, question))]
    return blocks


def sources(bank: Bank, question: Question) -> list[str]:
    """One line a source, the section after it, and what kind of knowledge the answer is."""
    lines = []
    for source in question.sources:
        where = f"{say(', ')}{pick(source.where)}" if source.where is not None else ""
        lines.append(f"{pick(bank.sources[source.key].short)}{where}")
    return [*lines, say(BASIS[question.basis])]


def proposal(session: QuizSession) -> str:
    """The proposed grade and its reason."""
    assert session.grade is not None
    reasons = say(", ").join(say(REASONS[reason]) for reason in session.grade.reasons)
    return say(
        "Proposed grade {n} {grade} ({reasons})",
        n=session.grade.proposed,
        grade=say(GRADES[session.grade.proposed - 1]),
        reasons=reasons,
    )


def _row(row: int, here: int, box: str, text: str) -> list[Block]:
    lead = f"{'>' if row == here else ' '} {box} {row + 1}  "
    return [Block(text, "pick" if row == here else "body", lead=lead, indent=width_of(lead))]


def _right_or_wrong(session: QuizSession) -> Block:
    assert session.grade is not None
    right = session.grade.right
    gave_up = isinstance(session.answer, grading.GaveUp)
    word = say("Not answered.") if gave_up else say("Right.") if right else say("Wrong.")
    given = _given(session)
    text = say("{verdict} {given}", verdict=word, given=given) if given else word
    return Block(text, "right" if right else "wrong")


def _given(session: QuizSession) -> str:
    match session.question, session.answer:
        case Single(), grading.Choice(index=index):
            return say("You chose {n}.", n=session.rows.index(index) + 1)
        case FindBug(), grading.LineNumber(line=line):
            return say("You chose line {n}.", n=line)
        case Numeric(answer=answer), _:
            return say("The answer is {answer}.", answer=f"{answer:g}")
        case Ordering(), grading.Order(items=order):
            return say("You put them as {order}.", order=" ".join(str(index + 1) for index in order))
        case _:
            return ""


def _verdicts(session: QuizSession) -> Iterator[Block]:
    question, grade, answer = session.question, session.grade, session.answer
    assert grade is not None
    match question:
        case Single(options=options):
            for row, index in enumerate(session.rows):
                option = options[index]
                mark = say("right") if option.right else say("wrong")
                mine = isinstance(answer, grading.Choice) and answer.index == index
                kind = "right" if option.right else "wrong" if mine else "body"
                lead = f"{mark} {row + 1}  "
                yield Block(pick(option.text), kind, lead=lead, indent=width_of(lead))
                yield Block(pick(option.why), "quiet", indent=width_of(lead))
        case TrueFalse(answer=truth, why=why, trap=trap):
            yield Block(say("The sentence is true.") if truth else say("The sentence is false."), "right")
            yield Block(pick(why))
            if not grade.right:
                yield Block(pick(trap), "quiet")
        case Numeric(steps=steps):
            for step in steps:
                yield Block(pick(step), indent=2)
            for verdict in grade.verdicts:
                if verdict.chosen:
                    yield Block(pick(verdict.why), "wrong")
        case Ordering(items=items):
            for n, item in enumerate(items, start=1):
                yield Block(pick(item.text), "right", lead=f"{n}  ", indent=3)
                yield Block(pick(item.why), "quiet", indent=3)
        case FindBug(lines=lines, innocent=innocent):
            if not grade.right and isinstance(answer, grading.LineNumber):
                yield Block(pick(innocent), "wrong")
            yield from _lines(session, [line for line in lines if line.right])


def _other_lines(session: QuizSession) -> Iterator[Block]:
    if isinstance(session.question, FindBug):
        others = [line for line in session.question.lines if not line.right]
        if others:
            yield Block("")
            yield Block(say("Also wrong in this listing, with other consequences"), "head")
            yield from _lines(session, others)


def _lines(session: QuizSession, lines: Sequence[Line]) -> Iterator[Block]:
    assert isinstance(session.question, FindBug)
    code = session.bank.listings[session.question.listing]
    for line in lines:
        kind = "right" if line.right else "body"
        yield Block(code[line.line - 1], kind, lead=f"{line.line:>3}  ", indent=5, verbatim=True)
        yield Block(pick(line.why), "quiet", indent=5)
