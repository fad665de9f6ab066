"""The program opened in a terminal of a given size, in a home of its own, at a fixed time.

`Recorded` stands where the worker does and plays back runs that were recorded from it (runs/): screens need no torch.
"""

import asyncio
import datetime
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from mtl_tui import locale, places
from mtl_tui.app import MtlApp
from mtl_tui.config import Settings
from mtl_tui.flows.desk import Desk
from mtl_tui.lab import commands
from mtl_tui.lab.commands import Command
from mtl_tui.lab.link import Receiver, ReplayLink
from mtl_tui.screens.lab import LabRunScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.store.store import Store
from quizzes import bank as banks

RUNS = Path(__file__).parent / "runs"
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
DEADLINE = 10.0


class Recorded:
    """A link to recorded runs: what is started plays `runs/<name>`, at once when flat out, else paced."""

    pid: int | None = None

    def __init__(self, receive: Receiver) -> None:
        self._receive = receive
        self._playing: ReplayLink | None = None
        self.sent: list[Command] = []

    async def open(self) -> None:
        """Nothing to start."""

    def send(self, command: Command) -> None:
        self.sent.append(command)
        if isinstance(command, commands.Start):
            self._playing = ReplayLink(self._receive, RUNS / command.spec.name, command.pace)
            self._opening = asyncio.ensure_future(self._playing.open())
        elif self._playing is not None:
            self._playing.send(command)

    async def close(self, patience: float) -> None:
        if self._playing is not None:
            await self._playing.close()


class Program(NamedTuple):
    """The program under test, and the keys of the person in front of it."""

    app: MtlApp
    pilot: Pilot[None]

    @property
    def desk(self) -> Desk:
        return self.app.desk

    async def press(self, *keys: str) -> None:
        """Press keys, with their effects."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type characters as a terminal hands them over: each with its name and itself."""
        for character in text:
            self.app.screen.post_message(Key(_character_to_key(character), character))
            await self.pilot.pause()

    async def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Wait for a condition; fails after a deadline."""
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, f"did not come true in time: {what}\n{self.text}"
            await self.pilot.pause(0.01)

    async def ask(self, *questions: str) -> SessionScreen:
        """Open a session of these questions."""
        screen = SessionScreen(self.desk.session_of(list(questions)))
        await self.app.push_screen(screen)
        await self.pilot.pause()
        return screen

    async def watch(self, name: str) -> LabRunScreen:
        """Open a recorded run of runs/ as one of the Lab's, at its end."""
        shutil.copytree(RUNS / name, places.runs() / name)
        await self.desk.lab.replay(name, name, "full")
        await self.until(lambda: not self.desk.lab.record.live)
        screen = LabRunScreen(name)
        await self.app.push_screen(screen)
        await self.until(lambda: screen.panel().views > 0 and screen.panel().size.width > 0)
        await self.pilot.pause()
        return screen

    async def turn_to(self, *sentences: str) -> None:
        """Press v until a page of the run shows these."""
        panel = self.app.screen.panel()
        for _ in range(panel.views):
            if self.shows(*sentences):
                return
            await self.press("v")
        raise AssertionError(f"no page shows {sentences}\n{self.text}")

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def flat(self) -> str:
        """What stands on the screen with all blanks and line ends taken out, so that a wrap does not matter."""
        return re.sub(r"\s+", "", self.text)

    @property
    def toasts(self) -> str:
        """What is said in the corner now."""
        return "\n".join(toast._notification.message for toast in self.app.screen.query(Toast))

    def shows(self, *sentences: str) -> bool:
        """All of these stand on the screen, however they are wrapped."""
        return all(re.sub(r"\s+", "", sentence) in self.flat for sentence in sentences)


@pytest.fixture(scope="session")
def bank() -> banks.Bank:
    return banks.load()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MTL_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    yield
    locale.use("en")


@pytest.fixture
def program(bank: banks.Bank) -> Callable[..., object]:
    """Opens the program: `async with program(language="zh", size=(80, 24)) as it`."""

    @asynccontextmanager
    async def opened(
        *, size: tuple[int, int] = (80, 24), worker: bool = False, guard_seconds: float = 0.0, **settings: object
    ) -> AsyncIterator[Program]:
        desk = Desk(
            Settings(**settings),  # type: ignore[arg-type]
            bank,
            Store.open(places.data()),
            clock=lambda: NOON,
            guard_seconds=guard_seconds,
        )
        if not worker:
            desk.lab._worker = Recorded(desk.lab._receive)  # type: ignore[assignment]
        app = MtlApp(desk)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield Program(app, pilot)

    return opened
