"""Leaving while something is going on: nothing is lost either way, but it is said."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_tui.locale import say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block


class LeaveScreen(Overlay):
    """A run is live, or an answer could not be saved yet."""

    def contexts(self) -> Sequence[str]:
        """Enter is not enough to lose an answer."""
        desk = self.mtl.desk
        return (
            *(["quit run"] if desk.lab.live else []),
            *(["quit at once"] if not desk.unsaved() else []),
            *("quit", "global"),
        )

    def heading(self) -> str:
        return say("Quit?")

    def blocks(self) -> list[Block]:
        live, unsaved = self.mtl.desk.lab.live, self.mtl.desk.unsaved()
        blocks = []
        if live:
            blocks.append(Block(say("A run is still training. Stopping keeps what it has so far.")))
        if unsaved:
            blocks.append(
                Block(
                    say("{n} answers could not be saved and live in memory only: leaving loses them.", n=unsaved),
                    "wrong",
                )
            )
        return [
            *blocks,
            Block(""),
            Block(say("stop, keep the run and quit") if live else say("quit without them"), lead="1  ", indent=3),
            Block(say("stay"), lead="2  ", indent=3),
        ]

    def do_quit_stop(self) -> None:
        self.app.exit()

    def do_quit_stay(self) -> None:
        self.dismiss()

    def do_copy_or_quit(self) -> None:
        """Ctrl+C once more means it."""
        self.app.exit()
