"""A network of one's own: what is loaded, and what is refused, each time with the file and the line."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from models import own
from models.catalogue.networks import Mmoe, Own
from models.recipes import RECIPES, RecipeError, override
from models.recipes.files import located, named

NET = """from torch import nn


class Net(nn.Module):
    def __init__(self, inputs, tasks):
        super().__init__()
        self.layer = nn.Linear(inputs, tasks)

    def forward(self, x):
        return self.layer(x)
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    return path


def load(source: str = "net.py:Net") -> type[torch.nn.Module]:
    return own.load_class(source, [own.read(source).sha256])


def test_a_trusted_class_is_loaded_and_works(file: Path) -> None:
    network = load()(3, 2)
    assert network(torch.zeros(5, 3)).shape == (5, 2)
    assert load(str(file) + ":Net") is not load()


def test_what_is_not_trusted_is_not_run(file: Path) -> None:
    file.write_text(f"open({str(file.with_name('ran'))!r}, 'w')\n{NET}", encoding="utf-8")
    before = own.read("net.py:Net").sha256
    with pytest.raises(RecipeError, match=r"net\.py is not trusted as it is now, so it was not loaded"):
        own.load_class("net.py:Net", [])
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(RecipeError, match="not trusted"):
        own.load_class("net.py:Net", [before])
    assert not file.with_name("ran").exists()
    load()
    assert file.with_name("ran").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import torch\nx = = 1\n", ":2: SyntaxError: invalid syntax; correct it there."),
        ("\n\nundefined\n", ":3: NameError: name 'undefined' is not defined; correct it there."),
        ("import neighbour\n", ":1: ModuleNotFoundError: No module named 'neighbour'; correct it there."),
        ("def f():\n    raise ValueError('a\\n b')\n\nf()\n", ":2: ValueError: a b; correct it there."),
        ("raise SystemExit(3)\n", ":1: SystemExit: 3; correct it there."),
        ("\0", ": "),
        (NET.replace("Net", "Nett"), " has no class Net that is a torch.nn.Module; did you mean Nett? correct netwo"),
        ("Net = 3\n", " has no class Net that is a torch.nn.Module; correct network.source."),
        ("class Net:\n    pass\n", " has no class Net that is a torch.nn.Module; correct network.source."),
    ],
)
def test_a_file_that_is_no_network_is_one_sentence(file: Path, text: str, sentence: str) -> None:
    file.with_name("neighbour.py").write_text("", encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        load()
    assert str(caught.value).startswith(f"{file}{sentence}")


@pytest.mark.parametrize("source", ["", "net.py", "net.py:", ":Net", "net.txt:Net", "net.py:1", "none.py:Net", ".py:N"])
def test_a_source_that_names_no_class_is_one_sentence(file: Path, source: str) -> None:
    with pytest.raises(RecipeError, match=r"network\.source"):
        own.read(source)


def test_a_failure_inside_the_network_is_placed_in_its_file(file: Path) -> None:
    with pytest.raises(RuntimeError) as caught:
        load()(3, 2)(torch.zeros(5, 4))
    assert str(own.failure(file, caught.value)).startswith(f"{file}:10: RuntimeError: mat1 and mat2 shapes cannot be")


def test_files_are_looked_for_beside_the_recipe_then_where_the_program_is(file: Path) -> None:
    recipe = override(RECIPES["adult-mmoe"], {"network": "own", "network.source": "net.py:Net"})
    assert named(recipe) == {"network.source": "net.py:Net"} and named(RECIPES["adult-mmoe"]) == {}
    beside = file.parent / "recipes"
    beside.mkdir()
    assert located(recipe, beside).network == Own(f"{file}:Net")
    (beside / "net.py").write_text(NET, encoding="utf-8")
    assert located(recipe, Path("recipes")).network == Own(f"{beside / 'net.py'}:Net")
    assert located(located(recipe, beside), Path("/")) == located(recipe, beside)
    assert isinstance(located(RECIPES["adult-mmoe"], beside).network, Mmoe)


def test_reading_a_source_needs_no_torch() -> None:
    code = "import sys, models.own, models.recipes.files; sys.exit(bool({'torch', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
