"""Bank, recipes, notes and demo from the command line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from models.recipes import RECIPES, TITLES, digest, loads
from quizzes.bank import BANK

Program = Callable[..., subprocess.CompletedProcess[str]]


def test_bank_check_names_file_and_line(program: Program) -> None:
    text = (BANK / "t13-metrics.yaml").read_text(encoding="utf-8")
    lines = text.replace("difficulty: ", "dificulty: ", 1).splitlines()
    Path("mine.yaml").write_text("\n".join(lines), encoding="utf-8")
    at = next(number for number, line in enumerate(lines, start=1) if "dificulty" in line)
    done = program("bank", "check", "mine.yaml", "--lang", "en")
    assert done.returncode == 1
    assert done.stdout.startswith(f"here/mine.yaml:{at}: the question takes no dificulty")


def test_bank_check_counts_what_is_well(program: Program) -> None:
    done = program("bank", "check", str(BANK / "t13-metrics.yaml"), "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "Nothing wrong. Questions: 2, topics: 1.\n")
    assert program("bank", "check", ".", "--lang", "en").returncode == 2


def test_bank_show_has_answer_and_source_in_either_language(program: Program) -> None:
    assert "softmax" in program("bank", "show", "listing1-softmax-line", "--lang", "en").stdout
    assert "两列代表两个任务" in program("bank", "show", "listing1-softmax-line", "--lang", "zh").stdout
    done = program("bank", "show", "listing1-softmax", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "listing1-softmax-line" in done.stderr


def test_shown_recipe_is_the_recipe(program: Program) -> None:
    assert loads(program("recipes", "show", "adult-mmoe").stdout) == RECIPES["adult-mmoe"]


def test_a_recipe_file_is_shown_with_its_defaults_and_a_pairing_names_its_recipes(program: Program) -> None:
    Path("mine.toml").write_text('[network]\nname = "mmoe"\n[tasks]\nname = "adult"\n', encoding="utf-8")
    shown = program("recipes", "show", "mine.toml").stdout
    assert loads(shown) == loads(Path("mine.toml").read_text(encoding="utf-8"))
    assert shown.startswith(f"# digest {digest(loads(shown))}\n") and 'name = "equal"' in shown
    done = program("recipes", "show", "listing1-batch")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("listing1-batch is a pairing; show one of its recipes: listing1-printed-batch-64, ")


def test_recipes_are_listed_with_their_titles_in_either_language(program: Program) -> None:
    for language, heads in (("en", ["Recipes", "Pairings: recipes"]), ("zh", ["配方", "对照"])):
        said = program("recipes", "list", "--lang", language).stdout
        assert all(head in said for head in heads)
        for name, title in TITLES.items():
            assert f"{name} " in said and getattr(title, language) in said


def test_notes_export_writes_what_was_answered(program: Program) -> None:
    assert program("notes", "export").returncode == 2
    program("quiz", "--plain", "--topic", "T01", "--lang", "en", written="1\n3\n\n")
    done = program("notes", "export", "--format", "md", "--out", "mine.md", "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "Written to mine.md\n")
    assert "advantages of multi-task learning" in Path("mine.md").read_text(encoding="utf-8")


def test_demo_trains_for_real_and_leaves_a_note_only(program: Program, home: Path) -> None:
    done = program("demo", "--plain", "--seconds", "60", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "Right. You chose line 13." in said
    assert "Step 1000 of 1000: A as printed -1.000; B corrected +" in said
    assert "As the explanation says." in said
    [note] = [path for path in Path().rglob("*.*") if path.is_file()]
    assert note.suffix == ".md"
    assert "listing1-softmax" in note.read_text(encoding="utf-8")
    assert not home.exists()
