"""The demo on the screen: the real program, its keys pressed by a script, the caption where the footer stands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Center, Middle

from mtl_tui.app import MtlApp
from mtl_tui.flows.demo import RIGHT, Step, questions, right_row, script
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import say
from mtl_tui.screens.base import KeyScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.prose import Prose

KEY_SECONDS = 0.5
TICK = 0.05


class TitleScreen(KeyScreen):
    """Three words; enter begins."""

    def contexts(self) -> Sequence[str]:
        return ("home", "global")

    def compose_body(self) -> ComposeResult:
        with Middle(), Center():
            yield Prose(id="title-words")

    def retext(self) -> None:
        self.query_one("#title-words", Prose).show([Block(say("Guess first. Run it. Then conclude."), "lead")])
        super().retext()

    def do_start(self) -> None:
        desk = self.mtl.desk
        assert isinstance(self.app, DemoApp)
        self.app.switch_screen(SessionScreen(desk.session_of(questions(self.app.seconds))))


class DemoApp(MtlApp):
    """Plays its script. space stops and goes on, right and left go to the next and the previous step, esc leaves."""

    scripted = True

    def __init__(self, desk: Desk, seconds: float) -> None:
        super().__init__(desk)
        self.seconds = seconds
        self._steps = script(seconds)
        self._at = 0
        self._halted = False
        self._leap: int | None = None

    def on_mount(self) -> None:
        self.push_screen(TitleScreen())
        self.run_worker(self._play(), exit_on_error=True)

    async def hear(self, key: str) -> None:
        """A key that the audience pressed."""
        if key in ("escape", "q", "ctrl+c"):
            self.exit()
        elif key == "space":
            self._halted = not self._halted
        elif key == "right":
            self._leap = self._at + 1
        elif key == "left":
            self._leap = max(self._at - 1, 0)

    async def _play(self) -> None:
        while self._at < len(self._steps):
            step = self._steps[self._at]
            await self._press_all(step)
            await self._stay(step)
            target, self._leap = self._leap, None
            if target is not None and target <= self._at:
                await self._rewind(target)
            self._at = self._at + 1 if target is None else target
        self.exit()

    async def _rewind(self, to: int) -> None:
        """Begin again and run through everything before a step at once: a run before it is stopped where it is."""
        self.desk.lab.stop()
        while isinstance(self.screen, SessionScreen | TitleScreen):
            await self.pop_screen()
        await self.switch_mode("home")
        self.push_screen(TitleScreen())
        await asyncio.sleep(TICK)
        for step in self._steps[:to]:
            await self._press_all(step, quick=True)

    async def _press_all(self, step: Step, *, quick: bool = False) -> None:
        self._caption(step, "")
        for named in step.keys:
            for key in self._keys(named):
                if not quick:
                    await asyncio.sleep(KEY_SECONDS)
                self._caption(step, key)
                screen = self.screen
                if isinstance(screen, KeyScreen):
                    await screen.press(key)
                await asyncio.sleep(TICK)
                self._caption(step, key)

    def _keys(self, named: str) -> list[str]:
        """What to press: the right answer depends on what is asked by now."""
        session = self.screen.session if isinstance(self.screen, SessionScreen) else None
        return list(str(right_row(session) + 1)) if named == RIGHT and session is not None else [named]

    async def _stay(self, step: Step) -> None:
        left = step.seconds - KEY_SECONDS * len(step.keys)
        while self._leap is None and (left > 0 or (step.ends and self.desk.lab.live)):
            await asyncio.sleep(TICK)
            if not self._halted:
                left -= TICK

    def _caption(self, step: Step, key: str) -> None:
        screen = self.screen
        if isinstance(screen, KeyScreen):
            screen.show_caption(f" {say(step.caption)}", f"[{key}] " if key else "")
