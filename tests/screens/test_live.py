"""A real run in front of the person: the language, the size and the way out change nothing of it."""

import os
import signal

from models.events import Done, Mark
from mtl_tui import locale, places
from mtl_tui.flows.desk import Desk
from mtl_tui.lab import folder


async def test_a_live_pairing_outlives_language_size_grade_and_leaving(program) -> None:
    """One run through everything that may happen beside it: none of it touches the run."""
    async with program(language="en", worker=True) as it:
        screen = await it.ask("listing1-repair", "mmoe-cosine")
        lab = it.desk.lab
        await it.press("1", "enter", "2", "t")
        await it.until(lambda: lab.record.hello is not None and lab.record.step > 3, "the run begins")
        await it.press("space")
        await it.until(lambda: lab.paused, "the run pauses")
        await it.press("-", "pagedown", "tab")
        await it.until(lambda: bool(lab.record.marks), "the mark is back")
        page, run = screen.query_one("#page"), lab.run
        before = (lab.record.step, page.scroll_y, screen.bar.here, screen.session.answer, screen.session.phase)
        assert page.scroll_y > 0
        await it.press("z")
        assert it.shows("盯住这个数", "建议评分") and locale.language() == "zh"
        await it.resize(140, 44)
        await it.resize(58, 14)
        await it.resize(80, 24)
        await it.press("z")
        after = (lab.record.step, page.scroll_y, before[2], screen.session.answer, screen.session.phase)
        assert after == before and lab.run == run and lab.record.hello.run == run
        await it.press("t")
        await it.until(lambda: "A run is live" in it.toasts)
        assert lab.run == run
        await it.press("3")
        assert screen.session.question.id == "mmoe-cosine" and lab.live and lab.run == run
        await it.press("escape", "q")
        await it.until(lambda: it.shows("A run is still training"), "leaving asks")
        await it.press("2")
        assert lab.live
        await it.press("ctrl+q")
        await it.until(lambda: it.shows("A run is still training"), "ctrl+q asks too")
        await it.press("1")
    kept = list(folder.read(places.runs() / run))
    assert isinstance(kept[-1], Done) and kept[-1].stopped
    assert [event for event in kept if isinstance(event, Mark)] == [Mark(before[0], "learning_rate", 0.5)]
    desk = Desk.open()
    assert [each.run for each in desk.store.runs()] == [run] and desk.store.last_review("listing1-repair").grade == 3
    await desk.close()


async def test_a_killed_worker_is_said_on_the_screen_and_the_run_replays(program) -> None:
    async with program(language="zh", worker=True) as it:
        screen = await it.ask("listing1-repair")
        lab = it.desk.lab
        await it.press("0", "t")
        await it.until(lambda: lab.record.step > 40, "the run begins")
        lab.pace = "0.25"
        os.kill(lab._worker.pid, signal.SIGKILL)
        await it.until(lambda: not lab.live, "the worker is gone")
        await it.until(lambda: it.shows("训练进程不见了"), "it is said")
        await it.press("r")
        await it.until(lambda: "replay" in screen.contexts(), "the replay begins")
        await it.press("space")
        await it.until(lambda: lab.paused, "the replay pauses")
        assert it.desk.run_line().endswith("重放")
        await it.press("space", *">>>>>")
        await it.until(lambda: "ended" in screen.contexts(), "the replay ends")
        await it.until(lambda: it.shows("训练进程不见了"), "it is said again")


async def test_the_gates_leave_no_half_sentence_and_the_end_of_a_session_no_idle_run(program) -> None:
    async with program() as it:
        await it.ask("mmoe-one-gate")
        await it.press("0", "t", *">>>>")
        await it.until(lambda: not it.desk.lab.live)
        await it.until(lambda: it.shows("Seen in this run", "runs showed it."))
        panel = it.app.screen.panel()
        while panel.view < panel.views - 1:
            await it.press("v")
        assert it.shows("gate utilisation") and not it.shows("Seen in this run")
        await it.press("v")
        assert it.shows("Seen in this run", "runs showed it.") and not it.shows("gate utilisation")
        await it.press("3")
        assert it.shows("The session is over: 1 rated.") and not it.shows("Watch:")
