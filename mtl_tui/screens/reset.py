"""Making a question new again: asked first, since its schedule is gone then."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_tui.locale import pick, say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block
from quizzes.question import Question


class ResetScreen(Overlay):
    """Forgets the schedule of a question, or leaves it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question

    def contexts(self) -> Sequence[str]:
        return ("reset", "global")

    def heading(self) -> str:
        return say("Make this question new again?")

    def blocks(self) -> list[Block]:
        return [
            Block(pick(self._question.stem)),
            Block(""),
            Block(say("Its schedule begins anew; your answers stay in the figures. u takes it back.")),
            Block(""),
            Block(say("make it new again"), lead="1  ", indent=3),
            Block(say("leave as it was"), lead="2  ", indent=3),
        ]

    def do_reset_now(self) -> None:
        told = self.mtl.desk.reset(self._question.id)
        self.dismiss()
        self.app.notify(told)
