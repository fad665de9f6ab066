"""Free text against rubric points: what counts as covered, what is shown for it, and where a warning stands."""

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec
import pytest
import yaml
from msgspec import Struct

from quizzes.bank import load
from quizzes.question import FreeText, Matches, Point, Text
from quizzes.rubric import Found, look, look_in_code

QUESTIONS = load().questions


class Answer(Struct, forbid_unknown_fields=True):
    """`covered` are the points the answer truly makes, judged by meaning."""

    question: str
    kind: Literal["honest", "negated", "stuffed", "half"]
    language: Literal["zh", "en"]
    covered: frozenset[int]
    text: str


ANSWERS = {
    name: msgspec.convert(yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))["answers"], list[Answer])
    for name in (f"answers{hand}.yaml" for hand in ("", "-second", "-third", "-fourth", "-fifth"))
}


def found(phrase: str, text: str):
    return look([Point(Text("", ""), Matches(en=(phrase,)))], text)[0]


def words(phrase: str, text: str) -> list[str]:
    return [text[slice(*span)] for span in found(phrase, text).words]


@pytest.mark.parametrize(
    ("phrase", "text", "matched"),
    [
        ("share + expert", "Experts are SHARED by all tasks", ["Experts", "SHARED"]),
        ("share", "sharing helps", ["sharing"]),
        ("map", "each is mapped", ["mapped"]),
        ("copy", "it copies labels", ["copies"]),
        ("over-fit", "it overfits", ["overfits"]),
        ("task weight", "by task-weights", ["task-weights"]),
        ("gate | router", "a softmax router", ["router"]),
        ("共享底层", "先共享 底层。", ["共享 底层"]),
        ("CTR 任务", "在CTR任务上", ["CTR任务"]),
        ("auc", "ＡＵＣ 上升", ["ＡＵＣ"]),
        ("0.5", "about 0.5.", ["0.5"]),
        ("σ²", "除以 σ²", ["σ²"]),
    ],
)
def test_a_phrase_is_found_as_people_write_it(phrase: str, text: str, matched: list[str]):
    assert words(phrase, text) == matched


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("share + expert", "Experts vote. The bottom is shared."),
        ("共享 + 专家", "共享底层；专家各管各的"),
        ("sum", "we assume it, in summary"),
        ("rate", "separate towers"),
        ("0.5", "10.5 or 0.55"),
        ("task weight", "taskweight"),
        ("", "anything"),
        (" | ", "anything"),
    ],
)
def test_a_phrase_is_not_found_across_sentences_or_inside_words(phrase: str, text: str):
    assert not found(phrase, text).covered


@pytest.mark.parametrize(
    ("phrase", "text", "warnings"),
    [
        ("共享 + 专家", "专家不共享", ("negated",)),
        ("share", "they are not only shared", ()),
        ("share", "they don't share", ("negated",)),
        ("share", "it is not free, but experts are shared", ()),
        ("不 + 独立", "两个任务不独立", ()),
        ("不同", "样本空间不同", ()),
        ("gate", "experts, gates, towers, softmax, conflict", ("keyword-list",)),
        ("门控", "共享底层、门控、专家、负迁移", ("keyword-list",)),
        ("gate", "expert\ngate\ntower", ("keyword-list",)),
        ("gate", "Each task has a gate, whose weights are a softmax, and it mixes the experts.", ()),
        ("share", "They do not share. In PLE some are shared.", ()),
    ],
)
def test_a_warning_stands_beside_a_negation_or_a_list_and_takes_nothing_away(
    phrase: str, text: str, warnings: tuple[str, ...]
):
    seen = found(phrase, text)
    assert seen.covered
    assert seen.warnings == warnings


DENIED = """
GAUC + 没 | 不变: GAUC 没必要看
校准: 校准谈不上有什么用
校准: 校准以后再说
校准: 校准，用不着看
门控: 不需要样本空间、门控、消融这些
梯度: 别看梯度
冲突: 任务冲突会自己消失
泄漏: 特征泄漏？想多了
消融: 消融实验纯属浪费时间
缓解: 谈不上缓解
收藏: 收藏没有意义
收藏: 不收藏
ablation: I see little value in ablation
ablation: ablation, but it doesn't matter
gate: Gates are irrelevant.
gate: Gates? A waste of time.
calibration: You can safely ignore calibration
leakage: leakage isnt an issue
mask: the mask fails to help
"""

SAID = """
种子: 多跑几个种子，别只跑一个
梯度: 按任务类别分别看梯度
权重: 不确定性加权给出起始的权重
权重: 不能忽略权重
共享: 以点击为主，共享底层
掩码: 先乘掩码，之后再除以自己的样本数
基线: 离不开认真调好的基线
标签: 点击是标签，不需要另外标注
calibration: AUC ignores calibration
mask: rows outside of the space are ignored by the mask
skip connection: a skip connection helps
users: users of one class are skipped
loss: the loss is masked, which is not needed for clicks
收藏: 看他会不会收藏
投诉: 有没有投诉也要预测
模型: 看模型大不大
负反馈: 不感兴趣算负反馈
head: a head for the not-interested button
"""


@pytest.mark.parametrize("case", DENIED.split("\n")[1:-1])
def test_a_denial_or_dismissal_is_warned_of(case: str):
    seen = found(*case.split(": ", 1))
    assert seen.covered and "negated" in seen.warnings


@pytest.mark.parametrize("case", SAID.split("\n")[1:-1])
def test_what_is_truly_said_is_not_warned_of(case: str):
    seen = found(*case.split(": ", 1))
    assert (seen.covered, seen.warnings) == (True, ())


@pytest.mark.parametrize(
    ("phrase", "code", "matched"),
    [
        ("exp(-", "w = torch.exp( -s )", ["exp( -"]),
        ("exp(-", "w = torch.exp(s)", []),
        ("a+b", "return (a +\n    b)", ["a +\n    b"]),
        ("clone() + @ g", "x = g.clone()\ny = x @ g", ["clone()", "@ g"]),
        ("x.detach() | no_grad", "with torch.no_grad():", ["no_grad"]),
        ("set(", "offset(3)", []),
        ("loss.item", "loss.items()", []),
        ("not in", "k notin ks", []),
        ("detach", '"""Detach nothing: no detach."""\nx = y  # detach?', []),
        ("gate", "gate, tower, expert = not gate", ["gate"]),
    ],
)
def test_code_is_found_as_it_is_written_and_never_warned_of(phrase: str, code: str, matched: list[str]):
    (seen,) = look_in_code([Point(Text("", ""), Matches(en=(phrase,)))], code)
    assert [code[slice(*span)] for span in seen.words] == matched
    assert (seen.covered, seen.warnings) == (bool(matched), ())


def test_a_kept_synonym_covers_its_own_point_only():
    points = [Point(Text("", ""), Matches(en=("gate",))), Point(Text("", ""), Matches(en=("expert",)))]
    first, second = look(points, "一个路由器", {1: ["路由"]})
    assert (first.covered, second.covered) == (False, True)


def test_a_bar_or_plus_without_blanks_stands_for_itself():
    points = [Point(Text("", ""), Matches(en=("P(y|x)",))), Point(Text("", ""), Matches(en=("a+b",)))]
    assert [found.covered for found in look(points, "the function f(x) is convex, a or b")] == [False, False]
    assert [found.covered for found in look(points, "p(y | x), not a + b")] == [True, True]


def hits(answer: Answer) -> tuple[Found, ...]:
    question = QUESTIONS[answer.question]
    assert isinstance(question, FreeText)
    return look(question.points, answer.text)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answers_are_many_and_of_every_kind(name: str):
    assert len(ANSWERS[name]) >= 60
    assert len({answer.question for answer in ANSWERS[name]}) >= 5
    count = Counter((answer.kind, answer.language) for answer in ANSWERS[name])
    assert len(count) == 8 and min(count.values()) >= 4


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_points_of_honest_answers_are_found_and_no_others(name: str, language: str):
    """Only the third and the fifth file measure the patterns, which were widened on the others. Third: precision .98
    and .97, recall .96 and .94 (zh, en); with the patterns of one hand it was .97 and 1.00, .46 and .52. Fifth:
    precision 1.00 and 1.00, recall .96 and .90; before they were widened .94 and .85."""
    answers = [answer for answer in ANSWERS[name] if answer.kind == "honest" and answer.language == language]
    said = {(n, found.point) for n, answer in enumerate(answers) for found in hits(answer) if found.covered}
    true = {(n, point) for n, answer in enumerate(answers) for point in answer.covered}
    assert len(said & true) / len(said) >= 0.9
    assert len(said & true) / len(true) >= (0.85 if name == "answers-fifth.yaml" else 0.9)


@pytest.mark.parametrize(
    ("name", "kind", "floor"),
    [
        ("answers.yaml", "negated", 0.9),
        ("answers.yaml", "stuffed", 0.95),
        ("answers-second.yaml", "negated", 0.85),
        ("answers-second.yaml", "stuffed", 0.95),
        ("answers-third.yaml", "negated", 0.55),
        ("answers-third.yaml", "stuffed", 0.95),
        ("answers-fourth.yaml", "negated", 0.55),
        ("answers-fourth.yaml", "stuffed", 0.95),
        ("answers-fifth.yaml", "negated", 0.65),
        ("answers-fifth.yaml", "stuffed", 0.95),
    ],
)
def test_points_that_were_denied_or_only_named_carry_a_warning(name: str, kind: str, floor: float):
    false = [
        found
        for answer in ANSWERS[name]
        if answer.kind == kind
        for found in hits(answer)
        if found.covered and found.point not in answer.covered
    ]
    assert sum(bool(found.warnings) for found in false) / len(false) >= floor


@pytest.mark.parametrize("name", ANSWERS)
def test_few_points_that_were_truly_said_carry_a_warning(name: str):
    said = [
        found
        for answer in ANSWERS[name]
        if answer.kind == "honest"
        for found in hits(answer)
        if found.point in answer.covered and found.covered
    ]
    assert sum(bool(found.warnings) for found in said) / len(said) <= 0.15
