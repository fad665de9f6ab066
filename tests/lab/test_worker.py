"""The worker as the program sees it: a process, commands down one pipe, events up the other, a run folder beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models import events
from models.events import Done, Error, Evaluation, Event, Hello, Mark, Metrics, State
from mtl_tui.lab import commands, folder
from mtl_tui.lab.commands import Command, LearningRate, Pace, Pause, Resume, RunSpec, Start, Step, Stop, TaskWeights

SLOW = 0.1


class Pipe:
    """A worker of our own, read line by line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mtl_tui.lab.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def send(self, *batch: Command) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(commands.encode, batch)))
        self.process.stdin.flush()

    def until(self, wanted: Callable[[Event], bool]) -> list[Event]:
        assert self.process.stdout is not None
        heard: list[Event] = []
        for line in self.process.stdout:
            heard.append(events.decode(line))
            if wanted(heard[-1]):
                return heard
        raise AssertionError(f"the worker ended after {heard[-3:]}")

    def end(self) -> list[Event]:
        return self.until(lambda event: isinstance(event, Done | Error))

    def run(self, spec: RunSpec, at: Path, pace: float = 0.0) -> list[Event]:
        self.send(Start(spec, at.name, str(at), pace))
        return self.end()

    def close(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def worker() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    assert pipe.close() == 0


def numbers(batch: list[Event]) -> tuple[dict[tuple[str, str], list[float | None]], list[Event]]:
    """Training losses by arm and task, joined over their blocks, and every evaluation."""
    losses: dict[tuple[str, str], list[float | None]] = {}
    for event in batch:
        if isinstance(event, Metrics):
            losses.setdefault((event.arm, event.task), []).extend(event.loss)
    return losses, [event for event in batch if isinstance(event, Evaluation)]


def paused_at(step: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, State) and event.phase == "paused" and event.step >= step


def test_a_run_goes_to_its_last_step_and_its_folder_holds_what_was_heard(worker, short_run, run_folder) -> None:
    heard = worker.run(short_run(60), run_folder)
    kept = list(folder.read(run_folder))
    assert isinstance(kept[0], Hello) and kept[0].run == "run" and kept[0].seed == 7
    assert kept == [event for event in heard if not isinstance(event, State)]
    losses, evaluations = numbers(kept)
    assert len(losses) == 2 and {len(values) for values in losses.values()} == {60}
    assert {event.step for event in evaluations} == {0, 15, 30, 45, 60}
    assert isinstance(kept[-1], Done) and (kept[-1].step, kept[-1].stopped) == (60, False)
    assert "learning_rate" in (run_folder / "recipe-A.toml").read_text(encoding="utf-8")


def test_pace_pauses_and_steps_change_no_number(worker, short_run, run_folder, tmp_path) -> None:
    flat_out = worker.run(short_run(40), tmp_path / "flat-out")
    worker.send(Start(short_run(40), "paced", str(tmp_path / "paced"), 0.25), Pause())
    worker.until(paused_at(0))
    worker.send(Step(), Step(), Step())
    stepped = worker.until(paused_at(3))
    assert [event.step for event in stepped if isinstance(event, State)][-1] == 3
    worker.send(Resume(), Pace(20.0), Pace(0.0))
    worker.end()
    assert numbers(list(folder.read(tmp_path / "paced"))) == numbers(flat_out)


def test_a_slower_pace_takes_longer_and_stop_is_heard_at_once(worker, short_run, run_folder) -> None:
    worker.send(Start(short_run(1500), "run", str(run_folder), SLOW))
    worker.until(lambda event: isinstance(event, State) and event.phase == "running")
    worker.send(Stop())
    done = worker.end()[-1]
    assert isinstance(done, Done) and done.stopped and done.step < 100 and done.seconds < 5
    assert list(folder.read(run_folder))[-1] == done


def test_what_a_person_changes_is_kept_with_its_step(worker, short_run, run_folder) -> None:
    worker.send(Start(short_run(30), "run", str(run_folder), 1.0), Pause(), Step(), Step(), LearningRate(0.5))
    worker.send(Step(), TaskWeights([1.0, 0.2]), Resume(), Pace(0.0))
    worker.end()
    marks = [event for event in folder.read(run_folder) if isinstance(event, Mark)]
    assert marks == [Mark(2, "learning_rate", 0.5), Mark(3, "task_weights", [1.0, 0.2])]


def test_an_unknown_recipe_is_said_and_the_next_run_works(worker, short_run, run_folder) -> None:
    error = worker.run(short_run(recipe="listing1-correctd"), run_folder)[-1]
    assert isinstance(error, Error) and error.kind == "recipe"
    assert "listing1-correctd" in error.message and "listing1-corrected" in error.message
    assert not run_folder.exists()
    assert isinstance(worker.run(short_run(5), run_folder)[-1], Done)


def test_a_loss_that_explodes_ends_run_and_folder_at_the_step_before(worker, short_run, run_folder) -> None:
    spec = short_run(60, "teachers-scale-100", training__optimizer="sgd", training__learning_rate="100")
    heard = worker.run(spec, run_folder)
    error = heard[-1]
    assert isinstance(error, Error) and (error.kind, error.arm, error.learning_rate) == ("nan", "A", 100.0)
    kept = list(folder.read(run_folder))
    losses, _ = numbers(kept)
    assert kept[-1] == error and {len(values) for values in losses.values()} == {error.step - 1}


def test_a_folder_that_cannot_be_written_does_not_stop_the_training(worker, short_run, tmp_path) -> None:
    (tmp_path / "runs").write_text("a file where the folder should be")
    heard = worker.run(short_run(20), tmp_path / "runs" / "run")
    assert isinstance(heard[-1], Done) and heard[-1].step == 20
    assert [event.saved for event in heard if isinstance(event, State)][-1] is False


def test_the_end_of_its_input_in_the_middle_of_a_command_ends_run_and_worker(short_run, run_folder) -> None:
    pipe = Pipe()
    pipe.send(Start(short_run(1500), "run", str(run_folder), SLOW))
    pipe.until(lambda event: isinstance(event, State) and event.phase == "running")
    assert pipe.process.stdin is not None
    pipe.process.stdin.write(b'{"command": "st')
    assert pipe.close() == 0
    done = list(folder.read(run_folder))[-1]
    assert isinstance(done, Done) and done.stopped


PROGRAM = """
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-P", "-m", "mtl_tui.lab.worker"], stdin=-1, stdout=-1)
worker.stdin.write(sys.argv[1].encode() + b"\\n")
worker.stdin.flush()
for line in worker.stdout:
    if b'"event":"metrics"' in line:
        print(worker.pid, flush=True)
"""


def test_a_killed_program_keeps_its_run_and_leaves_no_worker(short_run, run_folder) -> None:
    """The worker finds its output closed, too: nothing may be written twice, and the end must be there."""
    start = commands.encode(Start(short_run(1500), "run", str(run_folder), SLOW)).decode().strip()
    with subprocess.Popen([sys.executable, "-c", PROGRAM, start], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        worker_pid = int(program.stdout.readline())
        program.kill()
    wait_for_end(worker_pid)
    kept = list(folder.read(run_folder))
    assert isinstance(kept[-1], Done) and kept[-1].stopped
    blocks = [(event.task, event.step) for event in kept if isinstance(event, Metrics)]
    assert len(blocks) == len(set(blocks))
    losses, _ = numbers(kept)
    assert {len(values) for values in losses.values()} == {kept[-1].step}


def wait_for_end(pid: int) -> None:
    """Wait until a process that is not our child is gone."""
    end = time.monotonic() + 30
    while subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip(" Z+<N\n"):
        assert time.monotonic() < end, "the worker is still there"
        os.sched_yield()


def test_another_seed_gives_another_run(worker, short_run, tmp_path) -> None:
    seven, eight = (worker.run(short_run(25, seed=seed), tmp_path / str(seed)) for seed in (7, 8))
    assert numbers(seven) != numbers(eight)
