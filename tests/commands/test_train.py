"""Training from the command line: the schema, the run folder, and every way in which it can end."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models import events
from models.events import Done, Hello
from mtl_tui.commands.train import plan
from mtl_tui.lab import folder
from mtl_tui.store.store import Store

Program = Callable[..., subprocess.CompletedProcess[str]]


def only_run(home: Path) -> Path:
    (run,) = (home / "data" / "runs").iterdir()
    return run


def test_jsonl_prints_the_run_folder_event_by_event(program: Program, home: Path) -> None:
    done = program("train", "listing1-printed-batch-64", "--epochs", "1", "--seed", "3", "--jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    told = [events.decode(line) for line in done.stdout.splitlines()]
    assert isinstance(told[0], Hello) and (told[0].steps, told[0].seed) == (125, 3)
    assert isinstance(told[-1], Done) and not told[-1].stopped
    assert done.stdout.encode() == (only_run(home) / folder.EVENTS).read_bytes()
    store = Store.open(home / "data")
    assert [entry["run"] for entry in store.runs()] == [only_run(home).name]
    store.close()


def test_ctrl_c_stops_and_keeps_the_run(home: Path) -> None:
    command = [sys.executable, "-P", "-m", "mtl_tui", "train", "adult-single", "--set", "training.steps=1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Step 0, A: "):
                process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    assert "Stopped at step" in said
    last = list(folder.read(only_run(home)))[-1]
    assert isinstance(last, Done) and last.stopped


def test_nan_is_one_sentence(program: Program) -> None:
    blown_up = ("training.optimizer=sgd", "training.learning_rate=100", "training.weights=1e38,1e38")
    done = program("train", "adult-single", *(part for setting in blown_up for part in ("--set", setting)))
    assert done.returncode == 1
    assert done.stderr == (
        "Step 2: the loss of income over 50K became NaN; stopped at 1. Probably the learning rate 100; try --set "
        "training.learning_rate=50.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["adult-mmo"], "No recipe named adult-mmo; did you mean adult-mmoe? mtl-tui recipes list shows all."),
        (["gone.toml"], "gone.toml cannot be read (No such file or directory); name a recipe or another file."),
        (
            ["adult-mmoe", "--set", "network.exprts=3"],
            "No setting network.exprts in this recipe; did you mean network.experts? network has name, experts, expert",
        ),
        (
            ["adult-mmoe", "--set", "training.optimizer=adm"],
            "training.optimizer cannot be adm; did you mean adam? it takes adam, adamw or sgd.",
        ),
        (["adult-mmoe", "--set", "seed"], "--set takes KEY=VALUE, such as training.learning_rate=0.01, not seed."),
        (
            ["adult-mmoe", "--epochs", "2", "--set", "training.steps=9"],
            "--epochs sets training.steps; give one of the two.",
        ),
    ],
)
def test_what_does_not_exist_is_one_sentence(program: Program, arguments: list[str], sentence: str) -> None:
    done = program("train", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_epochs_are_counted_for_each_arm_and_changed_pairings_are_not_judged() -> None:
    assert plan("listing1-batch", 7, {}, None).pairing == "listing1-batch"
    spec = plan("listing1-batch", 7, {"tasks.train": "1000"}, 2)
    assert [arm.overrides["training.steps"] for arm in spec.arms] == ["32", "4", "32", "4"]
    assert spec.pairing is None


def test_recipe_from_a_file_goes_by_the_name_of_the_file(program: Program) -> None:
    Path("mine.toml").write_text(program("recipes", "show", "adult-mmoe").stdout)
    spec = plan("./mine.toml", 7, {}, None)
    assert (spec.name, spec.arms[0].label.en) == ("mine", "mine")
