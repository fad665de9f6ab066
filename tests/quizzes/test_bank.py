"""A bank loads what is right and names the rest by file and line."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from quizzes import bank
from quizzes.question import Text

ROOT = Path(__file__).parents[2]

SINGLE = """\
- id: gate-weight
  kind: single
  topic: T03
  difficulty: 3
  stem: {zh: 门的权重很小时，梯度还会传过去吗？, en: "Does the gradient still pass a gate of small weight?"}
  say: {zh: 会，但要乘上权重。, en: "Yes, scaled by the weight."}
  facts: [{zh: softmax 的输出总大于零。, en: A softmax is never exactly zero.}]
  usual:
    answer: {zh: 不会。, en: "No."}
    why: {zh: 门只是衰减。, en: The gate only damps.}
  sources: [{key: MMOE}]
  basis: derived
  options:
  - text: {zh: 会, en: It does}
    why: {zh: 链式法则。, en: The chain rule.}
    right: true
  - text: {zh: 不会, en: It does not}
    why: {zh: 衰减不是切断。, en: Damping is not cutting.}
  - text: {zh: 看情况, en: It depends}
    why: {zh: softmax 不会等于零。, en: A softmax is not zero.}
"""
NUMERIC = """\
- id: floor
  kind: numeric
  topic: T20
  difficulty: 3
  stem: {zh: 损失的下界是多少？, en: What is the floor of the loss?}
  say: {zh: 约 0.3133。, en: About 0.3133.}
  facts: [{zh: 见计算。, en: See the steps.}]
  usual: {answer: {zh: 零。, en: Zero.}, why: {zh: 概率被夹住了。, en: The probabilities are confined.}}
  sources: [{key: DERIVED}]
  basis: derived
  answer: 0.3133
  tolerance: 0.001
  form: {zh: 四位小数, en: four decimals}
  steps: [{zh: 代入。, en: Insert.}]
  slips: [{value: 0, why: {zh: 忘了第二次 softmax。, en: The second softmax was forgotten.}}]
"""
BUG = """\
- id: one-gate
  kind: find_bug
  topic: T20
  difficulty: 2
  stem: {zh: 哪一行？, en: Which line?}
  say: {zh: 第 13 行。, en: Line 13.}
  facts: [{zh: 两列之和是 1。, en: The columns sum to 1.}]
  usual: {answer: {zh: 第 9 行。, en: Line 9.}, why: {zh: 它没有错。, en: It is right.}}
  sources: [{key: ARTICLE}]
  basis: derived
  listing: listing1
  lines: [{line: 13, why: {zh: 两列共用 softmax。, en: One softmax for both.}, right: true}]
  innocent: {zh: 这行没错。, en: This line is right.}
"""


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(*questions: str) -> bank.Bank:
        (tmp_path / "t.yaml").write_text("questions:\n" + "".join(questions), encoding="utf-8")
        return bank.load(tmp_path)

    return write_and_load


def test_questions_stand_in_file_order_and_refer_to_what_exists(load):
    loaded = load(SINGLE, NUMERIC, BUG)
    assert loaded.problems == []
    assert list(loaded.questions) == ["gate-weight", "floor", "one-gate"]
    assert loaded.topics["T03"] == Text("MMoE", "MMoE")
    assert loaded.sources["MMOE"].short == Text("MMoE, KDD 2018", "MMoE, KDD 2018")
    assert "softmax" in loaded.listings["listing1"][13 - 1]
    assert "Dense" in loaded.listings["listing2"][10 - 1]
    assert [listing[0] for listing in loaded.listings.values()] == ["import tensorflow as tf"] * 2


@pytest.mark.parametrize(
    ("question", "old", "new", "line", "says"),
    [
        (SINGLE, "    why: {zh: 衰减不是切断。, en: Damping is not cutting.}\n", "", 18, "没有写理由（why）"),
        (SINGLE, "difficulty: 3", "difficulty: 9", 5, "difficulty 太大，最多是 5"),
        (SINGLE, "  basis: derived", "  base: derived", 13, "没有 base 这个键"),
        (SINGLE, "kind: single", "kind: essay", 3, "kind 不能是 essay，只有 single, multiple, "),
        (SINGLE, "    right: true\n", "", 14, "有 0 个选项标了 right"),
        (SINGLE, "Damping is not cutting.}", "Damping is not cutting.}\n    right: true", 18, "有 2 个选项标了 right"),
        (SINGLE, "topic: T03", "topic: T99", 4, "没有主题 T99"),
        (SINGLE, "key: MMOE", "key: MOE", 12, "没有来源 MOE"),
        (SINGLE, "id: gate-weight", "id: Gate Weight", 2, "只能用小写字母"),
        (SINGLE, "  topic: T03\n", "  topic: T03\n  topic: T04\n", 5, "topic 写了两次"),
        (NUMERIC, "value: 0,", "value: 0.3135,", 16, "落在答案的容差里"),
        (NUMERIC, "answer: 0.3133", "answer: 1e-3", 12, "answer 应当是数，不是文本，写成 0.001 这样，不加引号；"),
        (NUMERIC, "value: 0,", "value: .nan,", 16, "误算值要是有限的数"),
        (NUMERIC, "tolerance: 0.001", "tolerance: -1", 13, "tolerance 太小，至少是 0"),
        (NUMERIC, "steps: [{zh: 代入。, en: Insert.}]", "steps: []", 15, "steps 太少，至少写 1 项"),
        (NUMERIC, "0.3133\n", "\n", 12, "answer 是空的，写上"),
        (NUMERIC, "form: {zh: 四位小数, en: four decimals}", "form: 四位", 14, "应当是 {zh: 文本, en: text}，不是文本"),
        (NUMERIC, "{zh: 零。, en: Zero.}", "{zh: 零。, en: no}", 9, "en 应当是文本，不是 true 或 false，加引号；"),
        (SINGLE, "difficulty: 3", "difficulty: 3.5", 5, "difficulty 应当是整数，不是小数，改好"),
        (SINGLE, "  basis: derived", "  basis: derived\n  3: x", 2, "题目里有个键不是文本，加引号或改名"),
        (SINGLE, "  basis: derived", "  basis: derived\n  a`b: x", 14, "没有 a`b 这个键"),
        (SINGLE, "sources: [{key: MMOE}]", "sources: [MMOE]", 12, "来源应当是键值对（键: 值），不是文本"),
        (SINGLE, "stem: {zh: 门的权重很小时，梯度还会传过去吗？,", "stem: {zh: '',", 6, "文本是空的，写上或删掉"),
        (SINGLE, "zh: 不会, en: It does not", "zh: 会, en: It does not", 18, "「会」前面已经有了，要能分清"),
        (SINGLE, "zh: 不会, en: It does not", "zh: 不会, en: It does", 18, "「It does」前面已经有了，要能分清"),
        (SINGLE, "topic: T03", "topic: ''", 4, "topic 是空的，写上主题"),
        (BUG, "listing: listing1", "listing: listing9", 12, "没有代码清单 listing9"),
        (BUG, "line: 13", "line: 99", 13, "listing1 只有 35 行"),
        (BUG, ", right: true", "", 13, "没有一行标了 right"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_only_its_question_is_left_out(load, question, old, new, line, says):
    assert old in question
    other = SINGLE.replace("gate-weight", "another")
    loaded = load(question.replace(old, new, 1), other)
    assert list(loaded.questions) == ["another"]
    (problem,) = loaded.problems
    assert problem.sentence.zh.startswith(f"{problem.file}:{line}：")
    assert says in problem.message.zh
    assert problem.sentence.en.startswith(f"{problem.file}:{line}: ")
    assert problem.file.endswith("/t.yaml") and problem.left_out


def test_an_id_serves_once(load):
    loaded = load(SINGLE, SINGLE)
    assert len(loaded.questions) == 1
    assert [problem.line for problem in loaded.problems] == [2 + SINGLE.count("\n")]


@pytest.mark.parametrize(
    ("zh", "says"),
    [
        ("会,但要乘上权重。", "半角标点"),
        ("损失(loss) 很大。", "半角标点"),
        ("用softmax 算。", "缺一个空格"),
        ("剩下 2% 的梯度。", "百分号"),
        ('叫做"门"。', "引号"),
        ("「门」很小。", "引号"),
        ("门很小 所以慢。", "折行"),
        ("Yes, scaled by the weight.", "没有汉字"),
    ],
)
def test_typography_is_told_but_the_question_stays(load, zh, says):
    loaded = load(SINGLE.replace("zh: 会，但要乘上权重。", f"zh: {msgspec.json.encode(zh).decode()}"))
    assert list(loaded.questions) == ["gate-weight"]
    assert loaded.problems and all(problem.line == 7 and not problem.left_out for problem in loaded.problems)
    assert any(says in problem.message.zh for problem in loaded.problems)


@pytest.mark.parametrize("zh", ["y_k = h_k(sum_i g_ki f_i)", "0.3133", "MMoE", "x（见第 3 节）是 5 %。"])
def test_formulas_and_names_are_no_typographic_fault(load, zh):
    assert load(SINGLE.replace("zh: 会，但要乘上权重。", f'zh: "{zh}"')).problems == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"questions:\n- id: a\n  stem: a: b\n", 3),
        (b"questions: []\nversion: 2\n", 1),
        (b"- id: a\n", 1),
        (b"questions:\n- \xff\n", 2),
        (b'questions:\n- stem: "a\n  say: b\n\n', 2),
        (b"", 1),
    ],
)
def test_a_broken_file_is_left_out_and_the_others_load(tmp_path, content, line):
    (tmp_path / "a.yaml").write_bytes(content)
    (tmp_path / "b.yaml").write_text("questions:\n" + SINGLE, encoding="utf-8")
    loaded = bank.load(tmp_path)
    assert list(loaded.questions) == ["gate-weight"]
    assert [(Path(problem.file).name, problem.line) for problem in loaded.problems] == [("a.yaml", line)]


def test_the_cache_gives_the_same_bank_until_a_file_changes(tmp_path):
    folder, cache = tmp_path / "bank", tmp_path / "cache"
    folder.mkdir()
    file = folder / "t.yaml"
    file.write_text("questions:\n" + SINGLE + NUMERIC, encoding="utf-8")
    parsed = bank.load(folder, cache)
    assert bank.load(folder, cache) == parsed
    file.write_text("questions:\n" + SINGLE, encoding="utf-8")
    assert list(bank.load(folder, cache).questions) == ["gate-weight"]
    (cache / "bank.json").write_bytes((cache / "bank.json").read_bytes()[:-9])
    assert list(bank.load(folder, cache).questions) == ["gate-weight"]


def test_from_the_cache_yaml_is_not_imported(tmp_path):
    bank.load(bank.BANK, tmp_path)
    code = f"""
import sys
from pathlib import Path
from quizzes.bank import load
load(cache=Path({str(tmp_path)!r}))
print([name for name in ("yaml", "fsrs", "textual", "torch") if name in sys.modules])
"""
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "[]\n"
