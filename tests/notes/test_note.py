"""What is in a note, from real questions, answers to them, and runs that were really trained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from models import events
from models.events import Error, Mark, Text
from models.pairings import PAIRINGS
from models.recipes import load, override
from mtl_tui import locale
from mtl_tui.lab.folder import Writer
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import LANGUAGES, Language
from mtl_tui.notes import outline
from mtl_tui.notes.experiment import experiment, load_records
from mtl_tui.notes.export import file_name
from mtl_tui.notes.markdown import MARKER, render
from mtl_tui.notes.note import Note, build
from mtl_tui.notes.outline import run_part
from mtl_tui.store.store import Review
from quizzes import bank as banks
from quizzes.bank import Bank
from quizzes.grading import Answer, Choice, GaveUp, LineNumber, Number
from quizzes.question import FindBug, Numeric, Single

HAN = re.compile(r"[\u4e00-\u9fff]")
SOFTMAX, RECIPE = "20261124-200000-listing1-softmax-s7", "20261124-200100-listing1-corrected-s7"
TODAY = date(2026, 11, 24)
STEPS = 60


class Material(NamedTuple):
    """What a note is made of."""

    bank: Bank
    reviews: list[Review]
    records: dict[str, RunRecord]
    coming: list[date]

    def note(self, language: Language, selection: set[str] | None = None) -> Note:
        return build(self.bank, self.reviews, self.records, self.coming, language, TODAY, selection)


def review(question: str, answer: Answer, right: bool, confidence: int | None = 3, grade: int = 3) -> Review:
    return Review(
        question=question,
        answer=answer,
        right=right,
        proposed=grade,
        grade=grade,
        confidence=confidence,
        seconds=41.2,
        at=datetime(2026, 11, 24, 20, tzinfo=UTC),
        language="zh",
    )


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The interface speaks English, whatever the note speaks."""
    with locale.speaking("en"):
        yield


def train_into(folder: Path, name: str, marks: tuple[Mark, ...] = ()) -> None:
    """Train a pairing or a recipe for a few steps and write its run folder."""
    from models.training.run import Run, train

    pairing = PAIRINGS.get(name)
    arms = [(arm.key, arm.label, arm.recipe) for arm in pairing.arms] if pairing else [("A", Text(name, name), name)]
    short = {"training.steps": str(STEPS), "training.evaluations": "11"}
    specs = [(key, label, recipe, override(load(recipe), short)) for key, label, recipe in arms]
    run = Run(specs, seed=7, run_id=folder.name, pairing=pairing.id if pairing else None, marks=marks)
    writer = Writer(folder, {})
    writer.write([events.encode(event) for event in train(run)])
    writer.close()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of a pairing with an intervention, and one of a single recipe."""
    folder = tmp_path_factory.mktemp("runs")
    train_into(folder / SOFTMAX, "listing1-softmax", (Mark(20, "learning_rate", 0.5),))
    train_into(folder / RECIPE, "listing1-corrected")
    return folder


@pytest.fixture(scope="session")
def material(runs: Path) -> Material:
    """Answers right, wrong though sure, and given up, of three kinds of question and several topics."""
    bank = banks.load()
    questions = list(bank.questions.values())
    shown = next(each for each in questions if each.pairing == "listing1-softmax" and isinstance(each, Single))
    bug = next(each for each in questions if isinstance(each, FindBug))
    number = next(each for each in questions if isinstance(each, Numeric))
    given_up = next(each for each in questions if each.topic not in {shown.topic, bug.topic, number.topic})
    wrong = next(index for index, option in enumerate(shown.options) if not option.right)
    line = next(line.line for line in bug.lines if line.right)
    reviews = [
        review(shown.id, GaveUp(), right=False, grade=1),
        review(shown.id, Choice(wrong), right=False, grade=1),
        review(bug.id, LineNumber(line), right=True, confidence=None),
        review(number.id, Number("12 | 3 *x*\n# y"), right=False, confidence=2, grade=1),
        review(given_up.id, GaveUp(), right=False, confidence=None, grade=1),
    ]
    records, left_out = load_records(runs, sorted(path.name for path in runs.iterdir()))
    assert left_out == []
    coming = [date(2026, 11, 25)] * 3 + [date(2026, 12, 1)]
    return Material(bank, reviews, records, coming)


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_parts_in_one_language(material: Material, language: Language) -> None:
    text = render(material.note(language))
    parts = {
        "en": ["Introduction", "Body", "Summary", "References"],
        "zh": ["引言", "正文", "总结", "参考文献"],
    }
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == parts[language]
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert text.endswith(MARKER + "\n")
    before_references = text.partition(f"## {parts[language][-1]}")[0]
    prose = re.sub(r"^(```.*?```|\|.*?\|)$", "", before_references, flags=re.MULTILINE | re.DOTALL)
    blocks = [block for block in re.split(r"\n+", prose) if block]
    if language == "en":
        assert not HAN.search(text)
    else:
        typed = [block for block in blocks if "12 | 3" not in block]
        assert [block for block in typed if not HAN.search(block)] == []
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", prose)


def test_three_voices_stand_apart(material: Material) -> None:
    text = render(material.note("en"))
    section = text[text.index("### 1. ") : text.index("### 2. ")]
    assert re.findall(r"^#### (.*)$", section, re.MULTILINE) == ["The facts", "My experiment", "My answer"]
    assert "- Wrong. I answered: " in section
    assert "- Why that is wrong: " in section
    assert "- I was sure." in section
    assert "- Tries: 2, right: 0." in section


def test_experiment_has_settings_curve_changes_and_closing(material: Material) -> None:
    record = material.records[SOFTMAX]
    run = experiment(SOFTMAX, record)
    assert f"seed 7, {STEPS} of {STEPS} steps, {record.hello.rows:,} training rows" in run.settings[0]
    assert [row[:2] for row in run.arms.rows] == [
        ("A as printed", "listing1-printed"),
        ("B corrected", "listing1-corrected"),
    ]
    assert [row[0] for row in run.curve.rows] == ["0", "12", "24", "36", "48", "60"]
    assert float(run.curve.rows[-1][1]) == pytest.approx(record.value("A", "auc", "interest"), abs=5e-4)
    assert run.changes == ("After step 20, learning rate times 0.5.",)
    assert "not judged" in run.closing
    assert run.held is None


def test_run_without_a_question_has_its_own_section(material: Material) -> None:
    note = material.note("en")
    assert [each.run for section in note.sections for each in section.experiments] == [SOFTMAX]
    assert [each.run for each in note.experiments] == [RECIPE]
    assert "AUC, interest" in [row[0] for row in note.experiments[0].numbers.rows]


def test_tables_have_at_most_five_columns(material: Material) -> None:
    rows = re.findall(r"^\|.*\|$", render(material.note("en")), re.MULTILINE)
    assert rows
    assert max(len(re.findall(r"(?<!\\)\|", row)) for row in rows) <= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_references_are_numbered_and_used(material: Material, language: Language) -> None:
    note = material.note(language)
    body, _, references = render(note).rpartition("\n## ")
    listed = re.findall(r"^\[(\d+)\] ", references, re.MULTILINE)
    assert listed == [str(n) for n in range(1, len(note.references) + 1)]
    used = {number for line in body.splitlines() for number in re.findall(r"(?<!\\)\[(\d+)\]", line)}
    assert used == set(listed)


def test_summary_names_what_was_weak_and_what_is_due(material: Material) -> None:
    summary = material.note("en").summary
    assert summary is not None
    assert (summary.right, summary.answered) == (1, 4)
    assert [weak.rpartition(" (")[2] for weak in summary.weak] == ["sure, but wrong)", "wrong)", "not answered)"]
    assert (summary.runs, summary.judged, summary.held) == (2, 0, 0)
    assert summary.next_due == "Next review: 2026-11-25, questions due: 3."


def test_ticks_choose_the_parts(material: Material) -> None:
    parts = outline.outline(material.bank, material.reviews, material.records, "en")
    ids = {part.id for part in parts}
    assert render(material.note("en", ids)) == render(material.note("en"))
    first = next(part for part in parts if part.level == 1)
    note = material.note("en", ids - {first.id, outline.TITLE, outline.REFERENCES})
    assert [len(note.sections), note.title, note.references] == [3, None, ()]
    assert note.sections[0].experiments[0].run == SOFTMAX
    assert not re.search(r"\[\d+\]", render(note))
    assert material.note("en", ids - {outline.BODY}).sections == ()
    assert run_part(SOFTMAX) in ids


def test_file_is_named_after_day_and_topic(material: Material) -> None:
    assert file_name(material.note("zh")) == f"{TODAY}-mixed.md"
    mmoe = next(each for each in material.bank.questions.values() if each.topic == "T03")
    one = material._replace(reviews=[msgspec.structs.replace(material.reviews[0], question=mmoe.id)])
    assert file_name(one.note("zh")) == "2026-11-24-mmoe.md"
    own = msgspec.structs.replace(mmoe, topic="召回/排序..")
    bank = Bank(questions={own.id: own}, topics={own.topic: Text(own.topic, own.topic)}, sources=material.bank.sources)
    assert file_name(one._replace(bank=bank, records={}).note("zh")) == "2026-11-24-召回-排序.md"


def test_a_question_without_sources_has_its_basis_alone(material: Material) -> None:
    own = msgspec.structs.replace(material.bank.questions[material.reviews[0].question], sources=())
    bank = msgspec.structs.replace(material.bank, questions=material.bank.questions | {own.id: own})
    text = render(material._replace(bank=bank, reviews=material.reviews[:1]).note("en"))
    assert "\n\nBasis: " in text and "Sources:" not in text


def test_answers_to_questions_that_have_changed_are_no_trouble(material: Material) -> None:
    gone = msgspec.structs.replace(material.reviews[0], question="gone")
    of_another_kind = msgspec.structs.replace(material.reviews[3], question=material.reviews[0].question)
    changed = material._replace(reviews=[gone, of_another_kind])
    note = changed.note("en")
    assert [(section.mine.answer, section.mine.lesson) for section in note.sections] == [("", "")]
    assert "- Wrong.\n" in render(note)


def test_folder_that_cannot_be_read_is_left_out_with_a_sentence(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "events.jsonl").write_text("no event\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "events.jsonl").write_text("")
    (tmp_path / RECIPE).symlink_to(runs / RECIPE)
    records, left_out = load_records(tmp_path, ["broken", "empty", "missing", RECIPE])
    assert list(records) == [RECIPE]
    assert [re.match(r"Run (\w+) is left out", sentence)[1] for sentence in left_out] == ["broken", "empty", "missing"]


def test_failed_run_is_told_without_keys_or_paths(material: Material) -> None:
    hello = material.records[RECIPE].hello
    arm = msgspec.structs.replace(
        hello.arms[0], recipe="/home/me/mine.toml", label=events.Text("/x/m.toml", "/x/m.toml")
    )
    record = RunRecord()
    record.fold(
        [
            msgspec.structs.replace(hello, arms=[arm]),
            Error("nan", "loss is NaN", step=12, arm="A", task="interest", learning_rate=0.08),
        ]
    )
    note = material._replace(reviews=[], records={RECIPE: record}).note("en")
    text = render(note)
    assert "At step 12 the loss of interest became NaN; the run ended there." in text
    assert "mine.toml" in text
    assert "/home" not in text
    assert "/x" not in text
    assert "References" not in text


@settings(max_examples=40)
@given(st.text(st.sampled_from("ab1 \n\\`*_~|#>-+=.)([]!<&;:$")) | st.text())
def test_an_answer_cannot_break_the_note(material: Material, text: str) -> None:
    note = material.note("en")
    section = note.sections[0]
    mine = msgspec.structs.replace(section.mine, answer=f"x {text} {MARKER}\n{MARKER}")
    other = msgspec.structs.replace(note, sections=(msgspec.structs.replace(section, mine=mine), *note.sections[1:]))
    markdown = MarkdownIt("commonmark").enable("table")
    kinds = [token.type for token in markdown.parse(render(note))]
    assert [token.type for token in markdown.parse(render(other))] == kinds
    assert render(other).count(f"\n{MARKER}\n") == 1


def test_judged_run_is_counted_and_a_miss_is_named(material: Material) -> None:
    record = material.records[SOFTMAX]
    judged = RunRecord()
    judged.series, judged.hello, judged.done, judged.step = record.series, record.hello, record.done, record.step
    note = material._replace(reviews=[], records={SOFTMAX: judged}).note("en")
    assert note.summary is not None
    assert (note.summary.judged, note.summary.held) == (1, 0)
    assert note.summary.missed == ("One softmax over two tasks, seed 7",)
    assert "NOT what the explanation says" in note.experiments[0].closing


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing has been answered"), ("zh", "还没有答过题")])
def test_empty_note_says_so(material: Material, language: Language, words: str) -> None:
    assert words in render(material._replace(reviews=[], records={}, coming=[]).note(language))
