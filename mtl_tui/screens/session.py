"""A question, its answer, and beside the answer the run that shows it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from models.pairings import PAIRINGS
from mtl_tui.bindings import BINDINGS
from mtl_tui.flows import explain
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import pick, say
from mtl_tui.screens import prompts
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ScrolledScreen
from mtl_tui.screens.running import RunScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.keybar import KeyBar
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.rows import Rows
from mtl_tui.widgets.run_panel import RunPanel
from quizzes.question import FindBug, Numeric, Ordering

GUARD_SECONDS = 0.3
GUARDED = frozenset("0123456789") | {"enter"}


class SessionScreen(ScrolledScreen, RunScreen):
    """Asks, takes the answer and the confidence, explains, grades; `t` trains what the explanation claims."""

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self.row = 0
        self.digits = ""
        self.missing = ""
        self._phase_began = 0.0
        self._trained_here: str | None = None
        self._side = "text"

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(classes="rule")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll(id="page", can_focus=False):
                    yield Prose(id="stem")
                    yield Rows(id="rows")
                    yield Prose(id="answer")
                with Vertical(id="foot"):
                    yield Input(id="number", compact=True)
                    yield Prose(id="ask")
                    yield KeyBar(gap=1, id="grades")
            with Vertical(id="right"):
                yield RunPanel(self.mtl.desk.lab)
                yield Prose(id="weights")

    def on_mount(self) -> None:
        self.set_interval(0.25, self._head)
        self._enter_phase()

    def contexts(self) -> Sequence[str]:
        session = self.session
        if session.phase == "over":
            return ("finished", "global")
        if session.phase == "confidence":
            return ("confidence", "scroll", "global")
        if session.phase == "graded":
            return (
                ("weights", "global")
                if self.weighing
                else ("graded", *self.run_contexts(), "session", "scroll", "global")
            )
        kind = {Ordering: "order", FindBug: "line", Numeric: "number"}.get(type(session.question), "choice")
        return (kind, "asking", "global")

    def trains(self) -> str | None:
        pairing = self.session.question.pairing
        return pairing if self.session.phase == "graded" and pairing in PAIRINGS else None

    def panel_open(self) -> bool:
        """The right half is open once something was trained beside this answer."""
        lab = self.mtl.desk.lab
        return self._trained_here is not None and lab.spec is not None and lab.record is not None

    async def press(self, name: str) -> bool:
        if name in GUARDED and time.monotonic() - self._phase_began < self.mtl.desk.guard_seconds:
            return True
        return await super().press(name)

    def retext(self) -> None:
        self.session.language = self.mtl.desk.settings.language
        self._head()
        self._write()
        if self.panel_open():
            self.panel().retext()
        super().retext()

    def _enter_phase(self) -> None:
        """What belongs to the beginning of a phase: focus, scroll, the worker's warm-up."""
        self._phase_began = time.monotonic()
        self.missing = ""
        session = self.session
        if session.phase == "asking":
            self.row, self.digits = 0, ""
            self._trained_here = None
            number = self.query_one("#number", Input)
            number.value = ""
            if session.question.pairing in PAIRINGS:
                self.run_worker(self._warm(), exclusive=True, group="warm", exit_on_error=False)
        self.retext()
        page = self.query_one("#page", VerticalScroll)
        page.scroll_home(animate=False)
        if session.phase == "asking" and isinstance(session.question, Numeric):
            self.query_one("#number", Input).focus()
        else:
            self.set_focus(None)

    async def _warm(self) -> None:
        pairing = self.session.question.pairing
        if pairing is not None:
            try:
                await self.mtl.desk.lab.warm(pairing)
            except OSError as error:
                self.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")

    def _head(self) -> None:
        session = self.session
        topic = pick(session.bank.topics[session.question.topic])
        parts = [
            say("question {n} of {count}", n=session.place + 1, count=session.count),
            f"{session.question.topic} {topic}",
            say(explain.KIND[type(session.question)]),
        ]
        if session.again:
            parts.append(say("once more, not counted"))
        run = self.mtl.desk.run_line() if self.panel_open() or self.mtl.desk.lab.live else ""
        self.query_one("#head", Line).show(" " + "   ".join(parts), run + " ")

    def _write(self) -> None:
        session = self.session
        over, asking = session.phase == "over", session.phase == "asking"
        answer_phase = session.phase == "graded"
        opened = answer_phase and self.panel_open()
        self.set_class(opened, "-split")
        self.set_class(self._side == "run", "-run-side")
        self.query_one("#stem", Prose).show(
            prompts.summary(session) if over else [] if answer_phase else [*explain.stem(session), Block("")]
        )
        rows = self.query_one("#rows", Rows)
        rows.display = asking or session.phase == "confidence"
        if rows.display:
            rows.show_rows(explain.rows(session, self.row), spaced=not isinstance(session.question, FindBug))
        narrow = opened and not self.has_class("-wide")
        self.query_one("#answer", Prose).show(explain.answered(session, narrow=narrow) if answer_phase else [])
        self.query_one("#number", Input).display = asking and isinstance(session.question, Numeric)
        self.query_one("#ask", Prose).show(
            prompts.below(session, self.missing, PAIRINGS.get(session.question.pairing or ""), self.panel_open())
        )
        self._write_grades()

    def _write_grades(self) -> None:
        """The four grades as items to click, the proposed one in brackets; when each would return, where it fits."""
        bar, session = self.query_one("#grades", KeyBar), self.session
        bar.display = session.phase == "graded"
        if session.phase != "graded" or session.grade is None:
            return
        roomy = self.has_class("-wide") or not self.has_class("-split")
        items = []
        for n, (name, due) in enumerate(zip(explain.GRADES, session.intervals(), strict=True), start=1):
            label = f"{say(name)} {self.mtl.desk.until(due)}" if roomy else say(name)
            binding = next(each for each in BINDINGS if each.action == f"grade_{n}")
            proposed = n == session.grade.proposed
            items.append(
                binding._replace(shown=f"[{n}" if proposed else f"{n}", label=f"{label}]" if proposed else label)
            )
        bar.show(items)

    def do_row_up(self) -> None:
        self._move(-1)

    def do_row_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        self.row = min(max(self.row + by, 0), max(self.session.row_count - 1, 0))
        if isinstance(self.session.question, FindBug):
            self.session.choose(self.row)
            self.digits = ""
        self._write()
        self.query_one("#rows", Rows).reveal(self.row)

    def do_pick(self, key: str) -> None:
        row = int(key) - 1
        if 0 <= row < self.session.row_count:
            self.row = row
            self.session.choose(row)
        self.missing = ""
        self._write()

    def on_rows_clicked(self, message: Rows.Clicked) -> None:
        if self.session.phase == "asking":
            self.row, self.digits = message.row, ""
            self.session.choose(message.row)
            self._write()

    def do_pick_row(self) -> None:
        self.session.choose(self.row)
        self._write()

    def do_type_digit(self, key: str) -> None:
        wanted = (self.digits + key).lstrip("0")
        if wanted and int(wanted) <= self.session.row_count:
            self.digits = wanted
        elif key != "0":
            self.digits = key
        else:
            return
        self._to_line()

    def do_erase_digit(self) -> None:
        self.digits = self.digits[:-1]
        if self.digits:
            self._to_line()
        else:
            self.session.chosen = None
            self._write()

    def _to_line(self) -> None:
        self.row = int(self.digits) - 1
        self.session.choose(self.row)
        self.missing = ""
        self._write()
        self.query_one("#rows", Rows).reveal(self.row)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.press("enter")

    def on_input_changed(self, event: Input.Changed) -> None:
        self.session.text = event.value

    def do_hand_in(self) -> None:
        told = self.session.told
        missing = self.session.hand_in()
        self.missing = pick(missing) if missing else ""
        self.digits = ""
        if self.session.phase == "asking":
            if self.session.told is not told:
                self.session.chosen = None
            self._write()
        else:
            self._enter_phase()

    def do_give_up(self) -> None:
        self.session.give_up()
        self._enter_phase()

    def do_hint(self) -> None:
        if self.session.question.hint is None:
            self.notify(say("There is no hint for this question."), timeout=2)
        self.session.show_hint()
        self._write()

    def do_sure_1(self) -> None:
        self._sure(1)

    def do_sure_2(self) -> None:
        self._sure(2)

    def do_sure_3(self) -> None:
        self._sure(3)

    def _sure(self, confidence: int) -> None:
        self.session.answer_confidence(confidence)
        self._enter_phase()

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
        for report in self.mtl.desk.reports():
            self.notify(report, severity="warning", timeout=12)
        self._enter_phase()

    def do_back(self) -> None:
        """An answer that was handed in is not lost: leaving takes the proposed grade."""
        session = self.session
        if session.phase in ("confidence", "graded") and session.grade is not None and not session.again:
            proposed = session.grade.proposed
            session.keep()
            self.notify(
                say(
                    "Kept with the proposed grade: {n} {grade}. u undoes it.",
                    n=proposed,
                    grade=say(explain.GRADES[proposed - 1]),
                )
            )
        super().do_back()

    def do_undo(self) -> None:
        self.notify(self.mtl.desk.undo_in(self.session))
        self._enter_phase()

    async def do_train(self) -> None:
        lab = self.mtl.desk.lab
        if lab.live and self._trained_here is None and lab.spec is not None and lab.spec.name == self.trains():
            self._trained_here = self.trains()
        before = lab.record
        await super().do_train()
        if lab.record is not before:
            self._trained_here = self.trains()
            self._side = "run"
        self._write()
        self.panel().retext()

    def do_focus_next(self) -> None:
        """The number's box, or in a narrow window the other half, then the footer, and round again."""
        number = self.query_one("#number", Input)
        halved = self.has_class("-narrow") and self.panel_open()
        if number.has_focus:
            self.set_focus(None)
        elif halved and self._side == "text":
            self._show_side("run")
            return
        super().do_focus_next()
        if self.bar.here is None:
            if number.display:
                number.focus()
            self._show_side("text")

    def do_focus_previous(self) -> None:
        self.set_focus(None)
        super().do_focus_previous()

    def _show_side(self, side: str) -> None:
        if side != self._side:
            self._side = side
            self._write()

    def do_note(self) -> None:
        if self.panel_open():
            self.notify(self.mtl.desk.toggle_note_run())
        else:
            self.notify(self.mtl.desk.toggle_note_question(self.session.question.id))

    def text_to_copy(self) -> str:
        """The question, and the answer once it is shown."""
        names = ("#stem", "#answer")
        blocks = [block for name in names for block in self.query_one(name, Prose).blocks]
        return "\n".join(block.lead + block.text for block in blocks).strip()
