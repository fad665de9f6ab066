"""The schedule fitted to a person: what it does, how far it is, what was decided, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing

from textual.worker import Worker

from mtl_tui.flows import fitting
from mtl_tui.flows.fitting import FittingError
from mtl_tui.locale import say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block
from quizzes.fitting import Fitted, Progress

BAR = 40


class FittingScreen(Overlay):
    """Fits FSRS's parameters to the answers in a process of its own, or returns to those that FSRS has."""

    def __init__(self) -> None:
        super().__init__()
        self._fit: Worker[None] | None = None
        self._progress = Progress(0, 0)
        self._told: Callable[[], list[str]] = list

    def contexts(self) -> Sequence[str]:
        if self._fit is not None:
            return ("fitting runs", "scroll", "global")
        possible = () if self._hindered else ("fitting",)
        return (*possible, *(("fitted",) if self._kept else ()), "scroll", "global")

    def on_mount(self) -> None:
        self._repeated = fitting.repeated(self.mtl.desk.store)

    def heading(self) -> str:
        return say("Fit the schedule")

    def retext(self) -> None:
        self._hindered = fitting.hindrance(self._repeated)
        self._kept = fitting.in_use(self.mtl.desk.store)
        super().retext()

    def blocks(self) -> list[Block]:
        about = say(
            "FSRS's parameters say how fast people forget, and can be fitted to your answers. "
            "Each question is predicted from the others; fitted parameters are kept only if they predict better beyond "
            "chance."
        )
        blocks = [Block(about), Block(""), Block(self._state(), "quiet")]
        if self._fit is not None:
            return [*blocks, Block(""), *self._bar()]
        told = self._told() or ([fitting.gain(self._kept.fitted)] if self._kept else [])
        blocks += [*map(Block, told), Block("")]
        if self._hindered:
            blocks.append(Block(self._hindered))
        else:
            blocks.append(Block(say("fit it to my answers"), lead="1  ", indent=3))
        if self._kept:
            blocks.append(Block(say("take FSRS's own parameters again"), lead="2  ", indent=3))
        return blocks

    def do_fit(self) -> None:
        self._progress = Progress(0, 0)
        self._fit = self.run_worker(self._fitting())
        self.retext()

    def do_stop_fitting(self) -> None:
        """End the process; what it found so far is lost."""
        if self._fit is not None:
            self._fit.cancel()
        self._end(lambda: [say("Stopped; the parameters stay as they are.")])

    def do_own_parameters(self) -> None:
        fitting.forget(self.mtl.desk.store)
        self._end(fitting.returned)

    def text_to_copy(self) -> str:
        return "\n".join(block.lead + block.text for block in self.blocks())

    async def _fitting(self) -> None:
        desk = self.mtl.desk
        try:
            async with aclosing(fitting.fit(desk.store)) as events:
                async for event in events:
                    if isinstance(event, Progress):
                        self._progress = event
                        self.retext()
                    else:
                        self._decide(event)
        except FittingError as error:
            sentence = str(error)
            self._end(lambda: [sentence])

    def _decide(self, fitted: Fitted) -> None:
        kept = fitting.keep(self.mtl.desk.store, fitted, self.mtl.desk.clock())
        self._end(lambda: fitting.outcome(fitted, kept))

    def _end(self, told: Callable[[], list[str]]) -> None:
        self._fit, self._told = None, told
        self.retext()

    def _state(self) -> str:
        if self._kept is None:
            return say("In use: FSRS's own parameters. Repeated answers: {n}.", n=self._repeated)
        day = self._kept.at.date()
        return say("In use: parameters fitted on {day}. Repeated answers: {n}.", day=day, n=self._repeated)

    def _bar(self) -> list[Block]:
        done, of = self._progress.done, self._progress.of
        filled = BAR * done // of if of else 0
        return [
            Block(f"[{'=' * filled}{' ' * (BAR - filled)}]", "pick", verbatim=True),
            Block(fitting.progress(self._progress) if of else say("The fitting process starts."), "quiet"),
        ]
