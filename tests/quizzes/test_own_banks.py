"""A person's own banks: freer than ours, never in the way of the rest, and nothing in them is run."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from quizzes import bank
from quizzes.question import Text

OURS = bank.load()
OWN = """\
- id: own-one
  kind: single
  topic: our-stack
  difficulty: 2
  stem: {zh: 我们用什么门？}
  say: {zh: 每个任务一个门。}
  usual: {answer: {zh: 一个门。}, why: {zh: 那样任务分不开。}}
  basis: derived
  options:
  - {text: {zh: 一个}, why: {zh: 太少。}}
  - {text: {zh: 每任务一个}, why: {zh: 对。}, right: true}
  - {text: {zh: 没有}, why: {zh: 有的。}}
"""
FREE = """\
- id: own-free
  kind: free_text
  topic: T03
  difficulty: 2
  stem: {en: Why two gates?}
  say: {en: Each task weighs the experts for itself.}
  usual: {answer: {en: For speed.}, why: {en: It costs time.}}
  basis: derived
  sources: ["Wiki, page 3", {key: MMOE}]
  points:
  - {text: {en: each task weighs for itself}, matches: {en: [each task + gate]}}
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(*questions: str, name: str = "mine") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "q.yaml").write_text("questions:\n" + "".join(questions), encoding="utf-8")
        return folder

    return write


def test_an_own_bank_loads_beside_ours_in_one_language_with_its_own_topics_and_sources(write):
    loaded = bank.load(own=[write(OWN, FREE)])
    assert loaded.problems == []
    assert list(loaded.questions) == [*OURS.questions, "own-one", "own-free"]
    assert loaded.own == {"own-one", "own-free"}
    assert loaded.questions["own-one"].stem == Text("我们用什么门？", "我们用什么门？")
    assert loaded.topics["our-stack"] == Text("our-stack", "our-stack")
    assert (loaded.entitled("our-stack").zh, loaded.entitled("T03").en) == ("our-stack", "T03 MMoE")
    assert [loaded.sources[each.key].short.en for each in loaded.questions["own-free"].sources] == [
        "Wiki, page 3",
        "MMoE, KDD 2018",
    ]


def test_topics_are_named_in_a_file_of_their_own(write):
    folder = write(OWN)
    (folder / "topics.yaml").write_text("our-stack: {en: Our stack}\nT03: {en: Not MMoE}\n", encoding="utf-8")
    loaded = bank.load(own=[folder])
    assert (loaded.problems, loaded.topics["our-stack"].zh, loaded.topics["T03"]) == (
        [],
        "Our stack",
        Text("MMoE", "MMoE"),
    )
    (folder / "topics.yaml").write_text("our-stack: 3\n", encoding="utf-8")
    loaded = bank.load(own=[folder])
    assert loaded.topics["our-stack"].en == "our-stack"
    assert [problem.file for problem in loaded.problems] == ["mine/topics.yaml"]


def test_an_id_of_ours_is_told_with_both_files_and_ours_stays(write):
    taken = next(iter(OURS.questions))
    loaded = bank.load(own=[write(OWN.replace("own-one", taken), FREE)])
    assert loaded.questions[taken] == OURS.questions[taken] and "own-free" in loaded.questions
    (problem,) = loaded.problems
    assert problem.sentence.en.startswith("mine/q.yaml:2: ") and " bank/" in problem.sentence.en


def test_what_is_wrong_with_a_bank_is_told_and_the_rest_loads(write, tmp_path):
    empty = write(name="broken")
    (empty / "q.yaml").write_bytes(b"questions: [")
    large = write(name="large")
    (large / "q.yaml").write_bytes(b"#" * (bank.LARGEST + 1))
    loaded = bank.load(own=[tmp_path / "gone", empty, large, write(OWN)])
    assert set(loaded.questions) == {*OURS.questions, "own-one"}
    told = [problem.sentence.en for problem in loaded.problems]
    assert [any(part in sentence for sentence in told) for part in ("bank remove", "not valid YAML", "2 MB")] == [
        True
    ] * 3
    assert len(told) == 3


def test_a_file_that_cannot_be_read_takes_none_of_the_others_away(write):
    folder = write(OWN)
    (folder / ".#own.yaml").symlink_to("someone@host.1234:99")
    (folder / "self.yaml").symlink_to(folder / "self.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
    loaded = bank.load(own=[folder, folder / "a\0b"])
    assert loaded.own == {"own-one"}
    told = [problem.file for problem in loaded.problems]
    assert told == ["mine/gone.yaml", "mine/self.yaml", str(folder / "a\0b")]


def test_a_name_that_is_not_utf8_is_told_and_kept_as_text(write, tmp_path):
    folder, cache = write(OWN), tmp_path / "cache"
    (folder / "bad\udcff.yaml").write_text("questions:\n- {draft: true}\n", encoding="utf-8")
    (folder / "listings").mkdir()
    (folder / "listings" / "bad\udcff.txt").write_text("a = 1\n", encoding="utf-8")
    loaded = bank.load(cache=cache, own=[folder])
    assert loaded.own == {"own-one"} and bank.load(cache=cache, own=[folder]) == loaded
    assert [problem.file for problem in loaded.problems] == ["mine/bad\ufffd.yaml"]


def test_nothing_of_a_bank_commands_the_terminal(write):
    folder = write(
        r'- {id: one, draft: true, stem: {en: "a\e[31m\n"}, kind: single}' + "\n", r'- {id: "\e[31m"}' + "\n"
    )
    (folder / "a\n\x1b.yaml").write_text("", encoding="utf-8")
    (folder / "topics.yaml").write_text('x: {en: "\\e[31m"}\n', encoding="utf-8")
    loaded = bank.load(own=[folder])
    draft = loaded.unfinished["one"]
    told = [problem.sentence for problem in [*loaded.problems, *draft.lacks]]
    for text in [*told, loaded.topics["x"]]:
        assert "\x1b" not in text.zh + text.en and "\n" not in text.zh + text.en
    assert len(told) == 3 and draft.stem is not None and draft.stem.en == "a\ufffd[31m\n"


def test_what_is_written_in_english_is_told_by_its_name(write):
    (problem,) = bank.load(own=[write(FREE.replace("[each task + gate]", "each task"))]).problems
    assert (problem.line, problem.message.en.split(";")[0]) == (12, "en should be a list, not text")


@pytest.mark.parametrize(
    "stem",
    [
        "!!python/object/apply:pathlib.Path.touch [ran]",
        "!!python/object/new:os.system [touch ran]",
        "!!python/name:os.system ''",
    ],
)
def test_nothing_is_run_and_only_that_question_is_left_out(write, tmp_path, monkeypatch, stem):
    monkeypatch.chdir(tmp_path)
    loaded = bank.load(own=[write(OWN.replace("{zh: 我们用什么门？}", stem), FREE)])
    assert "own-one" not in loaded.questions and "own-free" in loaded.questions
    assert [problem.line for problem in loaded.problems] == [6]
    assert not (tmp_path / "ran").exists()


def test_no_listing_is_read_from_outside_of_the_folder(write, tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    question = msgspec.json.encode(
        {
            "id": "own-bug",
            "kind": "find_bug",
            "topic": "x",
            "difficulty": 1,
            "listing": "../../secret",
            "lines": [{"line": 1, "why": {"en": "?"}, "right": True}],
            **{name: {"en": "?"} for name in ("stem", "say", "innocent")},
            "usual": {"answer": {"en": "?"}, "why": {"en": "?"}},
            "basis": "derived",
        }
    ).decode()
    folder = write(f"- {question}\n")
    (folder / "listings").mkdir()
    (folder / "listings" / "linked.txt").symlink_to(tmp_path / "secret.txt")
    loaded = bank.load(own=[folder])
    assert "own-bug" not in loaded.questions
    assert not any("secret" in line for listing in loaded.listings.values() for line in listing)
    assert [problem.file for problem in loaded.problems] == ["listings/linked.txt", "mine/q.yaml"]


@pytest.mark.parametrize(
    "content",
    [
        "questions: " + "[" * 100_000,
        "questions:\n- &a0 [x,x,x,x,x,x,x,x]\n"
        + "".join(f"- &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
        "questions:\n- &a [*a]\n",
        "questions:\n- id: " + "9" * 5000 + "\n",
        "questions:\n- 2026-13-45\n",
        "questions:\n- ? [a]\n  : b\n",
    ],
    ids=["deep", "bomb", "itself", "digits", "date", "key"],
)
def test_a_hostile_file_is_told_in_one_sentence(write, content):
    folder = write()
    (folder / "q.yaml").write_text(content, encoding="utf-8")
    loaded = bank.load(own=[folder])
    assert set(loaded.questions) == set(OURS.questions)
    assert len(loaded.problems) == 1


def test_latex_and_regexes_are_no_control_characters_and_one_is_told_with_its_line(write):
    stem = r"Why \frac{1}{2} of \beta, and \bgate\b?"
    loaded = bank.load(own=[write(FREE.replace("Why two gates?", f"'{stem}'"))])
    assert loaded.problems == [] and loaded.questions["own-free"].stem.en == stem
    (problem,) = bank.load(own=[write(FREE.replace("For speed.", r'"For\bspeed."'))]).problems
    assert (problem.line, "control character" in problem.message.en) == (8, True)


def test_a_question_may_merge_another_and_say_some_names_anew(write):
    """Also one that merges already; a fault in it stands on its own line."""
    first = OWN.replace("- id", "- &one\n  id")
    merged = [f"- &{name}\n  <<: *{base}\n  id: own-{name}\n" for name, base in [("two", "one"), ("three", "two")]]
    loaded = bank.load(own=[write(first, *merged)])
    assert loaded.problems == [] and loaded.own == {"own-one", "own-two", "own-three"}
    loaded = bank.load(own=[write(first, *merged, "- <<: *one\n  id: own-four\n  difficulty: 9\n")])
    last = 1 + first.count("\n") + 3 * len(merged) + 3
    assert [problem.line for problem in loaded.problems] == [last]
    loaded = bank.load(own=[write(first, merged[0] + "  id: own-again\n")])
    assert [problem.message.en.split(";")[0] for problem in loaded.problems] == ["id stands twice"]


@pytest.mark.parametrize("seconds", [0, -60])
def test_no_question_takes_no_time(write, seconds):
    (problem,) = bank.load(own=[write(OWN + f"  seconds: {seconds}\n", FREE)]).problems
    assert (problem.line, "seconds" in problem.message.en) == (1 + OWN.count("\n") + 1, True)


def test_an_unknown_pairing_is_told_where_pairings_are_known(write):
    folder = write(OWN.replace("  basis:", "  pairing: nothing\n  basis:"))
    known = {question.pairing for question in OURS.questions.values() if question.pairing}
    assert "own-one" in bank.load(own=[folder]).questions
    loaded = bank.load(own=[folder], pairings=known)
    assert set(loaded.questions) == set(OURS.questions)
    assert [(problem.line, problem.message.en.split(";")[0]) for problem in loaded.problems] == [
        (9, "no pairing nothing")
    ]


def test_a_draft_is_loaded_and_never_asked(write):
    loaded = bank.load(own=[write(OWN.replace("difficulty: 2", "difficulty: 2\n  draft: true"))])
    assert "own-one" in loaded.questions
    assert "own-one" not in {question.id for question in [*loaded.asked(), *loaded.in_path()]}
    assert len(loaded.in_path()) == len(OURS.in_path())


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("  say: {zh: 每个任务一个门。}\n", "", 2, "the question has no say; add it"),
        ("  basis: derived\n", "", 2, "the question has no basis"),
        ("stem: {zh: 我们用什么门？}", "stem:", 7, "stem is empty; write it"),
        ("stem: {zh: 我们用什么门？}", "stem: a plain", 7, "stem should be {zh: text, en: text}, not text; mend it"),
        ("  stem: {zh: 我们用什么门？}\n", "", 2, "the question has no stem"),
        ("topic: our-stack", "topic: ''", 4, "topic is blank; name one"),
        ("difficulty: 2", "difficulty: 7", 5, "difficulty is too large; it is 5 or less"),
        (", right: true", "", 11, "0 options are marked right"),
        ("  - {text: {zh: 没有}, why: {zh: 有的。}}\n", "", 11, "options are too few; write at least 3"),
    ],
)
def test_a_draft_may_lack_anything_but_its_id_and_is_no_problem(write, tmp_path, old, new, line, says):
    question = OWN.replace("difficulty: 2", "difficulty: 2\n  draft: true")
    assert old in question
    folder, cache = write(question.replace(old, new), FREE), tmp_path / "cache"
    loaded = bank.load(cache=cache, own=[folder])
    assert (loaded.problems, loaded.own) == ([], {"own-free"})
    (draft,) = loaded.unfinished.values()
    (lack,) = draft.lacks
    assert (draft.id, lack.line, draft.stem is None) == ("own-one", line, "stem:" in old)
    assert says in lack.message.en and lack.message.en.endswith("; till then it is a draft.")
    assert bank.load(cache=cache, own=[folder]) == loaded


def test_a_draft_has_an_id_of_its_own(write):
    folder = write(
        "- {id: one, draft: true}\n", "- {id: one, draft: true}\n", "- {draft: true}\n", "- {id: A b, draft: true}\n"
    )
    loaded = bank.load(own=[folder])
    assert list(loaded.unfinished) == ["one"]
    assert [(problem.line, problem.message.en.split(";")[0]) for problem in loaded.problems] == [
        (3, "id one is taken in mine/q.yaml:2"),
        (4, "the question has no id"),
        (5, "id A b may hold a-z, 0-9 and single hyphens"),
    ]


def test_code_is_compared_with_a_reference_that_is_there(write):
    code = FREE.replace("kind: free_text", "kind: code\n  starter: ''\n  reference: ' '")
    (problem,) = bank.load(own=[write(code)]).problems
    assert (problem.line, problem.message.en.split(";")[0]) == (5, "reference is blank")


def test_reasons_of_a_line_differ(write):
    text = "{text: {en: %s}, why: {en: so}%s}"
    bug = FREE.replace("kind: free_text", "kind: find_bug\n  listing: listing1\n  innocent: {en: fine}")
    bug = bug[: bug.index("  points:")] + "  lines: [{line: 3, why: {en: wrong}, right: true}]\n  reasons:\n"
    bug += "".join(f"  - {text % each}\n" for each in [("a", ", right: true"), ("b", ""), ("a", "")])
    (problem,) = bank.load(own=[write(bug)]).problems
    assert (problem.line, problem.message.en.split(";")[0]) == (bug.count("\n") + 1, '"a" stands there already')


def test_the_cache_follows_what_is_loaded(write, tmp_path):
    folder, cache = write(OWN), tmp_path / "cache"
    assert bank.load(cache=cache, own=[folder]) == bank.load(cache=cache, own=[folder])
    assert bank.load(cache=cache) == OURS
    write(FREE)
    assert bank.load(cache=cache, own=[folder]).own == {"own-free"}
