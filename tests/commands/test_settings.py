"""Settings written by hand and by two programs: what cannot be is told by its line, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from mtl_tui import config
from mtl_tui.config import Settings, change, load

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'langauge = "zh"',
            "there is no setting langauge, the line does not count; correct or delete it. Did you mean",
        ),
        ("language = 5", 'language cannot be 5, write "en" or "zh"; the line does not count'),
        ('pace = "3"', 'pace cannot be "3", write "0.25", "0.5", "1", "2", "4" or "full"; the line'),
        ("new_per_day = 501", "new_per_day cannot be 501, write a whole number from 0 to 500; the line"),
        ("confidence = 1", "confidence cannot be 1, write true or false; the line"),
        ("interview_date = 0001-01-01", "interview_date cannot be 0001-01-01, write a date from 2000 to 2199, as 2"),
        ('banks = "here"', 'banks cannot be "here", write a list of folders, as ["my-questions"]; the line'),
    ],
)
def test_a_line_that_cannot_be_is_told_and_the_others_count(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'theme = "light"\n{line}\n', encoding="utf-8-sig")
    settings, (problem,) = load(file)
    assert problem.en.startswith(f"{file}:2: {said}") and problem.zh.startswith(f"{file}:2：")
    assert settings == Settings(language=config.first_language(), theme="light")


def test_a_file_that_is_not_toml_or_no_file_is_told_with_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "light"\npace 1\n')
    settings, (problem,) = load(file)
    assert problem.en.startswith(f"{file}:2: this is not TOML") and settings.theme == "dark"
    settings, (problem,) = load(tmp_path)
    assert problem.en.startswith(f"{tmp_path} cannot be read (Is a directory)") and settings.theme == "dark"


def test_a_change_keeps_the_rest_and_the_file_that_did_not_count_whole(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('langauge = "en"\ninterview_date = 2026-12-08\nbanks = ["mine"]\n')
    kept = change(file, lambda now: replace(now, theme="light"))
    assert kept is not None and kept.read_text().startswith("langauge") and kept.parent == tmp_path
    settings, problems = load(file)
    assert (settings.theme, str(settings.interview_date), settings.banks) == ("light", "2026-12-08", ("mine",))
    assert problems == [] and change(file, lambda now: now) is None


def test_a_file_that_is_a_link_is_changed_where_it_leads_and_keeps_its_mode(tmp_path: Path) -> None:
    kept, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    kept.write_text('theme = "light"\n')
    kept.chmod(0o644)
    link.symlink_to(kept)
    change(link, lambda now: replace(now, language="zh"))
    assert link.is_symlink() and load(kept).settings.language == "zh"
    assert kept.stat().st_mode & 0o777 == 0o644


def test_banks_added_at_once_are_all_kept(program: Program, home: Path) -> None:
    for name in "abcd":
        program("bank", "new", name, "--topic", name, "--kind", "single", "--lang", "en")
    adding = [
        subprocess.Popen([sys.executable, "-P", "-m", "mtl_tui", "bank", "add", name], stdout=subprocess.DEVNULL)
        for name in "abcd"
    ]
    assert [each.wait(timeout=60) for each in adding] == [0] * 4
    assert sorted(Path(each).name for each in load(home / "config.toml").settings.banks) == ["a", "b", "c", "d"]
