"""The program on the screen: the one place that opens it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mtl_tui.commands.plain import Misuse, open_desk, speak
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import Language, say

if TYPE_CHECKING:
    from textual.screen import Screen


def on_a_terminal() -> bool:
    """Standard input and output are both a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def open_screen(
    lang: Language | None = None,
    session: Callable[[Desk], QuizSession] | None = None,
    front: Callable[[Desk], Screen[None]] | None = None,
    **settings: Any,
) -> None:
    """Open the program, on a session or another screen if one is given; on Home if the session has no question.

    Without a terminal it is a Misuse that names the plain forms. Raises the fault that ended the program, if any.
    """
    if not on_a_terminal():
        speak(lang)
        raise Misuse(
            say("This is not a terminal: use mtl-tui demo --plain to look around, or mtl-tui quiz --plain to answer."),
        )
    from mtl_tui.app import MtlApp

    desk = open_desk(lang, **settings)
    app = MtlApp(desk, session(desk) if session is not None else None, front(desk) if front is not None else None)
    app.run()
    if app.fault is not None:
        raise app.fault
