"""The app names modes, themes and what works on every screen, and nothing else."""

from __future__ import annotations

import select
import sys
from pathlib import Path
from typing import ClassVar

import msgspec
from textual.app import App
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import WorkerFailed

from mtl_tui import config, locale, places
from mtl_tui.config import Settings
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.explain import NOTHING_DUE
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import say
from mtl_tui.screens.base import KeyScreen

HANG_UP_SECONDS = 2.0
"""How often it is looked whether the terminal is still there."""

DARK = Theme(
    name="mtl-dark",
    primary="#7aa2f7",
    secondary="#9ece6a",
    accent="#e0af68",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#c8d0e0",
    background="#14161d",
    surface="#1a1d27",
    panel="#222634",
    dark=True,
    variables={"tone-0": "#7dcfff", "tone-1": "#ffb86c", "tone-2": "#9ece6a", "tone-3": "#c39ac9", "quiet": "#8891a8"},
)
LIGHT = Theme(
    name="mtl-light",
    primary="#1f4fa8",
    secondary="#2f6b1e",
    accent="#8a4b00",
    warning="#8a4b00",
    error="#b3243b",
    success="#2f6b1e",
    foreground="#1c2230",
    background="#fbfaf6",
    surface="#f3f1ea",
    panel="#e8e5da",
    dark=False,
    variables={"tone-0": "#0b5cad", "tone-1": "#b04a00", "tone-2": "#2f6b1e", "tone-3": "#7a3d85", "quiet": "#5c6475"},
)


def _home() -> Screen[None]:
    from mtl_tui.screens.home import HomeScreen

    return HomeScreen()


def _quiz() -> Screen[None]:
    from mtl_tui.screens.quiz import QuizScreen

    return QuizScreen()


def _lab() -> Screen[None]:
    from mtl_tui.screens.lab import LabScreen

    return LabScreen()


def _notes() -> Screen[None]:
    from mtl_tui.screens.notes import NotesScreen

    return NotesScreen()


class MtlApp(App[None]):
    """Takes the desk (store, bank, lab, settings) and shows it, behind a session or another screen if one is given."""

    TITLE = "mtl-tui"
    CSS_PATH = Path(__file__).with_name("mtl.tcss")
    MODES: ClassVar = {"home": _home, "quiz": _quiz, "lab": _lab, "notes": _notes}
    DEFAULT_MODE = "home"
    fault: BaseException | None = None
    """What ended the program, if it was a fault in it; whoever ran it raises this."""
    scripted = False
    """Keys come from a script; what a person presses goes to `hear`."""
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []

    def __init__(self, desk: Desk, session: QuizSession | None = None, front: Screen[None] | None = None) -> None:
        super().__init__()
        self.desk, self._session, self._front = desk, session, front
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        locale.use(desk.settings.language)
        # Nothing is styled yet: without the watcher the style sheet is not parsed twice.
        self.set_reactive(App.theme, f"mtl-{desk.settings.theme}")
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            self.set_interval(HANG_UP_SECONDS, self._leave_a_gone_terminal)
        for report in self.desk.reports():
            self.notify(report, severity="warning", timeout=12)
        if self._session is not None and self._session.phase == "over":
            self.notify(say(NOTHING_DUE), timeout=8)
        elif self._session is not None:
            from mtl_tui.screens.session import SessionScreen

            self.push_screen(SessionScreen(self._session))
        if self._front is not None:
            self.push_screen(self._front)

    def _leave_a_gone_terminal(self) -> None:
        """Where no signal says that the terminal has gone, the driver would read its end for ever, at full speed."""
        terminal = select.poll()
        terminal.register(0, select.POLLHUP)
        if any(event & select.POLLHUP for _, event in terminal.poll(0)):
            self.exit()

    async def on_unmount(self) -> None:
        await self.desk.close()

    def _handle_exception(self, error: Exception) -> None:
        """End without Textual's traceback over the terminal."""
        if self.fault is None:
            self.fault = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def change(self, settings: Settings) -> None:
        """Use other settings from now on and remember them."""
        before, self.desk.settings = self.desk.settings, settings
        locale.use(settings.language)
        self.theme = f"mtl-{settings.theme}"
        try:
            changed = config.difference(before, settings)
            kept = config.change(places.config_file(), lambda now: msgspec.structs.replace(now, **changed))
            if kept is not None:
                self.notify(say("The settings were written anew; the file as it was is {file}.", file=kept), timeout=8)
        except OSError as error:
            self.notify(say("The settings cannot be saved: {why}.", why=error.strerror), severity="warning")
        for screen in self.screen_stack:
            if isinstance(screen, KeyScreen):
                screen.retext()

    async def hear(self, key: str) -> None:
        """A key pressed by a person while the keys come from a script."""

    def do_language(self) -> None:
        now = self.desk.settings.language
        self.change(msgspec.structs.replace(self.desk.settings, language="en" if now == "zh" else "zh"))

    def do_settings(self) -> None:
        from mtl_tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen())

    def do_search(self) -> None:
        from mtl_tui.screens.search import SearchScreen

        self.push_screen(SearchScreen())

    def do_drill(self) -> None:
        from mtl_tui.screens.drill import DrillScreen

        self.push_screen(DrillScreen())

    def do_help(self) -> None:
        from mtl_tui.screens.help import HelpScreen

        if isinstance(self.screen, KeyScreen):
            self.push_screen(HelpScreen(self.screen))

    def do_palette(self) -> None:
        from mtl_tui.screens.palette import palette

        if isinstance(self.screen, KeyScreen):
            self.push_screen(palette())

    def do_undo(self) -> None:
        self.notify(self.desk.undo())
        if isinstance(self.screen, KeyScreen):
            self.screen.retext()

    def do_reset(self) -> None:
        from mtl_tui.screens.reset import ResetScreen
        from mtl_tui.screens.session import SessionScreen

        if isinstance(self.screen, SessionScreen):
            self.push_screen(ResetScreen(self.screen.session.question))

    def do_copy(self) -> None:
        text = self.screen.text_to_copy() if isinstance(self.screen, KeyScreen) else ""
        if text:
            self.copy_to_clipboard(text)
            self.notify(self.desk.keep_copy(text))

    def do_copy_or_quit(self) -> None:
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
        else:
            self.do_quit()

    def do_mode_home(self) -> None:
        self.switch_mode("home")

    def do_mode_quiz(self) -> None:
        self.switch_mode("quiz")

    def do_mode_lab(self) -> None:
        self.switch_mode("lab")

    def do_mode_notes(self) -> None:
        self.switch_mode("notes")

    async def action_quit(self) -> None:
        """Textual's own ctrl+q asks like any other way out."""
        self.do_quit()

    def do_quit(self) -> None:
        from mtl_tui.screens.leave import LeaveScreen

        if self.desk.lab.live or self.desk.unsaved():
            self.push_screen(LeaveScreen())
        else:
            self.exit()
