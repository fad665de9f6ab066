"""Help, made from the bindings that hold on the screen beneath."""

from __future__ import annotations

from mtl_tui import bindings
from mtl_tui.locale import say
from mtl_tui.screens.base import KeyScreen
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block, width_of

COLUMN = 14


class HelpScreen(Overlay):
    """Every key of the screen that it was asked on, and what is worth knowing about it."""

    def __init__(self, beneath: KeyScreen) -> None:
        super().__init__()
        self._contexts = tuple(beneath.contexts())

    def heading(self) -> str:
        return say("Keys of this screen")

    def do_help(self) -> None:
        """Not from here: it would lie over itself."""

    def blocks(self) -> list[Block]:
        found = []
        for binding in bindings.active(self._contexts):
            keys = say(binding.shown)
            lead = keys + " " * max(COLUMN - width_of(keys), 1)
            found.append(Block(say(binding.label), lead=lead, indent=COLUMN))
        notes = [
            say("Grades: Again, Hard, Good and Easy are those of Anki. Hard means recalled, but with effort."),
            say("Space never grades. Digits and enter are ignored for 0.3 s after the phase changes."),
            say("Full-width digits and punctuation of a Chinese input method work like the plain ones."),
            say("Hold shift to select text with the mouse. In tmux, set -sg escape-time 10 makes esc quick."),
        ]
        return [*found, Block(""), *(Block(note, "quiet") for note in notes)]
