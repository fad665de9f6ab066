"""A session in lines: questions on standard output, answers from standard input."""

from __future__ import annotations

import re

from models.pairings import PAIRINGS, Pairing
from mtl_tui.commands.flat_out import train_pairing
from mtl_tui.commands.plain import Leaving, ask, line, report, show
from mtl_tui.flows import explain
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block
from quizzes.question import FindBug, Numeric, Ordering, TrueFalse

GIVE_UP = {"pass", "不会"}
HINT = {"h", "hint", "提示"}


class Conversation:
    """A session in lines. It ends when the session does, at `q`, or with the input; what was answered is kept."""

    def __init__(self, desk: Desk, session: QuizSession) -> None:
        self.desk, self.session = desk, session

    def run(self) -> None:
        """Talk until the person leaves."""
        turns = {"asking": self._ask, "confidence": self._ask_confidence, "graded": self._grade, "over": self._end}
        try:
            while True:
                turns[self.session.phase]()
        except Leaving:
            self._leave()

    def _ask(self) -> None:
        session = self.session
        line()
        line("   ".join(self._heading()), "quiet")
        show(*explain.stem(session))
        line()
        for row in explain.rows(session, -1):
            show(*row)
        while session.phase == "asking":
            answer = ask(self._what_to_write())
            if answer in GIVE_UP or (answer == "0" and not isinstance(session.question, Numeric)):
                session.give_up()
            elif answer in HINT:
                self._hint()
            elif answer == "u":
                self._undo()
                return
            else:
                self._hand_in(answer)

    def _heading(self) -> list[str]:
        session, question = self.session, self.session.question
        parts = [
            say("question {n} of {count}", n=session.place + 1, count=session.count),
            f"{question.topic} {pick(self.desk.bank.topics[question.topic])}",
            say(explain.KIND[type(question)]),
        ]
        return [*parts, say("once more, not counted")] if session.again else parts

    def _what_to_write(self) -> str:
        match self.session.question:
            case Numeric(form=form):
                what = say("Write the number ({form})", form=pick(form))
                return say("{what}; pass if you don't know, h hint, u undo, q quit", what=what)
            case TrueFalse():
                what = say("1 true, 2 false")
            case Ordering(items=items):
                what = say("Write the order, such as {example}", example=_example(len(items)))
            case FindBug():
                what = say("Write the number of the line")
            case _:
                what = say("Write a number from 1 to {n}", n=self.session.row_count)
        return say("{what}; 0 if you don't know, h hint, u undo, q quit", what=what)

    def _hint(self) -> None:
        self.session.show_hint()
        hint = self.session.question.hint
        line(say("Hint: {hint}", hint=pick(hint)) if hint is not None else say("There is no hint for this question."))

    def _hand_in(self, answer: str) -> None:
        session = self.session
        match session.question:
            case Numeric():
                session.text = answer
            case Ordering(items=items):
                digits = [int(digit) for digit in re.findall("[0-9]", answer)]
                if sorted(digits) != list(range(1, len(items) + 1)):
                    line(say("Write each of 1 to {n} once, the first one first.", n=len(items)), "wrong")
                    return
                session.order = [digit - 1 for digit in digits]
            case _:
                if not re.fullmatch("[0-9]{1,4}", answer) or not 1 <= int(answer) <= session.row_count:
                    line(say("Write a number from 1 to {n}.", n=session.row_count), "wrong")
                    return
                session.choose(int(answer) - 1)
        missing = session.hand_in()
        if missing is not None:
            line(pick(missing), "wrong")
        elif session.phase == "asking" and session.told is not None:
            line(say("Line {n} is truly wrong, but not for this: pick again.", n=session.told.line), "pick")
            line(pick(session.told.why))

    def _ask_confidence(self) -> None:
        answer = ask(say("How sure? 1 guess, 2 not sure, 3 sure; enter is not sure"))
        if answer in ("", "1", "2", "3"):
            self.session.answer_confidence(int(answer or 2))

    def _grade(self) -> None:
        session, grade = self.session, self.session.grade
        assert grade is not None
        line()
        show(*explain.verdict(session))
        line()
        line(explain.proposal(session))
        whens = zip(explain.GRADES, session.intervals(), strict=True)
        due = (f"{n} {say(name)} {self.desk.until(day)}" for n, (name, day) in enumerate(whens, start=1))
        line(say("Back again: {when}.", when=say(", ").join(due)), "quiet")
        pairing = PAIRINGS.get(session.question.pairing or "")
        while session.phase == "graded":
            match ask(self._how_to_grade(pairing)):
                case "":
                    self._rate(grade.proposed)
                case "1" | "2" | "3" | "4" as digit:
                    self._rate(int(digit))
                case "t" if pairing is not None:
                    train_pairing(self.desk.lab, pairing)
                    report(self.desk)
                case "u":
                    self._undo()
                case _:
                    pass

    def _how_to_grade(self, pairing: Pairing | None) -> str:
        if pairing is None:
            return say("enter accepts the grade, 1 to 4 changes it, u undo, q quit")
        return say(
            "enter accepts the grade, 1 to 4 changes it, t trains it ({what}), u undo, q quit",
            what=pick(pairing.title),
        )

    def _rate(self, rating: int) -> None:
        self.session.rate(rating)
        report(self.desk)

    def _undo(self) -> None:
        line(self.desk.undo_in(self.session))

    def _end(self) -> None:
        line()
        if ask(say("That was the last question; enter ends, u undo")) == "u":
            self._undo()
        else:
            raise Leaving

    def _leave(self) -> None:
        """What has been answered but not rated is kept with the proposed grade."""
        session = self.session
        if session.phase == "confidence":
            session.phase = "graded"
            show(Block(""), *explain.verdict(session))
        if session.phase == "graded" and session.grade is not None:
            self._rate(session.grade.proposed)
        reviews = [self.desk.store.last_review(id) for id in session.reviewed]
        right = sum(review.right for review in reviews if review is not None)
        line()
        line(say("Answered: {n}, right: {right}.", n=len(session.reviewed), right=right), "lead")


def _example(n: int) -> str:
    return " ".join(str(digit) for digit in (*range(2, n + 1), 1))
