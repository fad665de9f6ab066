"""Training from the command line: the schema, the run folder, and every way in which it can end."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models import events, own
from models.events import Done, Evaluation, Hello, Mark, Text
from models.recipes import RECIPES, digest, dumps, loads, override
from mtl_tui import trust
from mtl_tui.commands.plain import Failure
from mtl_tui.commands.train import consent, own_files, plan
from mtl_tui.lab import folder
from mtl_tui.store.store import Store

Program = Callable[..., subprocess.CompletedProcess[str]]


class Terminal(io.StringIO):
    """Standard input with a person at it."""

    def isatty(self) -> bool:
        return True


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
    assert [each.run for each in store.runs()] == [only_run(home).name]
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


def test_a_run_folder_is_repeated_with_its_interventions_and_compared(program: Program, home: Path) -> None:
    from models.training.run import Run, train

    at = home / "earlier"
    short = override(RECIPES["adult-mmoe"], {"training.steps": "20", "training.evaluations": "3"})
    marks = (Mark(7, "learning_rate", 0.5), Mark(12, "task_weights", [1.0, 0.0]), Mark(20, "extend", 5.0))
    run = Run([("A", Text("", ""), "adult-mmoe", short)], 3, "earlier", marks=marks)
    writer = folder.Writer(at, {"A": dumps(short)})
    writer.write([events.encode(event) for event in train(run)])
    writer.close()

    done = program("train", str(at))
    assert done.stdout.splitlines()[-1] == "All 8 evaluations are equal to the last bit."
    kept = (at / folder.EVENTS).read_text(encoding="utf-8")
    (at / folder.EVENTS).write_text(kept.replace('"value":0.5', '"value":0.25'), encoding="utf-8")
    assert program("train", str(at)).stdout.splitlines()[-1].endswith("evaluations differ, the first at step 10.")
    assert program("train", str(home)).stderr.endswith(
        "is not the folder of a run; name a recipe, a .toml file or a run folder.\n"
    )


def test_nan_is_one_sentence(program: Program) -> None:
    blown_up = ("training.optimizer=sgd", "training.learning_rate=100", "training.weights=1e38,1e38")
    done = program("train", "adult-single", *(part for setting in blown_up for part in ("--set", setting)))
    assert done.returncode == 1
    assert done.stderr == (
        "Step 2: the loss of income over 50K became NaN; stopped at 1. Probably the task weights; try smaller ones by "
        "--set training.weights=...\n"
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


def test_a_recipe_file_is_trained_as_a_shipped_recipe_is(program: Program, home: Path) -> None:
    Path("mine").mkdir()
    Path("mine/short.toml").write_text(
        program("recipes", "show", "adult-mmoe").stdout.replace("steps = 600", "steps = 20"), encoding="utf-8"
    )
    settings = ("--set", "training.evaluations=2", "--set", "training.weighting=uncertainty", "--jsonl")
    done = program("train", "mine/short.toml", *settings)
    assert (done.returncode, done.stderr) == (0, "")
    told = [events.decode(line) for line in done.stdout.splitlines()]
    assert isinstance(told[0], Hello) and isinstance(told[-1], Done)
    assert (told[0].steps, told[0].arms[0].label.en, told[0].arms[0].recipe) == (20, "short", "short")
    shipped = program("train", "adult-mmoe", "--set", "training.steps=20", *settings)
    again = [events.decode(line) for line in shipped.stdout.splitlines()]
    assert [each for each in told if isinstance(each, Evaluation)] == [
        each for each in again if isinstance(each, Evaluation)
    ]
    first, second = sorted((home / "data" / "runs").iterdir(), key=lambda run: run.name.endswith("short-s7"))
    kept = (first / "recipe-A.toml").read_text(encoding="utf-8")
    assert kept == (second / "recipe-A.toml").read_text(encoding="utf-8")
    assert kept.startswith(f"# digest {digest(loads(kept))}\n")


def test_what_a_file_said_is_trained_wherever_the_worker_is(program: Program) -> None:
    Path("mine.toml").write_text(program("recipes", "show", "adult-mmoe").stdout, encoding="utf-8")
    spec = plan("./mine.toml", 7, {"training.steps": "9"}, None)
    Path("mine.toml").write_text("changed since", encoding="utf-8")
    assert (spec.name, spec.arms[0].label.en) == ("mine", "mine")
    assert spec.arms[0].build() == override(RECIPES["adult-mmoe"], {"training.steps": "9"})


def test_a_fault_in_a_recipe_file_is_one_sentence_with_its_line(program: Program) -> None:
    Path("mine.toml").write_text('[tasks]\nname = "adult"\n[network]\nname = "mmoe"\nexprts = 3\n', encoding="utf-8")
    done = program("train", "mine.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "mine.toml:5: no setting network.exprts in this recipe; did you mean network.experts?"
    )


OWN = """[tasks]
name = "adult"

[network]
name = "own"
source = "net.py:Net"
"""


@pytest.fixture
def own_recipe() -> Path:
    """A recipe in a folder of its own beside its network."""
    Path("mine").mkdir()
    Path("mine/net.py").write_text("raise SystemExit('it was run')\n", encoding="utf-8")
    path = Path("mine/own.toml")
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_network_of_ones_own_is_not_loaded_unasked(program: Program, home: Path, own_recipe: Path) -> None:
    net = Path("mine/net.py").absolute()
    refused = f"{net} is a network of your own that is new or has changed; run this in a terminal to be asked"
    by_setting = ("adult-mmoe", "--set", "network=own", "--set", "network.source=mine/net.py:Net")
    for arguments in ((str(own_recipe),), by_setting):
        done = program("train", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(refused)
    assert not (home / "data" / "trusted.toml").exists()
    for arguments in ((str(own_recipe), "--trust"), by_setting):
        assert refused not in program("train", *arguments).stderr
    net.write_text("raise SystemExit('it was changed')\n", encoding="utf-8")
    assert program("train", str(own_recipe)).stderr.startswith(refused)


def test_each_content_is_asked_about_once(monkeypatch: pytest.MonkeyPatch, capsys, own_recipe: Path) -> None:
    spec = plan(str(own_recipe), 7, {}, None)

    def asked(answer: str) -> str:
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        trusted = consent(own_files(spec.arms), False)
        assert trusted == trust.hashes() and own.read("mine/net.py:Net").sha256 in trusted
        return capsys.readouterr().err

    for answer in ("n\n", ""):
        with pytest.raises(Failure, match="It was not loaded, and nothing was trained"):
            asked(answer)
    question = asked("y\n")
    assert f"{Path('mine/net.py').absolute()} is a network of your own: 1 lines, 31 bytes, SHA-256 " in question
    assert "It can do anything that you can do." in question
    assert asked("") == ""
    Path("mine/net.py").write_text("raise SystemExit('it was changed')\n", encoding="utf-8")
    assert "SHA-256" in asked("y\n")
    assert len(trust.hashes()) == 2
    Path("mine/net.py").write_text("raise SystemExit('it was run')\n", encoding="utf-8")
    assert asked("") == ""


def test_trust_that_cannot_be_kept_is_given_for_this_run(home: Path, capsys, own_recipe: Path) -> None:
    home.write_text("a file where the folder should be", encoding="utf-8")
    (source,) = own_files(plan(str(own_recipe), 7, {}, None).arms)
    assert consent([source], True) == (source.sha256,)
    assert "trusted.toml cannot be written" in capsys.readouterr().err


def test_damaged_trust_is_no_trust(home: Path) -> None:
    file = trust.file()
    file.parent.mkdir(parents=True)
    for text in ("[[trusted]]\n", "trusted = 3\n", "not toml", "[[trusted]]\nsha256 = 3\n"):
        file.write_text(text, encoding="utf-8")
        assert trust.hashes() == ()
