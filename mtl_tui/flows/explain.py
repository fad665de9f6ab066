"""A question and its answer as blocks of text: the same words on the screen and in the plain form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_tui.flows.answering import Answering
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.flows.words import covered, point_text, row_of, written
from mtl_tui.locale import language, later, pick, say
from mtl_tui.typeset import Block, width_of
from quizzes import grading
from quizzes.bank import Bank
from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Line,
    Matching,
    Multiple,
    Numeric,
    Option,
    Ordering,
    Predict,
    Question,
    Single,
    TrueFalse,
)
from quizzes.schedule import LEECH_LAPSES

NOTHING_DUE = later("Nothing is due today; a topic can be answered again without changing its schedule.")
KIND = {
    Single: later("single choice"),
    Multiple: later("multiple choice"),
    TrueFalse: later("true or false"),
    Numeric: later("number"),
    Ordering: later("ordering"),
    Matching: later("matching"),
    FreeText: later("short answer"),
    Code: later("coding"),
    FindBug: later("find the bug"),
    Predict: later("predict, then run"),
}
GRADES = (later("Again"), later("Hard"), later("Good"), later("Easy"))
BASIS = {"paper": later("from the literature"), "measured": later("measured here"), "derived": later("derived here")}
REASONS = {
    "right": later("right"),
    "wrong": later("wrong"),
    "gave-up": later("not answered"),
    "hint-used": later("with the hint"),
    "unaided": later("without the hint"),
    "must-missing": later("a point that must be there is missing"),
    "bonus-missing": later("an optional point is missing"),
    "reason-wrong": later("the right line for a wrong reason"),
    "fast": later("faster than you usually are"),
}


def stem(answering: Answering) -> list[Block]:
    """What is asked, and once the line of a bug is found, that line."""
    question = answering.question
    blocks = [Block(pick(question.stem), "lead")]
    match (answering.bank.alone.get(question.id), language()):
        case ("zh", "en"):
            blocks.append(Block(say("No English for this question yet; shown in Chinese."), "quiet"))
        case ("en", "zh"):
            blocks.append(Block(say("No Chinese for this question yet; shown in English."), "quiet"))
        case _:
            pass
    if answering.hint_shown and question.hint is not None:
        blocks += [Block(""), Block(say("Hint: {hint}", hint=pick(question.hint)), "quiet")]
    if answering.line is not None and isinstance(question, FindBug):
        code = answering.bank.listings[question.listing][answering.line - 1]
        blocks += [
            Block(""),
            Block(code, "right", lead=f"{answering.line:>3}  ", indent=5, verbatim=True),
            Block(say("That is the line. Why is it wrong?"), "lead"),
        ]
    return blocks


def rows(answering: Answering, here: int) -> list[list[Block]]:
    """What can be chosen, a list of blocks a row; `here` is the row with the cursor.

    A matching has its left sides first, each with the digit of the right side it was given, then the right sides.
    """
    question = answering.question
    match question:
        case Single(options=options) | Predict(options=options):
            return _options(answering, options, here)
        case FindBug(reasons=reasons) if answering.asks_reason:
            return _options(answering, reasons, here)
        case Multiple(options=options):
            return [
                row_of(row, here, "[x]" if row in answering.ticked else "[ ]", pick(options[index].text))
                for row, index in enumerate(answering.rows)
            ]
        case TrueFalse():
            return [
                row_of(row, here, "(x)" if answering.chosen == row else "( )", say(word))
                for row, word in enumerate((later("true"), later("false")))
            ]
        case Ordering(items=items):
            return [
                row_of(
                    row,
                    here,
                    f"[{answering.order.index(row) + 1}]" if row in answering.order else "[ ]",
                    pick(items[index].text),
                )
                for row, index in enumerate(answering.rows)
            ]
        case Matching():
            return _pairs(answering, question, here)
        case FindBug(listing=listing):
            return [
                [
                    Block(
                        line or " ",
                        "pick" if row == answering.chosen else "wrong" if row + 1 in answering.tried else "code",
                        indent=7,
                        lead=f"{'>' if row == here else ' '} {row + 1:>3}  ",
                        verbatim=True,
                    )
                ]
                for row, line in enumerate(answering.bank.listings[listing])
            ]
        case Numeric() | FreeText() | Code():
            return []


def _options(answering: Answering, options: Sequence[Option], here: int) -> list[list[Block]]:
    return [
        row_of(row, here, "(x)" if answering.chosen == row else "( )", pick(options[index].text))
        for row, index in enumerate(answering.rows)
    ]


def _pairs(answering: Answering, question: Matching, here: int) -> list[list[Block]]:
    lefts = []
    for row, pair in enumerate(question.pairs):
        box = f"[{answering.matched[row] + 1}]" if row in answering.matched else "[ ]"
        lead = f"{'>' if row == here else ' '} {box} "
        lefts.append([Block(pick(pair.left), "pick" if row == here else "body", lead=lead, indent=width_of(lead))])
    given = set(answering.matched.values())
    rights = [
        [Block(pick(question.pairs[index].right), "quiet" if row in given else "body", lead=f"  {row + 1}  ", indent=5)]
        for row, index in enumerate(answering.rows)
    ]
    rights[0].insert(0, Block(""))
    return [*lefts, *rights]


def answered(session: QuizSession, width: int, *, narrow: bool = False) -> list[Block]:
    """The question and its verdict, in about `width` cells. In a narrow column beside a run the explanation comes
    before the question."""
    if narrow:
        why = [*_verdicts(session, width), *_other_lines(session)]
        lasting = explanation(session.bank, session.question)
        asked = [*lasting, *follow_ups(session), Block(""), *stem(session.answering), Block("")]
        return [_right_or_wrong(session), Block(""), *asked, *why]
    return [*stem(session.answering), Block(""), *verdict(session, width)]


def verdict(session: QuizSession, width: int = 80) -> list[Block]:
    """Right or wrong, every option with its reason, then the answer aloud, facts, the usual wrong answer, sources, and
    what has been shown of the follow-ups."""
    why, others = _verdicts(session, width), _other_lines(session)
    lasting = explanation(session.bank, session.question)
    return [_right_or_wrong(session), Block(""), *why, Block(""), *lasting, *others, *follow_ups(session)]


def follow_ups(session: QuizSession) -> list[Block]:
    """What has been shown of what an interviewer asks next, and of what one would say."""
    shown = session.follow_ups
    if not shown:
        return []
    blocks = [Block(""), Block(say("Follow-up"), "head")]
    for n, each in enumerate(session.question.follow_ups[: (shown + 1) // 2]):
        blocks.append(Block(pick(each.ask), "lead", lead=f"{n + 1} ", indent=2))
        if shown >= 2 * (n + 1):
            blocks.append(Block(pick(each.say), indent=2))
    return blocks


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
    return list(dict.fromkeys([*lines, say(BASIS[question.basis])]))


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


def leech(session: QuizSession) -> list[Block]:
    """What to do about a question that was forgotten again and again; nothing for any other."""
    if session.lapses < LEECH_LAPSES:
        return []
    remedy = say(
        "Forgotten for the {n}th time: repeating alone does not help. Read the explanation and its source, or b sets "
        "it aside.",
        n=session.lapses,
    )
    return [Block(remedy, "wrong")]


def _right_or_wrong(session: QuizSession) -> Block:
    assert session.grade is not None
    right = session.grade.right
    gave_up = isinstance(session.answer, grading.GaveUp)
    fault = say("Not all there.") if session.answering.in_words else say("Wrong.")
    word = say("Not answered.") if gave_up else say("Right.") if right else fault
    given = _given(session)
    text = say("{verdict} {given}", verdict=word, given=given) if given else word
    return Block(text, "right" if right else "wrong")


def _given(session: QuizSession) -> str:
    rows = session.answering.rows
    match session.question, session.answer:
        case ((Single() | Predict()), grading.Choice(index=index)):
            return say("You chose {n}.", n=rows.index(index) + 1)
        case Multiple(), grading.Choices(indices=indices):
            return say("You chose {n}.", n=" ".join(str(row + 1) for row, each in enumerate(rows) if each in indices))
        case FindBug(), grading.LineNumber(line=line):
            return say("You chose line {n}.", n=line)
        case Numeric(answer=answer), grading.Number(text=text) if session.grade is not None and not session.grade.right:
            return say("You wrote {given}; the answer is {answer}.", given=text.strip(), answer=f"{answer:g}")
        case Numeric(answer=answer), _:
            return say("The answer is {answer}.", answer=f"{answer:g}")
        case Ordering(), grading.Order(items=order):
            return say("You put them as {order}.", order=" ".join(str(index + 1) for index in order))
        case ((FreeText() | Code()), grading.Words()):
            return covered(session.answering)
        case _:
            return ""


def _verdicts(session: QuizSession, width: int) -> Iterator[Block]:
    question, grade, answer = session.question, session.grade, session.answer
    assert grade is not None
    match question:
        case Single(options=options) | Multiple(options=options) | Predict(options=options):
            yield from _judged(session, options, "option")
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
        case Matching(pairs=pairs):
            for index, (pair, verdict) in enumerate(zip(pairs, grade.verdicts, strict=True)):
                yield Block(f"{pick(pair.left)} - {pick(pair.right)}", "right", lead=f"{index + 1}  ", indent=3)
                if isinstance(answer, grading.Matched) and not verdict.right:
                    yours = pick(pairs[answer.rights[index]].right)
                    yield Block(say("yours: {right}", right=yours), "wrong", indent=3)
                yield Block(pick(pair.why), "quiet", indent=3)
        case FindBug(lines=lines, innocent=innocent, reasons=reasons):
            if not grade.right and isinstance(answer, grading.LineNumber):
                yield Block(pick(innocent), "wrong")
            yield from _lines(session, [line for line in lines if line.right])
            if reasons and isinstance(answer, grading.LineNumber) and answer.reason is not None:
                yield Block("")
                yield from _judged(session, reasons, "reason")
        case FreeText() | Code():
            if not isinstance(answer, grading.GaveUp):
                yield from written(session.answering, width)
                yield Block("")
            elif isinstance(question, Code):
                yield Block(question.reference.rstrip(), "code", indent=2, verbatim=True)
                yield Block("")
            for point, verdict in zip(question.points, grade.verdicts, strict=True):
                mark = say("covered") if verdict.right else say("missing")
                kind = "right" if verdict.right else "wrong" if point.must else "body"
                yield Block(point_text(point), kind, lead=f"{mark}  ", indent=width_of(mark) + 2)


def _judged(session: QuizSession, options: Sequence[Option], part: str) -> Iterator[Block]:
    """Options as they stood on the screen, with the reason: what is right, what was chosen and is wrong, and of several
    right ones those that were missed."""
    assert session.grade is not None
    chosen = {verdict.key for verdict in session.grade.verdicts if verdict.part == part and verdict.chosen}
    several = isinstance(session.question, Multiple)
    marks = {"right": say("right"), "pick": say("missed"), "wrong": say("wrong"), "body": ""}
    wide = max(width_of(mark) for kind, mark in marks.items() if several or kind != "pick")
    for row, index in enumerate(session.answering.rows):
        option, mine = options[index], index in chosen
        missed = several and bool(chosen) and not mine
        kind = ("pick" if missed else "right") if option.right else "wrong" if mine else "body"
        box = ("[x] " if mine else "[ ] ") if several else ""
        lead = f"{marks[kind]}{' ' * (wide - width_of(marks[kind]))} {box}{row + 1}  "
        yield Block(pick(option.text), kind, lead=lead, indent=width_of(lead))
        yield Block(pick(option.why), "quiet", indent=width_of(lead))


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
