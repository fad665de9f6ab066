"""What every screen does once."""

from collections.abc import Callable

import pytest

from mtl_tui.screens.base import KeyScreen
from mtl_tui.screens.fitting import FittingScreen
from mtl_tui.screens.interview_setup import InterviewSetup
from mtl_tui.screens.search import SearchScreen
from mtl_tui.screens.settings import SettingsScreen


@pytest.mark.parametrize("kind", [FittingScreen, InterviewSetup, SearchScreen, SettingsScreen])
async def test_a_screen_that_opens_is_written_once_for_each_event(program, monkeypatch, kind) -> None:
    written = []

    def counted(event: str, handle: Callable[[KeyScreen], None]) -> Callable[[KeyScreen], None]:
        def handled(screen: KeyScreen) -> None:
            written.append((screen, event))
            handle(screen)

        return handled

    for event in ("on_mount", "on_screen_resume"):
        monkeypatch.setattr(KeyScreen, event, counted(event, getattr(KeyScreen, event)))
    async with program() as it:
        screen = kind()
        await it.app.push_screen(screen)
        await it.pilot.pause()
        assert sorted(event for each, event in written if each is screen) == ["on_mount", "on_screen_resume"]
