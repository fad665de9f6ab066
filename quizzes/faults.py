"""What can be wrong with a question of a bank: faults as a place in the question and a sentence in both languages.

A place is the path of names and indices from the question down, such as ("options", 1, "why").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from quizzes.question import FindBug, Numeric, Question, Single, Text

Place = tuple[str | int, ...]


class Fault(NamedTuple):
    """`message` says what is wrong and what to do."""

    place: Place
    message: Text


def _fault(place: Place, zh: str, en: str) -> Fault:
    return Fault(place, Text(zh=f"{zh}；这题先跳过。", en=f"{en}; this question is left out."))


def not_yaml(why: str) -> Text:
    """A file that cannot be read at all."""
    return Text(
        zh=f"这里不是合法的 YAML（{why}），改好缩进、引号或编码；整个文件先跳过。",
        en=f"this is not valid YAML ({why}); mend the indentation, quotes or encoding; the whole file is left out.",
    )


NO_LIST = Text(
    zh="文件应当只有一个键 questions:，下面是题的列表；整个文件先跳过。",
    en="a bank file holds one key, questions:, with a list below it; the whole file is left out.",
)

_PARTS = {
    "options": ("选项", "an option"),
    "items": ("排序项", "an item"),
    "lines": ("错行", "a line"),
    "slips": ("误算", "a slip"),
    "sources": ("来源", "a source"),
    "usual": ("常见误答", "the usual wrong answer"),
}
_FIELDS = {
    "why": ("理由（why）", "reason (why)"),
    "zh": ("中文（zh）", "Chinese (zh)"),
    "en": ("英文（en）", "English (en)"),
}


def mistyped(error: str) -> Fault:
    """msgspec's sentence about a value that does not fit the types of `quizzes.question`."""
    what, _, path = error.partition(" - at `$")
    place: Place = tuple(
        int(index) if index else name for name, index in re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", path.removesuffix("`"))
    )
    part = next((name for name in reversed(place) if isinstance(name, str)), None)
    zh, en = ("题目", "the question") if part is None else _PARTS.get(part, (f" {part} ", part))
    if match := re.fullmatch(r"Object missing required field `(\w+)`", what):
        field_zh, field_en = _FIELDS.get(match[1], (f" {match[1]}", match[1]))
        return _fault(place, f"{zh}没有写{field_zh}，补上".strip(), f"{en} has no {field_en}; add it")
    if match := re.fullmatch(r"Object contains unknown field `([^`]+)`", what):
        name = match[1]
        return _fault(
            (*place, name),
            f"{zh}里没有 {name} 这个键，改名或删掉".strip(),
            f"{en} takes no {name}; rename or remove it",
        )
    return _fault(
        place, f"{zh}的值不对（{what}），改成要求的类型".strip(), f"the value of {en} is wrong ({what}); mend it"
    )


def twice(name: str) -> Text:
    """A name that stands twice in one mapping: YAML would silently keep the last."""
    return _fault((), f"{name} 写了两次，删掉一个", f"{name} stands twice; remove one").message


def faults(
    question: Question,
    taken: Collection[str],
    topics: Collection[str],
    sources: Collection[str],
    listings: Mapping[str, tuple[str, ...]],
) -> Iterator[Fault]:
    """Faults beyond types; `taken` are the ids of the questions before it."""
    name = question.id
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        yield _fault(
            ("id",), f"编号 {name} 只能用小写字母、数字和连字符", f"id {name} may hold a-z, 0-9 and single hyphens"
        )
    if name in taken:
        yield _fault(
            ("id",), f"编号 {name} 前面已经用了，换一个", f"id {name} is taken by an earlier question; choose another"
        )
    if question.topic not in topics:
        yield _fault(
            ("topic",),
            f"没有主题 {question.topic}，可用的见 reference/topics.yaml",
            f"no topic {question.topic}; reference/topics.yaml lists them",
        )
    for index, source in enumerate(question.sources):
        if source.key not in sources:
            yield _fault(
                ("sources", index, "key"),
                f"没有来源 {source.key}，先写进 reference/sources.yaml",
                f"no source {source.key}; add it to reference/sources.yaml",
            )
    match question:
        case Single(options=options):
            right = [index for index, option in enumerate(options) if option.right]
            if len(right) != 1:
                yield _fault(
                    ("options", *right[1:2]),
                    f"有 {len(right)} 个选项标了 right，单选题正好要一个",
                    f"{len(right)} options are marked right; a single choice has exactly one",
                )
        case Numeric():
            for index, slip in enumerate(question.slips):
                if abs(slip.value - question.answer) <= question.tolerance:
                    yield _fault(
                        ("slips", index, "value"),
                        f"误算值 {slip.value:g} 落在答案的容差里，会判对",
                        f"the slip {slip.value:g} lies within the tolerance and would count as right",
                    )
        case FindBug():
            yield from _wrong_lines(question, listings.get(question.listing))
        case _:
            pass


def _wrong_lines(question: FindBug, listing: tuple[str, ...] | None) -> Iterator[Fault]:
    if listing is None:
        name = question.listing
        yield _fault(("listing",), f"没有代码清单 {name}，放进 listings/", f"no listing {name}; put it into listings/")
        return
    if not any(line.right for line in question.lines):
        yield _fault(
            ("lines",),
            "没有一行标了 right，标出题干问的那行",
            "no line is marked right; mark the one that the stem asks for",
        )
    for index, line in enumerate(question.lines):
        place = ("lines", index, "line")
        if not 1 <= line.line <= len(listing):
            yield _fault(
                place,
                f"{question.listing} 只有 {len(listing)} 行，没有第 {line.line} 行",
                f"{question.listing} has {len(listing)} lines, there is no line {line.line}",
            )
        if line.line in [earlier.line for earlier in question.lines[:index]]:
            yield _fault(place, f"第 {line.line} 行写了两次，合成一条", f"line {line.line} stands twice; make it one")


Rule = tuple[str, str, str]
_HAN = "[一-鿿]"


def _rule(pattern: str, zh: str, en: str) -> Rule:
    return pattern.replace("汉", _HAN), zh, en


_BOTH = [
    _rule(r"^\s*$", "文本是空的，补上", "the text is empty; write it"),
    _rule(r"^\s|\s$", "首尾有空白，多行文本用 >- 或 |-", "a blank at the start or end; write block text with >- or |-"),
    _rule(r"\d%", "百分号前缺一个空格", "a blank is missing before the per-cent sign"),
]
_CHINESE = [
    *_BOTH,
    _rule(r"汉[\da-zA-Z]|[\da-zA-Z]汉", "汉字与字母、数字之间缺一个空格", "a blank is missing beside Latin or digits"),
    _rule(
        r"汉 ?[,;:!?]|[,;:!?] ?汉|汉\.(?:\s|汉|$)|汉\(",
        "汉字旁边用了半角标点，换成全角",
        "half-width punctuation beside Han",
    ),
    _rule(r"""汉["']|["']汉|[「」『』]""", "引号要用 “ ”", "quotes are written “ ”"),
    _rule(r"汉\s+汉", "汉字之间有空白，可能是 YAML 折行带进来的", "a blank between Han, perhaps from folding in YAML"),
]
_ENGLISH_SENTENCE = r"(?:\b[A-Za-z]{2,} ){2}[A-Za-z]{2,}\b"


def typography(entry: Any, place: Place = ()) -> Iterator[Fault]:
    """Faults of the words in every `{zh, en}` below a question as YAML gave it; they leave no question out."""
    if isinstance(entry, list):
        for index, value in enumerate(entry):
            yield from typography(value, (*place, index))
    elif isinstance(entry, dict) and entry.keys() == {"zh", "en"} and isinstance(entry["zh"], str):
        for language, rules in [("zh", _CHINESE), ("en", _BOTH)]:
            for rule, zh, en in rules:
                if match := re.search(rule, entry[language]):
                    around = entry[language][max(0, match.start() - 6) : match.end() + 6].strip()
                    yield Fault((*place, language), Text(zh=f"“{around}”：{zh}。", en=f'"{around}": {en}.'))
        if not re.search(_HAN, entry["zh"]) and re.search(_ENGLISH_SENTENCE, entry["zh"]):
            message = Text(
                zh="中文里没有汉字，写成中文。", en="the Chinese text has no Han characters; write it in Chinese."
            )
            yield Fault((*place, "zh"), message)
    elif isinstance(entry, dict):
        for name, value in entry.items():
            yield from typography(value, (*place, name))
