"""The laboratory with a real worker: what is kept, what is said when something breaks, and what comes next."""

import os
import signal
from pathlib import Path

import pytest

from models.events import Done, Error, Mark, State
from models.pairings import PAIRINGS
from mtl_tui import locale
from mtl_tui.flows.closing import closing, ended, failure
from mtl_tui.flows.lab import Lab
from mtl_tui.lab import folder
from mtl_tui.lab.record import RunRecord

PAIRING = "listing1-softmax"


@pytest.fixture
async def lab(tmp_path: Path):
    ended: list[tuple[str, str, RunRecord]] = []
    lab = Lab(
        tmp_path / "runs",
        tmp_path / "log" / "worker.log",
        "1",
        lambda run, spec, record: ended.append((run, spec.name, record)),
    )
    lab.told = ended  # type: ignore[attr-defined]
    yield lab
    await lab.close()


async def test_a_killed_worker_is_said_and_t_starts_again_with_the_same_seed(lab, tmp_path, until) -> None:
    locale.use("en")
    assert await lab.start(PAIRING) and not await lab.start(PAIRING)
    await until(lambda: lab.record.step > 5)
    os.kill(lab._worker.pid, signal.SIGKILL)
    await until(lambda: not lab.live)
    step = lab.record.step
    assert failure(lab.record).startswith("The training process is gone (out of memory?)")
    assert f"up to step {step} " in failure(lab.record) and "Press t" in failure(lab.record)
    first = lab.run
    assert [(run, name) for run, name, _ in lab.told] == [(first, PAIRING)]
    assert list(folder.read(tmp_path / "runs" / first))

    lab.pace = "full"
    assert lab.next_seed(PAIRING) == 7 and await lab.start(PAIRING)
    await until(lambda: not lab.live)
    assert not lab.record.done.stopped and lab.record.hello.seed == 7 and lab.run != first
    sentence, held = closing(PAIRINGS[PAIRING], lab.record)
    assert held is not None and sentence.startswith("Seen in this run")
    assert lab.next_seed(PAIRING) == 8

    live = lab.record.readings()
    await lab.replay(PAIRING, lab.run, "full")
    await until(lambda: not lab.record.live)
    assert lab.replaying and lab.record.readings() == live
    await lab.replay(PAIRING, first, "full")
    await until(lambda: not lab.record.live)
    assert "process is gone" in failure(lab.record)


async def test_leaving_in_the_middle_keeps_and_reports_the_run(lab, tmp_path, until) -> None:
    await lab.warm(PAIRING)
    await lab.start(PAIRING)
    lab.pause()
    await until(lambda: lab.paused)
    lab.scale_learning_rate(0.5)
    lab.step()
    await until(lambda: lab.record.step == 1)
    assert lab.change_pace(1) == "2" and lab.change_pace(-1) == "1"
    await lab.close()
    assert lab._worker.pid is None
    kept = list(folder.read(tmp_path / "runs" / lab.run))
    assert kept[-1] == Done(1, kept[-1].seconds, stopped=True) and Mark(0, "learning_rate", 0.5) in kept
    assert [(run, record.done) for run, _, record in lab.told] == [(lab.run, kept[-1])]


async def test_a_run_goes_on_from_its_checkpoint_and_a_finished_one_becomes_longer(lab, short_run, until) -> None:
    lab.pace = "full"
    spec = short_run(400)
    await lab.begin(spec)
    await until(lambda: not lab.live)
    whole = lab.record.readings()

    lab.pace = "0.25"
    await lab.begin(spec)
    await until(lambda: lab.record.step > 5)
    lab.save()
    await until(lambda: lab.record.checkpoint is not None)
    lab.stop()
    await until(lambda: not lab.live)
    at, run = lab.record.step, lab.run
    assert lab.record.done.stopped and at < 400
    await lab.replay("short", run, "full")
    await until(lambda: not lab.record.live)
    lab.pace = "full"
    assert await lab.resume() == 0 and lab.run == run and lab.live
    await until(lambda: not lab.live)
    assert lab.record.readings() == whole and not lab.record.done.stopped

    assert await lab.resume() == 100
    await until(lambda: not lab.live)
    assert lab.record.done.step == lab.record.steps == 500
    assert [(mark.step, mark.kind, mark.value) for mark in lab.record.marks] == [(400, "extend", 100.0)]
    assert len(lab.record.series["A", "train", "interest"]) == 500


async def test_a_live_run_is_made_longer_and_a_worker_that_tells_nothing_is_noticed(lab, short_run, until) -> None:
    now = 0.0
    lab.clock = lambda: now
    await lab.begin(short_run(4000))
    lab.pause()
    await until(lambda: lab.paused)
    lab.extend()
    await until(lambda: bool(lab.record.marks))
    assert lab.record.steps == 5000
    now = 100.0
    assert lab.silent == 0, "a paused worker may be quiet"
    lab.pause()
    await until(lambda: not lab.paused)
    os.kill(lab._worker.pid, signal.SIGSTOP)
    now = lab._heard_at + 2.9
    assert lab.silent == 0
    now += 4.2
    assert lab.silent == 7
    await lab.abandon()
    assert not lab.live and lab.silent == 0 and lab.record.gone is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_how_a_run_ended_is_said_truly(language) -> None:
    with locale.speaking(language):
        record = RunRecord()
        record.fold([State("running", 5), Done(5, 1.0, stopped=True)])
        kept = ended(record)
        record.fold([State("running", 5, saved=False)])
        lost = ended(record)
        crashed = RunRecord()
        crashed.fold([Error("crash", "RuntimeError: out of memory", step=41)])
        said = failure(crashed)
    assert kept != lost and "5" in kept
    assert "41" in said and "RuntimeError: out of memory" in said and "worker.log" in said and " t " in said
