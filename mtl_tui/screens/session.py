"""A question, its answer, and beside the answer the run that shows it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from models.pairings import PAIRINGS
from mtl_tui.bindings import BINDINGS
from mtl_tui.flows import explain, told, words
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import pick, say
from mtl_tui.screens import prompts
from mtl_tui.screens.base import Line
from mtl_tui.screens.question import KINDS, QuestionScreen
from mtl_tui.screens.running import RunScreen
from mtl_tui.typeset import Block, width_of
from mtl_tui.widgets.keybar import KeyBar
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.run_panel import RunPanel
from quizzes.question import Numeric, Predict


class SessionScreen(QuestionScreen, RunScreen):
    """Asks, takes the answer and the confidence, explains, grades; `t` trains what the explanation claims."""

    session: QuizSession
    beside = "right"

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self.aside = False
        self._trained_here: str | None = None
        self._side = "text"
        self._left = ""

    def compose_foot(self) -> ComposeResult:
        yield from super().compose_foot()
        yield KeyBar(least=1, id="grades")

    def compose_beside(self) -> ComposeResult:
        yield RunPanel(self.mtl.desk.lab)
        yield Prose(id="weights")

    def on_mount(self) -> None:
        self.set_interval(0.25, self.tick)
        self.enter_phase()

    def contexts(self) -> Sequence[str]:
        session = self.session
        if self.aside:
            return ("aside", "global")
        if self.synonym_of is not None:
            return ("typing", "global")
        match session.phase:
            case "over":
                return ("finished", "global")
            case "confidence":
                return ("confidence", "scroll", "global")
            case "points":
                return ("points", "session", "global")
            case "graded" if self.weighing:
                return ("weights", "global")
            case "graded":
                followed = ("followed",) if session.question.follow_ups else ()
                return ("graded", *self.run_contexts(), *followed, "session", "scroll", "global")
        if session.answering.in_words:
            return self.box_contexts()
        if self.asks_number:
            return ("asking", "by name", "global")
        kind = "choice" if session.answering.asks_reason else KINDS.get(type(session.question), "choice")
        return (kind, "asking", "by name", "global") if kind == "line" else (kind, "asking", "global")

    def trains(self) -> str | None:
        pairing = self.session.question.pairing
        return pairing if self.session.phase == "graded" and pairing in PAIRINGS else None

    def panel_open(self) -> bool:
        """The right half is open once something was trained beside this answer."""
        lab = self.mtl.desk.lab
        return self._trained_here is not None and lab.spec is not None and lab.record is not None

    def retext(self) -> None:
        self.session.language = self.mtl.desk.settings.language
        self._left = told.time_left(self.mtl.desk, self.session)
        self._head()
        self.rewrite()
        if self.panel_open():
            self.panel().retext()
        super().retext()

    def enter_phase(self) -> None:
        """What belongs to the beginning of a phase: focus, scroll, the worker's warm-up, a prediction's run."""
        self.phase_began = time.monotonic()
        self.missing, self.row = None, 0
        self.aside, self.synonym_of = False, None
        session = self.session
        if session.phase == "asking":
            self.digits = ""
            self._trained_here = None
            self.query_one("#number", Input).value = session.answering.text if self.asks_number else ""
            self.fill_box()
            if session.question.pairing in PAIRINGS:
                self.run_worker(self._warm(), exclusive=True, group="warm", exit_on_error=False)
        self.retext()
        self.focus_box()
        if session.phase == "graded" and isinstance(session.question, Predict) and not session.again:
            self.run_worker(self.do_train(), exclusive=True, group="predicted")

    async def _warm(self) -> None:
        pairing = self.session.question.pairing
        if pairing is not None:
            try:
                await self.mtl.desk.lab.warm(pairing)
            except OSError as error:
                self.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")

    def tick(self) -> None:
        """What was written is kept at each rest; the run's state in the header goes on."""
        self.session.tick()
        self._head()

    def _head(self) -> None:
        """Where the session is, what is asked, and on the right the run or else the time that is left. Where there is
        no room for all of it, the least needed goes first."""
        session, question = self.session, self.session.question
        run = self.mtl.desk.run_line() if self.panel_open() or self.mtl.desk.lab.live else ""
        parts = {
            "place": say("question {n} of {count}", n=session.place + 1, count=session.count),
            "topic": pick(session.bank.entitled(question.topic)),
            "kind": say(explain.KIND[type(question)]),
            "difficulty": say("difficulty {n}", n=question.difficulty),
            "counts": self._counts(),
            "right": run or self._left,
        }
        for part, shorter in (("right", run), ("difficulty", ""), ("topic", question.topic), ("kind", "")):
            if width_of("   ".join(filter(None, parts.values()))) > self.size.width - 3:
                parts[part] = shorter
        right = parts.pop("right")
        self.query_one("#head", Line).show(" " + "   ".join(filter(None, parts.values())), right + " ")

    def _counts(self) -> str:
        if self.session.again:
            return say("once more, not counted")
        return "" if self.session.counts else say("drill: the schedule stays")

    def rewrite(self) -> None:
        opened = self.session.phase == "graded" and self.panel_open()
        self.set_class(opened, "-split")
        self.set_class(self._side == "run", "-run-side")
        self.set_class(self.asks_words, "-writing")
        self.query_one("#stem", Prose).show(self._top())
        self.show_rows()
        self.query_one("#answer", Prose).show(self._beneath(narrow=opened and not self.has_class("-wide")))
        self.query_one("#number", Input).display = self.asks_number or self.synonym_of is not None
        self.query_one("#number", Input).set_class(self.synonym_of is not None, "-phrase")
        self.query_one("#ask", Prose).show(self._below())
        self._write_grades()

    def _top(self) -> list[Block]:
        """What stands first on the page."""
        session = self.session
        if session.phase == "over":
            return prompts.summary(session)
        return [] if session.phase == "graded" else [*explain.stem(session.answering), Block("")]

    def _beneath(self, *, narrow: bool) -> list[Block]:
        """What stands under the rows: the answer in words, or the whole verdict."""
        session, width = self.session, self.query_one("#page").size.width - 4
        match session.phase:
            case "graded":
                return explain.answered(session, width, narrow=narrow)
            case "points":
                return [Block(""), *words.written(session.answering, width)]
            case "confidence" if session.answering.in_words:
                return [Block(session.answering.text.rstrip(), "code", verbatim=True)]
            case _:
                return []

    def _below(self) -> list[Block]:
        """What stands at the foot: a menu, a question, or how to go on."""
        if self.aside:
            return prompts.aside()
        if self.synonym_of is not None:
            return prompts.synonym()
        pairing = PAIRINGS.get(self.session.question.pairing or "")
        return prompts.below(self.session, self.missing, pairing, self.panel_open())

    def _write_grades(self) -> None:
        """The four grades as items to click, the proposed one in brackets; when each would return, where it fits."""
        bar, session = self.query_one("#grades", KeyBar), self.session
        bar.display = session.phase == "graded" and not self.aside
        if session.phase != "graded" or session.grade is None:
            return
        roomy = self.has_class("-wide") or not self.has_class("-split")
        items = []
        for n, (name, card) in enumerate(zip(explain.GRADES, session.outcomes(), strict=True), start=1):
            label = f"{say(name)} {self.mtl.desk.comes_again(card)}" if roomy and session.counts else say(name)
            binding = next(each for each in BINDINGS if each.action == f"grade_{n}")
            proposed = n == session.grade.proposed
            items.append(
                binding._replace(shown=f"[{n}" if proposed else f"{n}", label=f"{label}]" if proposed else label)
            )
        bar.show(items)

    def on_input_changed(self, event: Input.Changed) -> None:
        if isinstance(self.session.question, Numeric):
            self.session.type(event.value)
            self.forget_missing()

    def do_hand_in(self) -> None:
        self.read_box()
        answering = self.session.answering
        asked_reason = answering.asks_reason
        self.missing = self.session.hand_in()
        self.digits = ""
        if self.session.phase != "asking":
            self.enter_phase()
            return
        if answering.asks_reason is not asked_reason:
            self.row, self.phase_began = 0, time.monotonic()
            self.query_one("#page", VerticalScroll).scroll_home(animate=False)
        self.rewrite()

    def do_give_up(self) -> None:
        self.session.give_up()
        self.enter_phase()

    def do_hint(self) -> None:
        if self.session.question.hint is None:
            self.notify(say("There is no hint for this question."), timeout=2)
        self.session.answering.show_hint()
        self.rewrite()

    def do_grade_1(self) -> None:
        self._rate(1)

    def do_grade_2(self) -> None:
        self._rate(2)

    def do_grade_3(self) -> None:
        self._rate(3)

    def do_grade_4(self) -> None:
        self._rate(4)

    def do_accept(self) -> None:
        if self.session.grade is not None:
            self._rate(self.session.grade.proposed)

    def _rate(self, rating: int) -> None:
        self.session.rate(rating)
        self.tell_reports()
        self.enter_phase()

    def do_back(self) -> None:
        """Nothing is lost: what was handed in takes the proposed grade, a text that was begun stays as a draft."""
        self.read_box()
        proposed = self.session.keep()
        if proposed is not None and self.session.counts:
            grade = say(explain.GRADES[proposed - 1])
            self.notify(say("Kept with the proposed grade: {n} {grade}. u undoes it.", n=proposed, grade=grade))
        super().do_back()

    def do_set_aside(self) -> None:
        self.aside = True
        self.rewrite()

    def do_leave_aside(self) -> None:
        self.aside = False
        self.rewrite()

    def do_bury(self) -> None:
        self.session.bury()
        self._put_aside(say("This question comes back tomorrow at the earliest."))

    def do_suspend(self) -> None:
        self.session.suspend()
        self._put_aside(say("This question is suspended until you resume it."))

    def do_never(self) -> None:
        self.session.suspend(for_good=True)
        self._put_aside(say("This question is not asked again."))

    def _put_aside(self, said: str) -> None:
        self.notify(said, timeout=4)
        self.enter_phase()

    def do_follow_up(self) -> None:
        self.session.show_follow_up()
        self.rewrite()
        self.query_one("#page", VerticalScroll).scroll_end(animate=False)

    def do_undo(self) -> None:
        self.notify(self.mtl.desk.undo_in(self.session))
        if self.session.phase == "asking":
            self.enter_phase()
        else:
            self.retext()

    async def do_train(self) -> None:
        lab = self.mtl.desk.lab
        if lab.live and self._trained_here is None and lab.spec is not None and lab.spec.name == self.trains():
            self._trained_here = self.trains()
        before = lab.record
        await super().do_train()
        if lab.record is not before:
            self._trained_here = self.trains()
            self._side = "run"
        self.rewrite()
        self.panel().retext()

    def do_focus_next(self) -> None:
        """The box, or in a narrow window the other half, then the footer, and round again."""
        box = self.box_in_front()
        halved = self.has_class("-narrow") and self.panel_open()
        if box is not None and self.focused is box:
            self.set_focus(None)
        elif halved and self._side == "text":
            self._show_side("run")
            return
        super().do_focus_next()
        if self.bar.here is None:
            if box is not None:
                self.set_focus(box)
            self._show_side("text")

    def do_focus_previous(self) -> None:
        box = self.box_in_front()
        leaving = box is not None and self.focused is box
        self.set_focus(None)
        super().do_focus_previous()
        if box is not None and not leaving and self.bar.here is None:
            self.set_focus(box)

    def _show_side(self, side: str) -> None:
        if side != self._side:
            self._side = side
            self.rewrite()

    def do_note(self) -> None:
        if self.panel_open():
            self.notify(self.mtl.desk.toggle_note_run())
        else:
            self.notify(self.mtl.desk.toggle_note_question(self.session.question.id))
