"""What every screen has on which a question is answered: its page, the number's box, the guard against double keys."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from mtl_tui.flows import explain, words
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ScrolledScreen
from mtl_tui.screens.writing import WritingScreen
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.rows import Rows
from quizzes.question import FindBug, Matching, Multiple, Numeric, Ordering

GUARDED = frozenset("0123456789") | {"enter"}
KINDS = {Multiple: "ticks", Ordering: "order", Matching: "pairs", FindBug: "line"}
"""The context of a kind of question; of any other, one option is chosen."""


class QuestionScreen(WritingScreen, ScrolledScreen):
    """Shows the question of its session, in the phase that the session is in; `beside` is the id of what stands to its
    right."""

    beside: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.phase_began = 0.0

    def on_unmount(self) -> None:
        self.session.tick()
        self.session.keep()

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(classes="rule")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll(id="page", can_focus=False):
                    yield Prose(id="stem")
                    yield Rows(id="rows")
                    yield Prose(id="answer")
                yield from self.compose_box()
                with Vertical(id="foot"):
                    yield from self.compose_foot()
            with Vertical(id=self.beside):
                yield from self.compose_beside()

    def compose_foot(self) -> ComposeResult:
        """The box for a number or a synonym, and what there is to do."""
        yield Input(id="number", compact=True, select_on_focus=False)
        yield Prose(id="ask")

    def compose_beside(self) -> ComposeResult:
        """What stands to the right of the question."""
        yield from ()

    @property
    def asks_number(self) -> bool:
        """A number is being asked for."""
        return self.session.phase == "asking" and isinstance(self.session.question, Numeric)

    @property
    def asks_words(self) -> bool:
        """Words or code are being asked for."""
        return self.session.phase == "asking" and self.session.answering.in_words

    def read_box(self) -> None:
        """A key can come before the news of the digits that were typed ahead of it: the box has them."""
        super().read_box()
        if self.asks_number:
            self.session.type(self.query_one("#number", Input).value)

    def guards(self, key: str) -> bool:
        """A digit or enter so soon after a phase began was meant for the one before."""
        return key in GUARDED and time.monotonic() - self.phase_began < self.mtl.desk.guard_seconds

    async def press(self, name: str) -> bool:
        return self.guards(name) or await super().press(name)

    def show_rows(self) -> None:
        """The rows to choose from, or the points to tick."""
        session, rows = self.session, self.query_one("#rows", Rows)
        rows.display = session.phase in ("asking", "confidence", "points")
        if session.phase == "points":
            rows.show_rows(words.points(session.answering, self.row), spaced=True)
        elif rows.display:
            spaced = session.answering.asks_reason or not isinstance(session.question, FindBug | Matching)
            rows.show_rows(explain.rows(session.answering, self._here()), spaced=spaced)

    def _here(self) -> int:
        """The row with the cursor; once the answer is handed in, the one that was chosen."""
        if self.session.phase == "asking":
            return self.row
        chosen = self.session.answering.chosen
        return -1 if chosen is None else chosen

    def focus_box(self) -> None:
        """To the top of the page, and into the box that this phase writes in, if it has one; the footer says so."""
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)
        if self.asks_number:
            self.set_focus(self.query_one("#number", Input))
        elif self.asks_words:
            self.set_focus(self.box)
        else:
            self.set_focus(None)
        self.refresh_keys()

    def box_in_front(self) -> Widget | None:
        """The box that is shown, if one is."""
        if self.has_class("-writing"):
            return self.box
        number = self.query_one("#number", Input)
        return number if number.display else None

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.press("enter")

    def do_sure_1(self) -> None:
        self.sure(1)

    def do_sure_2(self) -> None:
        self.sure(2)

    def do_sure_3(self) -> None:
        self.sure(3)

    def sure(self, confidence: int) -> None:
        """Take in how sure the person is."""
        self.session.answer_confidence(confidence)
        self.enter_phase()

    def tell_reports(self) -> None:
        """Show what the desk has to tell of the disk."""
        for report in self.mtl.desk.reports():
            self.notify(report, severity="warning", timeout=12)

    def text_to_copy(self) -> str:
        """The question and what stands beneath it."""
        blocks = [block for name in ("#stem", "#answer") for block in self.query_one(name, Prose).blocks]
        return "\n".join(block.lead + block.text for block in blocks).strip()
