"""What is known of a run: events folded into series, read from a folder, played again without torch."""

import subprocess
import sys
from pathlib import Path

import pytest

from models import events
from models.events import (
    Arm,
    Best,
    Checkpoint,
    Diverged,
    Done,
    Error,
    Evaluation,
    Event,
    Gates,
    Gradients,
    Hello,
    Mark,
    Metrics,
    State,
    Task,
    Text,
    Weights,
)
from mtl_tui.lab import commands, folder
from mtl_tui.lab.folder import RunFolderError, Writer
from mtl_tui.lab.link import Gone, ReplayLink
from mtl_tui.lab.record import CONFLICTING, NORM, SMOOTH, TRAIN, WEIGHT, RunRecord, Smooth

NAME = Text("名", "name")
HELLO = Hello(
    run="run",
    seed=7,
    steps=8,
    window=2,
    rows=100,
    arms=[Arm("A", NAME, "listing1-corrected", 10, 64, 0.001, [1.0, 1.0])],
    tasks=[Task("click", NAME, "binary")],
)
RUN: list[Event] = [
    HELLO,
    Evaluation("A", 0, "click", 0, {"loss": 0.7, "auc": None}),
    Metrics("A", 0, "click", 2, [0.6, None]),
    Evaluation("A", 0, "click", 4, {"loss": 0.5, "auc": 0.75}),
    Gates("A", 0, "click", 4, [0.25, 0.75], 0.81),
    Mark(4, "learning_rate", 0.5),
    Metrics("A", 0, "click", 6, [0.4, 0.3]),
    Done(8, 1.0),
]


def write(at: Path, run: list[Event]) -> Path:
    writer = Writer(at, {"A": "steps = 8\n"})
    writer.write([events.encode(event) for event in run])
    writer.close()
    assert writer.saved
    return at


def folded(batch: list[Event | Gone]) -> RunRecord:
    record = RunRecord()
    record.fold(batch)
    return record


def test_events_fold_into_series_that_know_their_steps_and_bounds() -> None:
    record = folded([*RUN])
    train = record.series["A", TRAIN, "click"]
    assert list(train.steps) == [2, 4, 6, 8]
    assert (train.low, train.high, train.last, train.at(5), train.at(7), train.at(1)) == (
        0.3,
        0.6,
        0.3,
        None,
        0.4,
        None,
    )
    assert record.value("A", "loss", "click") == 0.5 and record.value("A", "auc", "click") == 0.75
    assert record.value("B", "loss", "click") is None
    assert record.readings()["A", TRAIN, "click"] == 0.3
    assert record.marks == [Mark(4, "learning_rate", 0.5)] and len(record.gates["A", "click"]) == 1
    assert (record.step, record.live, record.done.stopped) == (8, False, False)


SEEDS = Hello("run", 7, 8, 2, 100, HELLO.arms, HELLO.tasks, replicas=3)


def told(step: int, losses: list[float | None]) -> list[Event]:
    return [Evaluation("A", replica, "click", step, {"loss": loss}) for replica, loss in enumerate(losses)]


def test_seeds_make_one_point_of_their_mean_with_a_deviation_each_way() -> None:
    record = folded([SEEDS, *told(0, [0.6, 0.7, 0.8]), *told(4, [0.4, None, 0.6]), *told(6, [0.3, 0.5])])
    loss = record.series["A", "loss", "click"]
    assert list(loss.steps) == [0, 4] and list(loss.values) == pytest.approx([0.7, 0.5])
    assert list(loss.below.values) == pytest.approx([0.6, 0.5 - 0.02**0.5])
    assert list(loss.above.values) == pytest.approx([0.8, 0.5 + 0.02**0.5])
    record.fold([Done(8, 1.0)])
    assert list(loss.steps) == [0, 4, 6] and loss.last == pytest.approx(0.4)
    assert record.readings()["A", "loss", "click"] == loss.last


def test_the_training_loss_of_seeds_brings_its_own_spread_and_smoothing_keeps_it_around_the_line() -> None:
    record = folded([SEEDS, Metrics("A", 0, "click", 2, [0.6, 0.4], [0.6, 0.5], [0.1, 0.3])])
    raw = record.series["A", TRAIN, "click"]
    assert list(raw.below.values) == pytest.approx([0.5, 0.1]) and list(raw.above.values) == pytest.approx([0.7, 0.7])
    smooth = Smooth(raw, 0.5)
    record.fold([Metrics("A", 0, "click", 6, [0.2], [0.3], [0.0])])
    smooth.follow()
    assert len(smooth) == len(smooth.below) == len(smooth.above) == 3
    assert all(
        low <= value <= high
        for low, value, high in zip(smooth.below.values, smooth.values, smooth.above.values, strict=True)
    )
    assert record.signal("A", SMOOTH, "click") == 0.3 and record.signal("A", SMOOTH, "click", 5) == 0.5


def test_of_several_seeds_the_gates_of_the_first_are_kept() -> None:
    record = folded(
        [SEEDS, *(Gates("A", replica, "click", 0, [replica / 4, 1 - replica / 4], 0.5) for replica in range(3))]
    )
    assert [gates.replica for gates in record.gates["A", "click"]] == [0]


def test_signals_of_training_stand_beside_the_metrics() -> None:
    tasks = ["click", "buy", "rate"]
    cosine = [[1.0, -0.5, 0.2], [-0.5, 1.0, 0.1], [0.2, 0.1, 1.0]]
    record = folded(
        [
            HELLO,
            Weights("A", 0, 4, tasks, [0.5, 1.5, None]),
            Gradients("A", 0, 4, 4, "exact", tasks, [1.0, 2.0, 3.0], cosine, 0.75),
            Best("A", 0, "click", 4, 0.5),
            Best("A", 0, "click", 6, 0.4, stopped=True),
            Diverged("B", 0, "buy", 5, 0.1, "learning_rate"),
            Mark(4, "extend", 3.0),
            Checkpoint(6, "checkpoint.safetensors"),
        ]
    )
    assert record.signal("A", WEIGHT, "buy") == 1.5 and record.signal("A", WEIGHT, "rate") is None
    assert record.signal("A", NORM, "rate") == 3.0 and record.signal("A", CONFLICTING, None) == 0.75
    assert {key: series.last for key, series in record.cosines.items()} == {
        ("A", "click", "buy"): -0.5,
        ("A", "click", "rate"): 0.2,
        ("A", "buy", "rate"): 0.1,
    }
    assert record.measured == {"A": "exact"} and record.best["A", "click"][0].step == 6
    assert record.diverged["B"].task == "buy" and record.live
    assert record.steps == HELLO.steps + 3 and record.checkpoint.step == 6
    assert not record.series, "signals are no metrics: notes and verdicts do not see them"


def test_a_run_is_used_up_once_every_task_was_stopped() -> None:
    record = folded([HELLO, Best("A", 0, "click", 4, 0.5, stopped=True), Best("A", 0, "buy", 4, 0.5)])
    assert not record.used_up and not folded([HELLO]).used_up
    record.fold([Best("A", 0, "buy", 6, 0.4, stopped=True)])
    assert record.used_up


@pytest.mark.parametrize("end", [Done(4, 1.0, stopped=True), Error("nan", "", step=5), Gone(-9)])
def test_a_run_that_was_cut_short_has_ended_but_not_well(end: Event | Gone) -> None:
    record = folded([*RUN[:4]])
    assert record.live and record.step == 4
    record.fold([end])
    assert not record.live and (record.done is None or record.done.stopped)


async def played(at: Path) -> list[Event | Gone]:
    heard: list[Event | Gone] = []
    link = ReplayLink(heard.extend, at)
    await link.open()
    assert link._task is not None
    await link._task
    return heard


async def test_a_replay_hands_over_what_was_written(tmp_path: Path) -> None:
    assert await played(write(tmp_path / "run", RUN)) == RUN


async def test_a_paced_replay_pauses_and_goes_on_to_the_same_numbers(tmp_path: Path, until) -> None:
    record = RunRecord()
    link = ReplayLink(record.fold, write(tmp_path / "run", RUN), pace=4.0)
    await link.open()
    await until(lambda: record.hello is not None)
    link.send(commands.Pause())
    assert record.state.phase == "paused" and record.live
    link.send(commands.Pace(0.0))
    link.send(commands.Resume())
    await until(lambda: not record.live)
    assert record.readings() == folded([*RUN]).readings() and not record.done.stopped


async def test_the_replay_of_a_run_without_an_end_says_that_its_process_was_gone(tmp_path: Path) -> None:
    heard = await played(write(tmp_path / "run", RUN[:5]))
    assert heard == [*RUN[:5], Gone()]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    file = write(tmp_path / "run", RUN) / folder.EVENTS
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    assert list(folder.read(tmp_path / "run")) == RUN[:-1]
    file.write_bytes(whole[:5])
    with pytest.raises(RunFolderError, match="ended before its first step"):
        ReplayLink(lambda batch: None, tmp_path / "run")


def test_what_cannot_be_read_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = write(tmp_path / "run", RUN) / folder.EVENTS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], b"not an event\n", *lines[3:]]))
    with pytest.raises(RunFolderError, match=r"events\.jsonl:4: not an event"):
        list(folder.read(tmp_path / "run"))
    newer = lines[0].replace(b'"version":1', b'"version":2')
    assert newer != lines[0]
    file.write_bytes(newer + b'{"event":"of a kind to come"}\n')
    with pytest.raises(RunFolderError, match=r"events\.jsonl:1: written by a newer version; update mtl-tui"):
        list(folder.read(tmp_path / "run"))
    with pytest.raises(RunFolderError, match="No such file"):
        list(folder.read(tmp_path / "elsewhere"))


def test_a_disk_that_fills_up_stops_the_writing_not_the_writer(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    (tmp_path / folder.EVENTS).symlink_to(full)
    writer = Writer(tmp_path, {})
    writer.write([events.encode(HELLO)])
    assert not writer.saved
    writer.write([events.encode(State("running"))])
    writer.close()


REPLAY = """
import asyncio, sys
from pathlib import Path
from mtl_tui.lab.link import ReplayLink
from mtl_tui.lab.record import RunRecord

async def main():
    record = RunRecord()
    link = ReplayLink(record.fold, Path(sys.argv[1]))
    await link.open()
    await link._task
    print(record.readings()["A", "train", "click"], "torch" in sys.modules, "numpy" in sys.modules)

asyncio.run(main())
"""


def test_a_replay_needs_neither_torch_nor_numpy(tmp_path: Path) -> None:
    at = write(tmp_path / "run", RUN)
    ran = subprocess.run([sys.executable, "-c", REPLAY, str(at)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0.3", "False", "False"]
