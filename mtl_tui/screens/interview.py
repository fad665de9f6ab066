"""A mock interview on the screen: the question above, the answer beneath, the clock in the corner."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, TextArea

from mtl_tui.flows import explain, words
from mtl_tui.flows.interview import InterviewSession
from mtl_tui.flows.interview_report import closing_card, progress
from mtl_tui.locale import pick, say
from mtl_tui.notes.interview import clock
from mtl_tui.screens import prompts
from mtl_tui.screens.base import Line
from mtl_tui.screens.interview_report import InterviewReport
from mtl_tui.screens.question import KINDS, QuestionScreen
from mtl_tui.typeset import Block, width_of
from mtl_tui.widgets.prose import Prose
from quizzes.question import FindBug, Numeric

TICK_SECONDS = 0.5


class InterviewScreen(QuestionScreen):
    """Asks against the clock; no model answer until the report. Every change is kept, so that leaving loses nothing."""

    session: InterviewSession
    beside = "beside-interview"

    def __init__(self, session: InterviewSession) -> None:
        super().__init__()
        self.session = session
        self._ending = False

    def compose_beside(self) -> ComposeResult:
        yield Prose(id="progress")
        yield TextArea(id="scratch", show_line_numbers=False, compact=True)

    @property
    def pad(self) -> TextArea:
        """The scratch pad."""
        return self.query_one("#scratch", TextArea)

    def on_mount(self) -> None:
        self.pad.load_text(self.session.interview.scratch)
        self.pad.move_cursor(self.pad.document.end)
        self.set_interval(TICK_SECONDS, self.tick)
        self.enter_phase()

    def contexts(self) -> Sequence[str]:
        session = self.session
        if session.paused:
            return ("interview paused", "ungraded", "global")
        if self.focused is self.pad:
            return ("pad", "writing" if session.phase == "asking" else "global")
        if self.synonym_of is not None:
            return ("typing", "global")
        match session.phase:
            case "asking" if session.answering.in_words:
                return (
                    self.box_contexts()
                    if self.focused is self.box
                    else ("skipping", "words", "interview", "ungraded", "global")
                )
            case "asking":
                return (*self._kind(), "interview", "ungraded", "global")
            case "confidence":
                return ("confidence", "interview", "ungraded", "scroll", "global")
            case "points":
                return ("points", *self._followed(), "interview", "ungraded", "global")
            case "answered":
                return ("interview answered", *self._followed(), "interview", "ungraded", "scroll", "global")
            case _:
                return ("interview closing", "ungraded", "scroll", "global")

    def _kind(self) -> tuple[str, ...]:
        question = self.session.question
        if isinstance(question, Numeric):
            return ("answering", "skipping by name")
        if isinstance(question, FindBug) and not self.session.answering.asks_reason:
            return ("numbered lines", "answering", "skipping by name")
        kind = "choice" if isinstance(question, FindBug) else KINDS.get(type(question), "choice")
        return ("skipping", kind, "answering")

    def _followed(self) -> tuple[str, ...]:
        return ("followed",) if self.session.round.follow_ups < len(self.session.question.follow_ups) else ()

    async def press(self, name: str) -> bool:
        if self.guards(name):
            return True
        if name != "x" and self._ending:
            self._ending = False
            self.rewrite()
        return await super().press(name)

    def retext(self) -> None:
        self.pad.border_title = say("Scratch pad")
        self.rewrite()
        super().retext()

    def enter_phase(self) -> None:
        self.phase_began = time.monotonic()
        self.missing, self.row, self.digits, self.synonym_of = None, 0, "", None
        if self.asks_number:
            self.query_one("#number", Input).value = self.session.answering.text
        if self.asks_words:
            self.fill_box()
        self.retext()
        self.focus_box()

    def tick(self) -> None:
        """The clock goes on; a sentence says so once when half as much again as suggested is over."""
        session = self.session
        if not self.is_attached:
            return
        before = session.phase == "asking" and session.round.overdue
        session.tick()
        if session.elsewhere:
            self._end_here()
            return
        self._head()
        if session.phase == "asking" and session.round.overdue and not before:
            self.rewrite()
        elif self.has_class("-broad") or self.focused is self.pad:
            self.query_one("#progress", Prose).show(self._progress())

    def _end_here(self) -> None:
        """Another program goes on with it. What lies over this screen is closed by the person first."""
        if self.is_active:
            self.notify(say("This interview goes on in another program; here it ends."), severity="warning", timeout=8)
            self.dismiss()

    def _head(self) -> None:
        session, interview = self.session, self.session.interview
        self.set_class(session.phase == "asking" and session.round.overdue, "-overdue")
        left = [say("Mock interview {n} min", n=interview.minutes)]
        right = say("total {time}", time=clock(interview.seconds))
        if session.phase not in ("closing", "over"):
            left.append(say("question {n} of {count}", n=interview.place + 1, count=len(interview.rounds)))
            if self.has_class("-wide"):
                topic = session.question.topic
                left.append(pick(session.bank.entitled(topic)))
            this = say(
                "this {time} / suggested {suggested}",
                time=clock(session.round.seconds),
                suggested=clock(session.round.suggested),
            )
            right = f"{this}   {right}"
        room = self.size.width - width_of(right) - 3
        told = "   ".join(left)
        self.query_one("#head", Line).show(
            " " + (told if width_of(told) <= room else "   ".join(left[1:])), right + " "
        )

    def rewrite(self) -> None:
        session = self.session
        self._head()
        closing = session.phase in ("closing", "over")
        self.set_class(self.asks_words and not session.paused, "-writing")
        self.set_class(self.focused is self.pad, "-scratching")
        stem = closing_card() if closing else [*explain.stem(session.answering), Block("")]
        self.query_one("#stem", Prose).show(stem)
        self.show_rows()
        self.query_one("#answer", Prose).show([] if closing else self._beneath())
        number = self.query_one("#number", Input)
        number.display = (self.asks_number or self.synonym_of is not None) and not session.paused
        number.set_class(self.synonym_of is not None, "-phrase")
        self.query_one("#ask", Prose).show(self._below())
        self.query_one("#progress", Prose).show(self._progress())

    def _beneath(self) -> list[Block]:
        """The person's own words once they are handed in, and the follow-ups that were shown."""
        session = self.session
        blocks = []
        if session.phase in ("confidence", "points") and session.answering.in_words:
            blocks += [Block(""), Block(say("Your answer"), "head")]
            blocks.append(Block(session.answering.text.rstrip(), "code", verbatim=True))
        for number, each in enumerate(session.question.follow_ups[: session.round.follow_ups], start=1):
            blocks.append(Block(pick(each.ask), "lead", lead=say("Follow-up {n}", n=number) + "  "))
        return blocks

    def _below(self) -> list[Block]:
        session = self.session
        if session.paused:
            return [Block(say("Paused: the clock stands. p goes on."), "pick")]
        if self._ending:
            return [Block(say("x once more ends the interview and shows the report; any other key goes on."), "wrong")]
        if self.synonym_of is not None:
            return prompts.synonym()
        match session.phase:
            case "asking":
                blocks = prompts.asking(session.answering, self.missing, tells_why=False)
                if session.round.overdue:
                    blocks.insert(-1, Block(say("Half as much again as suggested is over."), "lead"))
                return blocks
            case "confidence":
                return [prompts.sure()]
            case "points":
                how = say("Tick what you said; enter goes on to the next question.")
                return [Block(words.covered(session.answering), "lead"), Block(how, "quiet")]
            case "answered":
                return [Block(say("Handed in. enter goes on to the next question."), "quiet")]
            case _:
                return [Block(say("enter ends the interview and shows the report"), "pick")]

    def _progress(self) -> list[Block]:
        height = self.size.height
        return progress(self.session, max(height - 20, 6) if self.has_class("-broad") else max((height - 15) // 3, 1))

    # What is typed

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.pad:
            self.session.scratch(self.pad.text)

    def on_input_changed(self, event: Input.Changed) -> None:
        if self.asks_number:
            self.session.type(event.value)
            self.forget_missing()

    def do_copy_or_quit(self) -> None:
        if self.focused is self.pad and self.pad.selected_text:
            self.app.copy_to_clipboard(self.pad.selected_text)
        else:
            super().do_copy_or_quit()

    # What keys do

    def do_pad(self) -> None:
        self.add_class("-scratching")
        self.set_focus(self.pad)

    def do_note(self) -> None:
        self.notify(self.mtl.desk.toggle_note_question(self.session.question.id))

    def do_undo(self) -> None:
        """No grade of the schedule is taken back from here."""
        self.notify(say("An interview gives no grades to undo; at Home u takes the last one back."))

    def do_hand_in(self) -> None:
        self.read_box()
        session, answering = self.session, self.session.answering
        asked_reason = answering.asks_reason
        self.missing, self.digits = session.hand_in(), ""
        self.tell_reports()
        if session.phase != "asking" or answering.asks_reason is not asked_reason:
            self.enter_phase()
        else:
            self.rewrite()

    def do_give_up(self) -> None:
        self.session.give_up()
        self.tell_reports()
        self.enter_phase()

    def sure(self, confidence: int) -> None:
        self.session.answer_confidence(confidence)
        if self.session.phase == "answered" and not self.session.question.follow_ups:
            self.session.go_on()
        self.enter_phase()

    def do_accept_points(self) -> None:
        self.do_go_on()

    def do_go_on(self) -> None:
        self.session.go_on()
        self.tell_reports()
        self.enter_phase()

    def do_follow_up(self) -> None:
        self.session.follow_up()
        self.rewrite()
        self.query_one("#page", VerticalScroll).scroll_end(animate=False)

    def do_pause_interview(self) -> None:
        self.session.pause()
        self.set_focus(None)
        self.rewrite()

    def do_end(self) -> None:
        """The first x asks, the second one ends."""
        if self._ending:
            self.do_close()
        else:
            self._ending = True
            self.rewrite()

    def do_close(self) -> None:
        self.session.end()
        self.tell_reports()
        if self.session.elsewhere:
            self._end_here()
        else:
            self.app.switch_screen(InterviewReport(self.session.interview))

    def do_back(self) -> None:
        """Nothing is lost: it goes on where it was left."""
        self.session.tick()
        self.session.keep()
        if self.session.elsewhere:
            self._end_here()
        else:
            self.notify(say("The interview is kept where it stands; its set-up goes on with it."), timeout=4)
            super().do_back()

    def on_descendant_focus(self) -> None:
        self.set_class(self.focused is self.pad, "-scratching")

    def on_descendant_blur(self) -> None:
        self.set_class(self.focused is self.pad, "-scratching")

    def do_focus_next(self) -> None:
        """The box, then out of it, the scratch pad, the footer, and round again."""
        box = self.box_in_front()
        if self.session.paused:
            super().do_focus_next()
        elif box is not None and self.focused is box:
            self.set_focus(None)
        elif self.bar.here is None and self.focused is not self.pad:
            self.do_pad()
        else:
            self.set_focus(None)
            self.refresh_keys()
            super().do_focus_next()
            if self.bar.here is None and box is not None:
                self.set_focus(box)

    def do_focus_previous(self) -> None:
        box = self.box_in_front()
        back_to_box = box is not None and self.bar.here is None and self.focused is not box and not self.session.paused
        self.set_focus(None)
        if back_to_box and box is not None:
            self.set_focus(box)
        else:
            super().do_focus_previous()
