"""The wheel works away from the checkout, beside folders that a machine-learning person is likely to have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from mtl_tui import __version__

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Standard output of a command that succeeds; without PYTHONPATH and terminal."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=inherited | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what git tracks, so that a file forgotten there is missing here too."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in run("git", "ls-files", "-z", cwd=ROOT).split("\0"):
        if (file := ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, source / name)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target, cwd=source)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """bin folder of an environment that holds the wheel, and sees the packages of this one but not the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin/python")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "outer.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


@pytest.fixture
def decoys(tmp_path: Path) -> Path:
    """A folder in which importing `models`, `quizzes` or `tests` from the current folder would raise."""
    for name in ("models", "quizzes", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise RuntimeError('the decoy {name} was imported')\n")
    return tmp_path


def test_wheel_carries_words_questions_data_and_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "mtl_tui/locale/zh/LC_MESSAGES/mtl_tui.mo" in names
    assert {"models/tasks/adult.npz", "models/tasks/reviews.npz"} <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "mtl_tui",
        "quizzes",
        "models",
        f"mtl_tui-{__version__}.dist-info",
    }
    assert {Path(name).name for name in names} >= {"LICENSE", "NOTICE", "listing1.txt", "sources.yaml", "mtl.tcss"}


def test_version_and_module(environment: Path, decoys: Path) -> None:
    assert __version__ in run(environment / "mtl-tui", "--version", cwd=decoys)
    assert __version__ in run(environment / "python", "-P", "-m", "mtl_tui", "--version", cwd=decoys)


def test_demo_beside_decoys(environment: Path, decoys: Path) -> None:
    home = str(decoys / "home")
    told = run(environment / "mtl-tui", "demo", "--plain", "--seconds", "20", cwd=decoys, MTL_TUI_HOME=home)
    assert "softmax" in told
