"""Notes: tick what goes in, see it at once, write it to a file."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from mtl_tui.flows.note import Draft
from mtl_tui.locale import later, say
from mtl_tui.notes.markdown import MARKER
from mtl_tui.screens.base import ModeScreen
from mtl_tui.screens.moving import ListedScreen, ScrolledScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.listing import Listing, Row
from mtl_tui.widgets.prose import Prose

SCOPE_NAMES = {"picked": later("what m put in"), "today": later("today"), "all": later("everything")}


class NotesScreen(ListedScreen, ScrolledScreen, ModeScreen):
    """The outline on the left, the note on the right; in a narrow window tab goes from one to the other."""

    mode = "notes"
    scrolls = "#preview"

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._reading = False

    def contexts(self) -> Sequence[str]:
        if self._reading:
            return ("scroll", "reading", "mode", "global")
        return ("notes", "mode", "list", "global")

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield Listing(id="outline")
            with VerticalScroll(id="preview", can_focus=False):
                yield Prose(id="text")

    @property
    def draft(self) -> Draft:
        """The note in the making."""
        if self._draft is None:
            self._draft = Draft(self.mtl.desk)
        return self._draft

    def on_screen_resume(self) -> None:
        if self._draft is not None:
            self._draft.gather()

    def retext(self) -> None:
        draft = self.draft
        rows = [Row(say("Scope: < {scope} >", scope=say(SCOPE_NAMES[draft.scope])))]
        rows += [Row("  " * part.level + part.label, tick=draft.ticked(part.id)) for part in draft.parts()]
        self.query_one(Listing).show(rows)
        self.query_one("#text", Prose).show(self._preview())
        self.set_class(self._reading, "-reading")
        super().retext()

    def _preview(self) -> list[Block]:
        draft = self.draft
        blocks = [Block(sentence, "wrong") for sentence in draft.left_out]
        if draft.empty:
            return [
                *blocks,
                Block(say("Nothing to write about yet: answer a question or train a model first."), "quiet"),
            ]
        return blocks + [_block(line) for line in draft.text().split("\n") if line != MARKER]

    def open_row(self, index: int) -> None:
        self.query_one(Listing).move_to(index)
        self.do_tick()

    def do_tick(self) -> None:
        index = self.query_one(Listing).here - 1
        parts = self.draft.parts()
        if 0 <= index < len(parts):
            self.draft.toggle(parts[index].id)
        else:
            self.draft.change_scope(1)
        self.retext()

    def do_change(self, key: str) -> None:
        if self.query_one(Listing).here == 0:
            self.draft.change_scope(-1 if key == "left" else 1)
            self.retext()

    def do_write(self) -> None:
        if self.draft.empty:
            self.notify(say("Nothing to write about yet: answer a question or train a model first."))
            return
        try:
            file = self.draft.write()
        except OSError as error:
            self.notify(
                say(
                    "The note cannot be written to {folder}: {why}. It is still here: y copies it, or choose another "
                    "folder in the settings.",
                    folder=self.mtl.desk.settings.notes_folder,
                    why=error.strerror,
                ),
                severity="error",
                timeout=12,
            )
            return
        self.notify(say("Written to {file}", file=file))

    def do_focus_next(self) -> None:
        """The parts, the note, the footer, and round again."""
        if not self._reading and self.bar.here is None:
            self._reading = True
            self.retext()
            return
        self._reading = False
        self.retext()
        super().do_focus_next()

    def text_to_copy(self) -> str:
        return "" if self.draft.empty else self.draft.text()


def _block(line: str) -> Block:
    """A line of Markdown as the preview shows it: headings in colour, tables and code as they are."""
    if line.startswith("#"):
        return Block(line, "head")
    if line.startswith(("|", "    ")):
        return Block(line, "code", verbatim=True)
    if line.startswith("- "):
        return Block(line[2:], lead="- ", indent=2)
    return Block(line)
