"""`mtl-tui stats`: what a person has answered, as text and as JSON."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Program = Callable[..., subprocess.CompletedProcess[str]]


def test_figures_of_two_answers_as_json_and_as_text(program: Program, home: Path) -> None:
    written = "1\n3\n\n" + "2\n1\n4\n"
    program("quiz", "--plain", "--topic", "t01", "--length", "2", "--lang", "en", written=written)
    told = program("stats", "--json")
    assert (told.returncode, told.stderr) == (0, "")
    figures = json.loads(told.stdout)
    assert (figures["answered"], figures["streak"], list(figures["per_day"].values())) == (2, 1, [2])
    (topic,) = figures["topics"]
    assert (topic["topic"], topic["answered"], topic["ranked"]) == ("T01", 2, False)
    assert [(each["confidence"], each["n"]) for each in figures["confidence"]] == [(1, 1), (3, 1)]
    assert sum(each["due"] for each in figures["forecast"]) <= 2 and len(figures["forecast"]) == 14
    assert figures["days_left"] is None and figures["recall"] == [] and figures["last_interview"] is None
    assert figures["new"] == 8, "two of the ten new questions of a day are done"
    plain = program("stats", "--lang", "zh")
    share = round(100 * topic["right"] / 2)
    assert plain.stdout.startswith(f"共答 2 题，对 {topic['right']} 题（{share} %）\n")
    assert "答题不足 10 次的主题不排名，现有 1 个。" in plain.stdout
    assert "设置面试日期" not in plain.stdout, "there are no keys on the command line"


def test_answers_whose_question_is_gone_are_counted_apart(program: Program) -> None:
    program("bank", "new", "mine", "--topic", "stack", "--kind", "true_false", "--lang", "en")
    file = Path("mine/stack-true-false-1.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("draft: true", "draft: false"), encoding="utf-8")
    program("bank", "add", "mine", "--lang", "en")
    program("quiz", "--plain", "--topic", "stack", "--lang", "en", written="1\n3\n\n")
    program("bank", "remove", "mine", "--lang", "en")
    figures = json.loads(program("stats", "--json").stdout)
    assert (figures["answered"], figures["gone"], list(figures["per_day"].values())) == (0, 1, [1])
    assert "Answers to questions no longer in a bank: 1\n" in program("stats", "--lang", "en").stdout


def test_figures_before_the_first_answer(program: Program) -> None:
    told = program("stats", "--json")
    assert told.returncode == 0 and json.loads(told.stdout)["answered"] == 0
    assert program("stats").returncode == 0
