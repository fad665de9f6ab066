"""A person's own bank from the command line: written, checked, added, asked, edited, removed."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner

from mtl_tui.commands import cli, plain
from mtl_tui.flows.desk import Desk
from quizzes import bank as banks
from quizzes import rubric, templates
from quizzes.bank import load
from quizzes.question import FreeText
from quizzes.templates import KINDS

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_is_a_draft_that_passes_the_check_before_and_after(
    kind: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "PATIENCE_SECONDS", 60)
    made = CliRunner().invoke(cli, ["bank", "new", "mine", "--topic", "C: the stack", "--kind", kind, "--lang", lang])
    assert (made.exit_code, made.stderr) == (0, "")
    again = CliRunner().invoke(cli, ["bank", "new", "mine", "--topic", "C: the stack", "--kind", kind, "--lang", lang])
    assert again.exit_code == 0
    loaded = load(own=[Path("mine")])
    assert loaded.problems == [] and len(loaded.own) == 2
    assert not loaded.own & {question.id for question in loaded.asked()}
    for file in Path("mine").glob("*.yaml"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "draft: true" not in line), encoding="utf-8")
    assert CliRunner().invoke(cli, ["bank", "check", "mine", "--lang", "en"]).stdout == (
        "Nothing wrong. Questions: 2, topics: 1.\n"
    )
    loaded = load(own=[Path("mine")])
    assert loaded.own <= {question.id for question in loaded.asked()}
    assert {loaded.questions[id].topic for id in loaded.own} == {"C: the stack"}


@pytest.mark.parametrize(
    ("topic", "written"),
    [
        ("T03", "T03"),
        ("我的", "我的"),
        ("我的 topic", "我的 topic"),
        ("yes", '"yes"'),
        ("门：权重", '"门：权重"'),
        ("a: b #", '"a: b #"'),
    ],
)
def test_a_topic_is_written_as_a_person_would(topic: str, written: str) -> None:
    assert f"  topic: {written}  #" in templates.template("single", "own-one", topic, "zh")


@pytest.mark.parametrize(("lang", "said"), [("zh", "每个任务一个门，目标不同。"), ("en", "All tasks have a gate.")])
def test_the_phrases_of_a_new_question_find_what_they_say(lang: Literal["zh", "en"], said: str) -> None:
    Path("t.yaml").write_text(templates.template("free_text", "own-one", "T03", lang), encoding="utf-8")
    question = load(own=[Path("t.yaml")]).questions["own-one"]
    assert isinstance(question, FreeText)
    assert rubric.look(question.points, said)[0].covered


def test_an_own_bank_is_asked_and_an_edit_of_its_text_keeps_the_progress(program: Program) -> None:
    program("bank", "new", "mine", "--topic", "stack", "--kind", "true_false", "--lang", "en")
    file = Path("mine/stack-true-false-1.yaml")
    draft = file.read_text(encoding="utf-8")
    assert "Drafts, which no session asks: 1." in program("bank", "check", "mine", "--lang", "en").stdout
    file.write_text(draft.replace("draft: true", "draft: false"), encoding="utf-8")
    assert program("bank", "add", "mine", "--lang", "en").stdout.endswith("Questions: 1.\n")
    assert program("bank", "add", "mine", "--lang", "en").returncode == 2
    assert "questions: 1, drafts: 0, problems: 0" in " ".join(program("bank", "list", "--lang", "en").stdout.split())
    said = program("quiz", "--plain", "--topic", "stack", "--lang", "en", written="1\n3\n\n").stdout
    assert "What is asked" in said
    file.rename("mine/renamed.yaml")
    Path("mine/renamed.yaml").write_text(
        draft.replace("draft: true", "draft: false").replace("What is asked", "What is asked now"), encoding="utf-8"
    )
    desk = Desk.open()
    assert desk.store.card("stack-true-false-1") is not None
    assert desk.today("stack").new == [] == desk.today("stack").due
    asyncio.run(desk.close())
    assert "What is asked now" in program("bank", "show", "stack-true-false-1", "--lang", "en").stdout
    assert "answers stay" in program("bank", "remove", "mine", "--lang", "en").stdout
    assert "No bank of your own" in program("bank", "list", "--lang", "en").stdout


def test_what_add_has_parsed_the_next_start_does_not_parse_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (["new", "mine", "--topic", "T03", "--kind", "single"], ["add", "mine"]):
        assert CliRunner().invoke(cli, ["bank", *command]).exit_code == 0
    monkeypatch.setattr(banks, "_parse", lambda *_: pytest.fail("parsed"))
    desk = Desk.open()
    assert desk.bank.own == {"t03-single-1"}
    asyncio.run(desk.close())


def test_reading_that_takes_long_is_told_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()
    monkeypatch.setattr(plain, "warn", lambda sentence: told.set())
    with plain.patience():
        pass
    monkeypatch.setattr(plain, "PATIENCE_SECONDS", 0)
    with plain.patience():
        assert told.wait(10)


@pytest.mark.parametrize(("lang", "mark"), [("zh", "草稿：删掉 draft: true"), ("en", "A draft: no session asks it")])
def test_a_draft_is_marked_wherever_it_is_shown_and_offered_nowhere(program: Program, lang: str, mark: str) -> None:
    program("bank", "new", "mine", "--topic", "only-drafts", "--kind", "true_false", "--lang", lang)
    assert "1" in program("bank", "add", "mine", "--lang", lang).stdout.splitlines()[-1]
    assert program("bank", "show", "only-drafts-true-false-1", "--lang", lang).stdout.startswith(mark)
    assert mark not in program("bank", "show", "listing1-softmax-line", "--lang", lang).stdout
    assert {"zh": "草稿 1 道", "en": "drafts: 1,"}[lang] in program("bank", "list", "--lang", lang).stdout
    assert program("quiz", "--plain", "--topic", "only-drafts", "--lang", lang).returncode == 2


@pytest.mark.parametrize(
    ("written", "lang", "told"),
    [
        ("zh", "en", "No English for this question yet; shown in Chinese."),
        ("en", "zh", "这题没有中文，先显示英文。"),
        ("en", "en", ""),
    ],
)
def test_a_question_in_one_language_is_shown_in_it_and_says_so(program: Program, written: str, lang: str, told: str):
    program("bank", "new", "mine", "--topic", "T03", "--kind", "true_false", "--lang", written)
    file = Path("mine/t03-true-false-1.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("  draft: true", "  draft: false"), encoding="utf-8")
    program("bank", "add", "mine")
    shown = program("bank", "show", "t03-true-false-1", "--lang", lang).stdout
    assert shown.split("\n\n")[0].splitlines() == [
        {"zh": "题干", "en": "What is asked"}[written],
        *([told] * bool(told)),
    ]


def test_a_draft_that_is_not_whole_is_shown_as_far_as_it_is(program: Program) -> None:
    Path("mine").mkdir()
    Path("mine/q.yaml").write_text(
        "questions:\n- {id: begun, kind: single, draft: true, stem: {zh: 为什么？}}\n", encoding="utf-8"
    )
    lack = "mine/q.yaml:2：题目没有写 topic，补上；写完前是草稿。"
    checked = program("bank", "check", "mine", "--lang", "zh")
    assert (checked.returncode, checked.stdout.splitlines()[1:]) == (0, ["其中草稿 1 题，练习时不出。", lack])
    assert program("bank", "add", "mine", "--lang", "zh").returncode == 0
    assert "题1道，其中草稿1道，问题0处" in "".join(program("bank", "list", "--lang", "zh").stdout.split())
    shown = program("bank", "show", "begun", "--lang", "zh")
    assert shown.stdout.split("\n\n") == [
        "草稿：还没写完，练习不出这道题。",
        "为什么？",
        lack + "\n",
    ]
    assert "mine-single-1" in program("bank", "new", "mine", "--topic", "mine", "--kind", "single").stdout


def test_a_bank_that_broke_or_is_gone_is_told_and_the_program_runs(program: Program, tmp_path: Path) -> None:
    program("bank", "new", "mine", "--topic", "T03", "--kind", "single", "--lang", "en")
    program("bank", "add", "mine", "--lang", "en")
    Path("mine/broken.yaml").write_text("questions: [", encoding="utf-8")
    shown = program("bank", "show", "listing1-softmax-line", "--lang", "en")
    assert (shown.returncode, "softmax" in shown.stdout) == (0, True)
    assert "mine/broken.yaml:1: this is not valid YAML" in shown.stderr
    Path("mine").rename("elsewhere")
    shown = program("bank", "show", "listing1-softmax-line", "--lang", "en")
    assert shown.returncode == 0 and "mtl-tui bank remove" in shown.stderr
    assert program("bank", "remove", "mine").returncode == 0


def test_an_id_that_another_of_the_persons_banks_has_is_told_when_it_is_added(program: Program) -> None:
    program("bank", "new", "one", "--topic", "same", "--kind", "single", "--lang", "en")
    program("bank", "add", "one", "--lang", "en")
    shutil.copytree("one", "two")
    program("bank", "new", "two", "--topic", "other", "--kind", "single", "--lang", "en")
    added = program("bank", "add", "two", "--lang", "en")
    assert "two/same-single-1.yaml:5: id same-single-1 is taken" in added.stderr
    assert "Questions: 1." in added.stdout
    listed = " ".join(program("bank", "list", "--lang", "en").stdout.split())
    assert "questions: 1, drafts: 1, problems: 0" in listed and "questions: 1, drafts: 1, problems: 1" in listed


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone", "cannot be read: No such file or directory.\n"),
        ("loop", "cannot be read: Too many levels of symbolic links.\n"),
        ("named-\udcff", "is not UTF-8, as the settings are; rename it.\n"),
    ],
)
def test_a_folder_that_cannot_be_a_bank_is_one_sentence(program: Program, name: str, said: str) -> None:
    Path("loop").symlink_to("loop")
    Path("named-\udcff").mkdir()
    for command in ("add", "check"):
        done = program("bank", command, name, "--lang", "en")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1) and done.stderr.endswith(said)


def test_nothing_is_added_from_a_folder_without_questions(program: Program) -> None:
    Path("empty").mkdir()
    assert program("bank", "add", "empty").returncode == 2
    assert program("bank", "remove", "empty").returncode == 2


def test_the_schema_knows_every_kind_and_one_language() -> None:
    printed = json.loads(CliRunner().invoke(cli, ["bank", "schema"]).stdout)
    kinds = printed["properties"]["questions"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == set(KINDS)
    assert printed["$defs"]["Text"]["required"] == []
    assert {"type": "string"} in printed["$defs"]["Code"]["properties"]["sources"]["items"]["anyOf"]


def test_the_schema_explains_every_field_of_every_kind() -> None:
    parts = json.loads(CliRunner().invoke(cli, ["bank", "schema"]).stdout)["$defs"]
    told = {
        f"{name}.{field}": about.get("description", "")
        for name, part in parts.items()
        for field, about in part["properties"].items()
    }
    assert [field for field, sentence in told.items() if not sentence.endswith((".", "?")) or "\n" in sentence] == []
    assert told["Numeric.slips"] == "Wrong numbers that candidates reach, each told apart."
    assert told["Code.draft"] == told["Single.draft"] == "It is loaded and marked, but no session asks it."
    assert len({told[f"{part}.kind"] for part in parts if f"{part}.kind" in told}) == len(KINDS)


def test_a_source_is_named_once(program) -> None:
    shown = program("bank", "show", "expert-pcgrad-three", "--lang", "en").stdout
    assert shown.count("derived here") == 1 and shown.count("measured here") == 1
