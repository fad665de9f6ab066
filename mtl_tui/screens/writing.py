"""An answer in words on the screen: the box it is written in, the editor, and the points it is held against."""

from __future__ import annotations

import re

from textual.app import ComposeResult, SuspendNotSupported
from textual.widgets import Input, TextArea

from mtl_tui.flows.editing import EditorError, edited, editor
from mtl_tui.locale import pick, say
from mtl_tui.screens.picking import PickingScreen
from mtl_tui.typeset import quoted
from quizzes.question import Code

INDENT = "    "
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")
"""A Han character, or letters and digits on end."""


class WritingScreen(PickingScreen):
    """Has a box whose text is the answer of its session, and an Input `#number` that also takes a synonym."""

    def __init__(self) -> None:
        super().__init__()
        self.synonym_of: int | None = None

    def compose_box(self) -> ComposeResult:
        """The box."""
        yield TextArea(id="box", show_line_numbers=False, compact=True)

    @property
    def box(self) -> TextArea:
        """The box."""
        return self.query_one("#box", TextArea)

    def box_contexts(self) -> tuple[str, ...]:
        """The contexts of an answer in words: in its box, or beside it."""
        if self.focused is self.box:
            return ("code box" if isinstance(self.session.question, Code) else "box", "writing")
        return ("words", "asking", "global")

    def fill_box(self) -> None:
        """Show what has been written so far, with the cursor behind it."""
        self.box.load_text(self.session.answering.text)
        self.box.move_cursor(self.box.document.end)

    def read_box(self) -> None:
        """Let the answer be what stands in the box."""
        if self.session.phase == "asking" and self.session.answering.in_words:
            self.session.type(self.box.text)

    def retext(self) -> None:
        self._frame()
        super().retext()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self.read_box()
        self._frame()

    def _frame(self) -> None:
        """Say in the box's frame what it is for and how much is written, as a person counts it."""
        if self.session.phase != "asking":
            return
        code = isinstance(self.session.question, Code)
        self.box.border_title = say("Your code") if code else say("Your answer")
        self.box.border_subtitle = "" if code else say("words: {n}", n=len(WORD.findall(self.box.text)))

    def do_indent(self) -> None:
        self.box.insert(INDENT)

    def do_leave_box(self) -> None:
        """Out of the box; a synonym that was asked for is not kept."""
        self.set_focus(None)
        if self.synonym_of is not None:
            self.synonym_of = None
            self.rewrite()

    def do_edit(self) -> None:
        self.read_box()
        refused = ""
        try:
            editor()
            with self.app.suspend():
                refused = self._edit(".py" if isinstance(self.session.question, Code) else ".md")
        except EditorError as error:
            refused = str(error)
        except SuspendNotSupported:
            self.notify(say("This terminal cannot be lent to an editor; write in the box."), severity="warning")
        if refused:
            self.notify(refused, severity="warning", timeout=8)
        self.fill_box()

    def _edit(self, suffix: str) -> str:
        """Take what the editor leaves, or say why not; an error would keep `suspend` from giving the terminal back."""
        try:
            self.session.type(edited(self.session.answering.text, suffix))
        except EditorError as error:
            return str(error)
        return ""

    def do_copy_or_quit(self) -> None:
        """In the box its own selection is copied."""
        if self.focused is self.box and self.box.selected_text:
            self.app.copy_to_clipboard(self.box.selected_text)
        else:
            self.mtl.do_copy_or_quit()

    def do_accept_points(self) -> None:
        self.session.accept_points()
        self.enter_phase()

    def do_synonym(self) -> None:
        """Ask for the words that say the point under the cursor too; a sentence without any point is offered."""
        self.synonym_of = self.row
        entry = self.query_one("#number", Input)
        entry.value = self.session.answering.unmatched()
        self.rewrite()
        self.set_focus(entry)

    def do_take(self) -> None:
        phrase = self.query_one("#number", Input).value.strip()
        if self.synonym_of is not None and phrase:
            point = self.session.answering.points[self.synonym_of]
            self.session.keep_synonym(self.synonym_of, phrase)
            said = say("From now on “{phrase}” says it too: {point}", phrase=phrase, point=pick(point.text))
            self.notify(quoted(said), timeout=4)
        self.do_leave_box()
