"""The overlay that fits the schedule: the real process over ninety days of answers, stopped, finished, taken back."""

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from mtl_tui import places
from mtl_tui.flows import fitting
from mtl_tui.screens.fitting import FittingScreen
from mtl_tui.screens.settings import SettingsScreen
from tests.forgetting import assert_remembered, forget_quickly


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forget_quickly(tmp_path_factory.mktemp("answered")) / "journal.jsonl"


@pytest.fixture
def answered(journal: Path) -> None:
    places.data().mkdir(parents=True)
    shutil.copy(journal, places.data())


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """The processes that were started, halted at once so that none is done before a key is pressed."""
    found: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def noted(*args, **keywords):
        found.append(await start(*args, **keywords))
        found[-1].send_signal(signal.SIGSTOP)
        return found[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    return found


def keys(it) -> set[str]:
    return {item.binding.action for item in it.app.screen.bar._items}


async def test_the_schedule_is_fitted_shown_with_its_interval_and_taken_back(program, answered) -> None:
    async with program(language="zh", size=(100, 32)) as it:
        cards = it.desk.store.cards()
        await it.press(",")
        assert it.shows(f"已重复作答 {fitting.repeated(it.desk.store)} 次"), it.text
        await it.press("F")
        assert isinstance(it.app.screen, FittingScreen) and "own_parameters" not in keys(it)
        await it.press("1")
        await it.until(lambda: it.shows("[=") or it.shows("留出的"), "progress")
        await it.until(lambda: it.shows("从现在起按拟合的参数"), "the result")
        found = fitting.in_use(it.desk.store).fitted
        assert found.better
        assert it.shows(f"{found.before:.4f}", f"{found.after:.4f}", "从现在起按拟合的参数"), it.text
        assert it.shows(f"{found.gain:.3f}，95 % 区间 [{found.low:.3f}, {found.high:.3f}]"), it.text
        assert_remembered(it.desk.store, cards, found.parameters)
        await it.press("z")
        assert it.shows("The fitted parameters schedule from now on."), it.text
        await it.press("z", "2")
        assert it.shows("从现在起按 FSRS 自带的参数", "到期日不动"), it.text
        assert fitting.in_use(it.desk.store) is None and it.desk.store.cards() == cards
        assert "own_parameters" not in keys(it)
        await it.press("1")
        await it.until(lambda: it.shows("从现在起按拟合的参数"), "the result")
        await it.press("escape")
        assert isinstance(it.app.screen, SettingsScreen) and it.shows("日程已按你的记忆拟合"), it.text


async def test_esc_ends_the_process_and_leaves_everything_as_it_was(program, answered, started) -> None:
    async with program(language="zh") as it:
        cards = it.desk.store.cards()
        await it.press(",", "F", "enter")
        await it.until(lambda: bool(started))
        assert keys(it) >= {"stop_fitting"} and it.shows("拟合进程正在启动"), it.text
        await it.press("escape")
        assert isinstance(it.app.screen, FittingScreen) and it.shows("已停下"), it.text
        await it.until(lambda: started[0].returncode is not None)
        assert started[0].returncode == -signal.SIGKILL
        assert fitting.in_use(it.desk.store) is None and it.desk.store.cards() == cards
        await it.press("escape")
        assert isinstance(it.app.screen, SettingsScreen)


async def test_leaving_the_program_ends_the_process(program, answered, started) -> None:
    async with program() as it:
        await it.press(",", "F", "1")
        await it.until(lambda: bool(started))
        await it.press("ctrl+c")
    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize("python", ["/bin/false", "/bin/echo", "/no/such/python"])
async def test_a_process_that_fails_is_one_sentence_and_can_be_tried_again(
    program, answered, monkeypatch, python
) -> None:
    async with program(language="en") as it:
        await it.press(",", "F")
        monkeypatch.setattr("mtl_tui.flows.fitting.sys.executable", python)
        await it.press("1")
        await it.until(lambda: it.shows("The fitting process failed"))
        assert it.shows("the parameters stay as they are.") and "fit" in keys(it), it.text


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_with_too_few_answers_a_sentence_says_so_and_no_key_starts_it(program, language) -> None:
    async with program(language=language, size=(60, 16)) as it:
        await it.press(",", "F")
        assert it.shows("512"), it.text
        assert "fit" not in keys(it)
        await it.press("1", "enter")
        assert isinstance(it.app.screen, FittingScreen) and it.shows("512"), it.text
