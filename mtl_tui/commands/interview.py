"""`mtl-tui interview`: a mock interview on the screen, or line by line."""

from __future__ import annotations

import re

import click

from mtl_tui.commands.asking import Asker, known_topic
from mtl_tui.commands.plain import Failure, Leaving, Misuse, ask, at_desk, lang_option, line, report, show
from mtl_tui.flows import interview as interviews
from mtl_tui.flows import words
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.interview import InterviewSession
from mtl_tui.flows.interview_report import before, blocks, closing_card, export
from mtl_tui.locale import Language, pick, say
from mtl_tui.notes.interview import clock
from mtl_tui.typeset import Block
from quizzes.interview import MINUTES, Interview
from quizzes.question import Numeric

LEVELS = re.compile("([1-5])(?:-([1-5]))?")


@click.command()
@click.option("--plain", is_flag=True, help="Line by line on standard input and output, also through a pipe.")
@lang_option
@click.option("--minutes", type=click.Choice([str(n) for n in MINUTES]), help="Length. [default: 30]")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only these topics, such as T03; repeatable.")
@click.option("--level", metavar="N|N-M", help="Difficulty from 1 to 5, or a range. [default: 1-5]")
@click.option("--seed", type=click.IntRange(0), help="The same seed asks the same questions. [default: a new one]")
@click.option("--export", "written", is_flag=True, help="Write the report as Markdown into the folder of your notes.")
def interview(
    plain: bool,
    lang: Language | None,
    minutes: str | None,
    topics: tuple[str, ...],
    level: str | None,
    seed: int | None,
    written: bool,
) -> None:
    """A mock interview: questions against the clock, follow-ups, a report.

    It never touches the schedule. One that was cut off goes on where it stopped. Without --plain it opens on the
    screen, where length, level and topics are chosen.
    """
    if not plain:
        from mtl_tui.commands.screen import open_screen
        from mtl_tui.screens.interview_setup import Chosen, InterviewSetup

        given = minutes or topics or level
        open_screen(
            lang,
            front=lambda desk: InterviewSetup(Chosen(*_checked(desk, minutes, topics, level)) if given else None, seed),
        )
        return
    with at_desk(lang) as desk:
        checked, earlier = _checked(desk, minutes, topics, level), interviews.unfinished(desk.store)
        if earlier is None:
            session = _begin(desk, checked, seed)
        else:
            session = _cut_off(desk, earlier, chosen=bool(minutes or topics or level or seed is not None))
        Interviewer(desk, session).run()
        _report(desk, session.interview, written)


Checked = tuple[int, tuple[str, ...], tuple[int, int]]


def _checked(desk: Desk, minutes: str | None, topics: tuple[str, ...], level: str | None) -> Checked:
    """Minutes, topics, and the lowest and highest level. Raises Misuse."""
    known = tuple(known_topic(desk, topic) for topic in topics)
    match = LEVELS.fullmatch(level or "1-5")
    lowest, highest = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if lowest > highest:
        raise Misuse(say("{level} is no level: write one from 1 to 5, or a range such as 2-4.", level=level))
    return int(minutes or 30), known, (lowest, highest)


def _begin(desk: Desk, checked: Checked, seed: int | None) -> InterviewSession:
    session = InterviewSession.begin(desk, *checked, interviews.new_seed() if seed is None else seed)
    if session is None:
        raise Misuse(say("No question of these topics and this level: choose more topics or a wider level."))
    return session


def _cut_off(desk: Desk, earlier: Interview, *, chosen: bool) -> InterviewSession:
    """The interview that was cut off; with x it is over. What was `chosen` for another one is not used."""
    session = InterviewSession(desk, earlier)
    if _asked_whether(interviews.stopped_at(earlier)) == "x":
        session.end()
    elif chosen:
        line(say("It goes on as it was begun; what you chose is for a new one."), "quiet")
    return session


def _asked_whether(sentence: str) -> str:
    try:
        return ask(sentence)
    except Leaving:
        raise Failure(say("Nothing has changed: the interview can go on another time.")) from None


def _report(desk: Desk, interview: Interview, written: bool) -> None:
    line()
    if desk.unsaved():
        return
    if interview.ended is None:
        line(say("Kept where it stands: the next mtl-tui interview --plain goes on."), "lead")
        return
    show(*blocks(interview, desk.bank, before(desk, interview)))
    if written:
        try:
            line(say("Written to {file}", file=export(desk, interview)))
        except OSError as error:
            folder = desk.settings.notes_folder
            raise Failure(
                say("The report cannot be written to {folder}: {why}.", folder=folder, why=error.strerror)
            ) from error


class Interviewer(Asker):
    """The interview in lines: it ends with the closing card, at x, or with the input; then it can go on later."""

    session: InterviewSession
    tells_why = False
    commands = frozenset({"x", "0", "skip"})

    def __init__(self, desk: Desk, session: InterviewSession) -> None:
        self.desk, self.session = desk, session

    def run(self) -> None:
        """Talk until the interview is over or the person leaves."""
        turns = {
            "asking": self._ask,
            "confidence": self.ask_confidence,
            "points": self._answered,
            "answered": self._answered,
            "closing": self._close,
        }
        try:
            while self.session.phase != "over":
                turns[self.session.phase]()
                if self.session.elsewhere:
                    raise Failure(say("This interview goes on in another program; here it ends."))
                report(self.desk)
        except Leaving:
            self.session.tick()
            self.session.keep()

    def _ask(self) -> None:
        session, interview = self.session, self.session.interview
        line()
        parts = (
            say("question {n} of {count}", n=interview.place + 1, count=len(interview.rounds)),
            say("{time} so far", time=clock(interview.seconds)),
            say("suggested for this one {time}", time=clock(session.round.suggested)),
        )
        line("   ".join(parts), "quiet")
        self.show_question()
        while session.phase == "asking":
            self._take_answer()
        taken = session.interview.rounds[interview.place]
        if taken.overdue:
            line(say("Half as much again as suggested: {time}.", time=clock(taken.seconds)), "lead")

    def _take_answer(self) -> None:
        session = self.session
        answer = self.read()
        if answer == "x":
            session.end()
        elif answer == "skip" or (answer == "0" and not isinstance(session.question, Numeric)):
            session.give_up()
        else:
            self.take(answer)

    def ways(self) -> str:
        what = self.what_to_write()
        if isinstance(self.session.question, Numeric):
            return say("{what}; skip leaves it out, x ends the interview, q goes on later", what=what)
        return say("{what}; 0 skips it, x ends the interview, q goes on later", what=what)

    def _answered(self) -> None:
        session = self.session
        in_words = session.phase == "points"
        if in_words:
            line()
            for row in words.points(session.answering, -1):
                show(*row)
            line(words.covered(session.answering), "lead")
        left = len(session.question.follow_ups) - session.round.follow_ups
        if not in_words and not left:
            session.go_on()
            return
        answer = ask(self._how_to_go_on(left > 0))
        if answer == "":
            session.go_on()
        elif answer == "x":
            session.end()
        elif answer == "i" and session.follow_up():
            line(pick(session.question.follow_ups[session.round.follow_ups - 1].ask), "lead")
        elif in_words:
            for n in re.findall("[1-9]", answer):
                session.tick_point(int(n) - 1)

    def _how_to_go_on(self, more: bool) -> str:
        if self.session.phase == "points" and more:
            return say("1 3 tick or untick points, i follow-up, enter next question")
        if self.session.phase == "points":
            return say("1 3 tick or untick points, enter next question")
        return say("i follow-up, enter next question")

    def _close(self) -> None:
        line()
        show(*closing_card(), Block(""))
        ask(say("enter ends the interview and shows the report"))
        self.session.end()
