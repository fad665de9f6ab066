"""The report of a mock interview; enter writes it as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from mtl_tui.flows.interview_report import before, blocks, export
from mtl_tui.locale import say
from mtl_tui.screens.base import Line
from mtl_tui.screens.moving import ScrolledScreen
from mtl_tui.widgets.prose import Prose
from quizzes.interview import Interview


class InterviewReport(ScrolledScreen):
    """The figures of an interview beside those of the one before it."""

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview

    def contexts(self) -> Sequence[str]:
        return ("report", "scroll", "global")

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(classes="rule")
        with VerticalScroll(id="page", can_focus=False):
            yield Prose(id="text")

    def retext(self) -> None:
        desk = self.mtl.desk
        self.query_one("#head", Line).show(" " + say("Report of the mock interview"))
        self.query_one("#text", Prose).show(blocks(self.interview, desk.bank, before(desk, self.interview)))
        super().retext()

    def do_write(self) -> None:
        try:
            self.notify(say("Written to {file}", file=export(self.mtl.desk, self.interview)))
        except OSError as error:
            folder = self.mtl.desk.settings.notes_folder
            why = say("The report cannot be written to {folder}: {why}.", folder=folder, why=error.strerror)
            self.notify(why, severity="error", timeout=12)

    def text_to_copy(self) -> str:
        """The page as text."""
        return "\n".join(block.lead + block.text for block in self.query_one("#text", Prose).blocks)
