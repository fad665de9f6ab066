"""A question in lines, as a session and an interview ask it: what is shown, what may be written, and handing it in."""

from __future__ import annotations

import re
from collections.abc import Set

from mtl_tui.commands.plain import Misuse, ask, ask_text, line, show
from mtl_tui.flows import explain
from mtl_tui.flows.answering import Sitting
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block
from quizzes.question import Code, FindBug, FreeText, Matching, Multiple, Numeric, Ordering, TrueFalse


def known_topic(desk: Desk, topic: str) -> str:
    """The topic as the bank writes it. Raises Misuse for one without questions."""
    topics = {each.topic.casefold(): each.topic for each in desk.bank.asked()}
    if topic.casefold() not in topics:
        known = say(", ").join(sorted(topics.values()))
        raise Misuse(say("No question on {topic}; the bank has {topics}.", topic=topic, topics=known))
    return topics[topic.casefold()]


class Asker:
    """Asks the question in front of its session. `tells_why`: a line that was not the asked one is explained.

    `commands` are the words that are none of an answer when they stand alone in its first line.
    """

    session: Sitting
    tells_why: bool
    commands: Set[str]

    def show_question(self) -> None:
        """The stem, what can be chosen, and the code to start from."""
        answering = self.session.answering
        show(*explain.stem(answering))
        line()
        for row in explain.rows(answering, -1):
            show(*row)
        if isinstance(answering.question, Code):
            show(Block(answering.question.starter, "code", indent=2, verbatim=True))

    def what_to_write(self) -> str:
        """The form of an answer to this question."""
        answering = self.session.answering
        example = " ".join(str(n) for n in (*range(2, answering.row_count + 1), 1))
        match self.session.question:
            case Numeric(form=form):
                return say("Write the number ({form})", form=pick(form))
            case TrueFalse():
                return say("1 true, 2 false")
            case Multiple():
                return say("Write all that are right, such as 1 3")
            case Ordering():
                return say("Write the order, such as {example}", example=example)
            case Matching():
                return say("Write the digit for each left side in turn, such as {example}", example=example)
            case FindBug() if not answering.asks_reason:
                return say("Write the number of the line")
            case Code():
                return say("Write the code; a line with only a dot ends it")
            case FreeText():
                return say("Write the answer; an empty line ends it")
            case _:
                return say("Write a number from 1 to {n}", n=answering.row_count)

    def ways(self) -> str:
        """What can be written now: the form of an answer, and the commands."""
        raise NotImplementedError

    def read(self) -> str:
        """One line; in words all up to the end, going on from what was begun, and each line is kept as it comes."""
        session, answering = self.session, self.session.answering
        if not answering.in_words:
            return ask(self.ways())
        begun = answering.text.rstrip() + "\n" if answering.begun else ""
        if begun:
            line(say("Kept of your answer so far; what you write now goes on from it:"), "quiet")
            show(Block(begun.rstrip(), "code", verbatim=True))

        def keep(text: str) -> None:
            session.type(begun + text)
            session.tick()
            session.keep()

        written = ask_text(self.ways(), "." if isinstance(session.question, Code) else "", self.commands, keep)
        return written if written in self.commands else begun + written

    def take(self, answer: str) -> None:
        """Hand in what was written, unless it chooses nothing that there is."""
        session = self.session
        if session.answering.in_words or isinstance(session.question, Numeric):
            session.type(answer)
            self.hand_in()
        elif self.choose(answer):
            self.hand_in()

    def choose(self, answer: str) -> bool:
        """Choose what the digits of a line mean, `231` like `2 3 1` where several are asked; False, with a sentence on
        what was wanted, if they mean nothing."""
        session, question, count = self.session, self.session.question, self.session.answering.row_count
        each_once = isinstance(question, Ordering | Matching)
        if each_once or isinstance(question, Multiple):
            digits = [int(digit) for digit in re.findall("[0-9]", answer)]
        else:
            digits = [int(answer)] if re.fullmatch("[0-9]{1,4}", answer) else []
        if each_once and sorted(digits) != list(range(1, count + 1)):
            line(say("Write each of 1 to {n} once.", n=count), "wrong")
            return False
        if not digits or not all(1 <= digit <= count for digit in digits):
            line(say("Write a number from 1 to {n}.", n=count), "wrong")
            return False
        session.answering.clear()
        for digit in dict.fromkeys(digits):
            session.choose(digit - 1)
        return True

    def hand_in(self) -> None:
        """Hand in what was written; say what it lacks, or ask for the reason of a line."""
        session, answering = self.session, self.session.answering
        asked_reason, told = answering.asks_reason, answering.told
        missing = session.hand_in()
        if missing is not None:
            line(pick(missing), "wrong")
        elif answering.told is not None and answering.told is not told:
            line(say("Line {n} is truly wrong, but not for this: pick again.", n=answering.told.line), "pick")
            if self.tells_why:
                line(pick(answering.told.why))
        elif session.phase == "asking" and answering.asks_reason is not asked_reason:
            self.show_question()

    def ask_confidence(self) -> None:
        """How sure the person is."""
        answer = ask(say("How sure? 1 guess, 2 not sure, 3 sure; enter is not sure"))
        if answer in ("", "1", "2", "3"):
            self.session.answer_confidence(int(answer or 2))
