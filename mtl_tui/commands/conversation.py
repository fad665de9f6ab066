"""A session in lines: questions on standard output, answers from standard input."""

from __future__ import annotations

import re

from models.pairings import PAIRINGS, Pairing
from mtl_tui.commands.asking import Asker
from mtl_tui.commands.flat_out import train_pairing
from mtl_tui.commands.plain import Leaving, ask, line, report, show
from mtl_tui.flows import explain, words
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block
from quizzes.question import Numeric, Predict

GIVE_UP = {"pass", "不会"}
HINT = {"h", "hint", "提示"}
ASIDE = {"b", "搁置"}


class Conversation(Asker):
    """A session in lines. It ends when the session does, at `q`, or with the input; what was answered is kept."""

    session: QuizSession
    tells_why = True
    commands = frozenset({*GIVE_UP, *HINT, *ASIDE, "0", "u"})

    def __init__(self, desk: Desk, session: QuizSession) -> None:
        self.desk, self.session = desk, session

    def run(self) -> None:
        """Talk until the person leaves."""
        turns = {
            "asking": self._ask,
            "confidence": self.ask_confidence,
            "points": self._tick_points,
            "graded": self._grade,
            "over": self._end,
        }
        try:
            while True:
                turns[self.session.phase]()
        except Leaving:
            self._leave()

    def _ask(self) -> None:
        session = self.session
        line()
        line("   ".join(self._heading()), "quiet")
        self.show_question()
        while session.phase == "asking":
            answer = self.read()
            if answer in GIVE_UP or (answer == "0" and not isinstance(session.question, Numeric)):
                session.give_up()
            elif answer in HINT:
                self._hint()
            elif answer == "u":
                self._undo()
                return
            elif answer in ASIDE:
                self._set_aside()
                return
            else:
                self.take(answer)

    def _heading(self) -> list[str]:
        session, question = self.session, self.session.question
        parts = [
            say("question {n} of {count}", n=session.place + 1, count=session.count),
            pick(self.desk.bank.entitled(question.topic)),
            say(explain.KIND[type(question)]),
        ]
        return [*parts, say("once more, not counted")] if session.again else parts

    def ways(self) -> str:
        what = self.what_to_write()
        if isinstance(self.session.question, Numeric):
            return say("{what}; pass if you don't know, h hint, u undo, q quit", what=what)
        return say("{what}; 0 if you don't know, h hint, u undo, q quit", what=what)

    def _hint(self) -> None:
        self.session.answering.show_hint()
        hint = self.session.question.hint
        line(say("Hint: {hint}", hint=pick(hint)) if hint is not None else say("There is no hint for this question."))

    def _set_aside(self) -> None:
        session = self.session
        match ask(say("1 ask again tomorrow, 2 suspend until resumed, 3 never again; enter leaves it")):
            case "1":
                session.bury()
            case "2":
                session.suspend()
            case "3":
                session.suspend(for_good=True)
            case _:
                pass
        report(self.desk)

    def _tick_points(self) -> None:
        """The points with the words that matched; their digits count them or no longer."""
        session = self.session
        line()
        show(*words.written(session.answering, 0))
        while session.phase == "points":
            line()
            line(words.covered(session.answering), "lead")
            for row in words.points(session.answering, -1):
                show(*row)
            answer = ask(say("Digits such as 1 3 count a point or take it back, enter accepts"))
            if not answer:
                session.accept_points()
            for digit in re.findall("[0-9]", answer):
                session.tick_point(int(digit) - 1)

    def _grade(self) -> None:
        session, grade = self.session, self.session.grade
        assert grade is not None
        line()
        show(*explain.verdict(session))
        line()
        line(explain.proposal(session))
        if session.counts:
            whens = zip(explain.GRADES, session.outcomes(), strict=True)
            due = (f"{n} {say(name)} {self.desk.comes_again(card)}" for n, (name, card) in enumerate(whens, start=1))
            line(say("Back again: {when}.", when=say(", ").join(due)), "quiet")
        show(*explain.leech(session))
        pairing = PAIRINGS.get(session.question.pairing or "")
        if pairing is not None and isinstance(session.question, Predict):
            train_pairing(self.desk.lab, pairing)
            report(self.desk)
        while session.phase == "graded":
            match ask(self._how_to_grade(pairing)):
                case "":
                    self._rate(grade.proposed)
                case "1" | "2" | "3" | "4" as digit:
                    self._rate(int(digit))
                case "t" if pairing is not None:
                    train_pairing(self.desk.lab, pairing)
                    report(self.desk)
                case "i" if session.question.follow_ups:
                    before = session.follow_ups
                    session.show_follow_up()
                    if session.follow_ups > before:
                        show(explain.follow_ups(session)[-1])
                case "b" | "搁置":
                    self._set_aside()
                case "u":
                    self._undo()
                case _:
                    pass

    def _how_to_grade(self, pairing: Pairing | None) -> str:
        asked_next = say("i follow-up") if self.session.question.follow_ups else ""
        train = say("t trains it ({what})", what=pick(pairing.title)) if pairing is not None else ""
        first = say("enter accepts the grade, 1 to 4 changes it")
        ways = (first, train, asked_next, say("b sets it aside"), say("u undo"), say("q quit"))
        return say(", ").join(way for way in ways if way)

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
        if session.phase in ("confidence", "points"):
            show(Block(""), *explain.verdict(session))
        session.keep()
        report(self.desk)
        right = sum(session.right[id] for id in session.reviewed)
        line()
        line(say("Answered: {n}, right: {right}.", n=len(session.reviewed), right=right), "lead")
