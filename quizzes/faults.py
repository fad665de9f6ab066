"""What can be wrong with a question of a bank: faults as a place in the question and a sentence in both languages.

A place is the path of names and indices from the question down, such as ("options", 1, "why").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

import msgspec

from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Matching,
    Multiple,
    Numeric,
    Option,
    Ordering,
    Point,
    Predict,
    Question,
    Single,
    Text,
)

Place = tuple[str | int, ...]


class Fault(NamedTuple):
    """`message` says what is wrong and what to do."""

    place: Place
    message: Text


class Rules(NamedTuple):
    """What a question may name. `stands` says where each id stands that is taken; `topics` and `sources` are None in a
    person's own bank, where any will do; `pairings` are None where they are not known."""

    stands: dict[str, str]
    topics: Collection[str] | None
    sources: Collection[str] | None
    listings: Mapping[str, tuple[str, ...]]
    pairings: Collection[str] | None


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

NO_FILE = Text(zh="这不是普通文件，先跳过。", en="this is no ordinary file; it is left out.")
OUTSIDE = Text(
    zh="这个文件在题库文件夹之外，放进文件夹里；先跳过。",
    en="this file lies outside of the bank's folder; move it inside; it is left out.",
)


def too_large(most: int) -> Text:
    """A file that is not read."""
    return Text(
        zh=f"文件超过 {most // 1_000_000} MB，拆成几个；先跳过。",
        en=f"the file is larger than {most // 1_000_000} MB; split it; it is left out.",
    )


def no_file(why: str) -> Text:
    """A file of a bank that cannot be read."""
    return Text(
        zh=f"读不了（{why}），先跳过；改好或删掉它。", en=f"cannot be read ({why}); it is left out; mend or remove it."
    )


def no_bank(why: str) -> Text:
    """A bank that is gone or cannot be read."""
    return Text(
        zh=f"读不了（{why}）；恢复它，或用 mtl-tui bank remove 去掉这个题库。",
        en=f"cannot be read ({why}); bring it back, or take the bank out with mtl-tui bank remove.",
    )


def no_topics(why: str) -> Text:
    """A file of topics that are not names in one or both languages."""
    return Text(
        zh=f"每一行应当是 编号: {{zh: 名称, en: name}}（{why}）；主题暂用编号作名称。",
        en=f"each line should be id: {{zh: name, en: name}} ({why}); topics go by their ids meanwhile.",
    )


def listing_taken(name: str) -> Text:
    """A listing by the name of an earlier one."""
    return Text(
        zh=f"代码清单 {name} 与先前的重名，改名；先用先前的。",
        en=f"listing {name} has the name of an earlier one; rename it; the earlier one serves meanwhile.",
    )


def too_much(most: int, deepest: int) -> Text:
    """A file that is larger or nested deeper, once its aliases are written out, than questions are."""
    return Text(
        zh=f"内容展开后超过 {most} 个值，或嵌套超过 {deepest} 层，检查括号和别名；整个文件先跳过。",
        en=f"this holds more than {most} values or is nested more than {deepest} deep; check brackets and aliases; "
        "the whole file is left out.",
    )


def no_alias(name: str) -> Text:
    """An alias of nothing, or of what it stands in."""
    return Text(
        zh=f"别名 *{name} 前面没有写完的 &{name}，改好；整个文件先跳过。",
        en=f"alias *{name} has no complete &{name} before it; mend it; the whole file is left out.",
    )


def no_value(why: Text) -> Text:
    """A question with a value that YAML cannot make, or that would run code."""
    return _fault(
        (), f"这里的值读不出来（{why.zh}），加引号或改掉", f"a value cannot be read ({why.en}); quote or mend it"
    ).message


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


def faults(question: Question, rules: Rules) -> Iterator[Fault]:
    """Faults beyond types."""
    name = question.id
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        yield _fault(
            ("id",), f"编号 {name} 只能用小写字母、数字和连字符", f"id {name} may hold a-z, 0-9 and single hyphens"
        )
    if name in rules.stands:
        yield _fault(
            ("id",),
            f"编号 {name} 在 {rules.stands[name]} 已经用了，换一个",
            f"id {name} is taken in {rules.stands[name]}; choose another",
        )
    if rules.topics is not None and question.topic not in rules.topics:
        yield _fault(
            ("topic",),
            f"没有主题 {question.topic}，可用的见 reference/topics.yaml",
            f"no topic {question.topic}; reference/topics.yaml lists them",
        )
    if rules.sources is not None:
        yield from _sources(question, rules.sources)
    if rules.pairings is not None and question.pairing is not None and question.pairing not in rules.pairings:
        yield _fault(
            ("pairing",),
            f"没有对照 {question.pairing}，可用的见 mtl-tui recipes list",
            f"no pairing {question.pairing}; mtl-tui recipes list names them",
        )
    if (place := next(_control(msgspec.to_builtins(question)), None)) is not None:
        yield _fault(place, "文本里有控制字符，删掉", "a text has a control character; remove it")
    match question:
        case Single(options=options):
            yield from _one_right(options, "options")
        case Multiple(options=options):
            if not any(option.right for option in options):
                yield _fault(
                    ("options",),
                    "没有选项标了 right，多选题至少要一个",
                    "no option is marked right; a multiple choice has at least one",
                )
        case Predict(options=options):
            yield from _one_right(options, "options")
            if question.pairing is None:
                yield _fault(
                    (),
                    "预测题没有写 pairing，补上要训练的对照",
                    "a prediction has no pairing; add the one that is trained",
                )
        case Numeric():
            yield from _numbers(question)
        case Matching(pairs=pairs):
            yield from _distinct("pairs", "left", [pair.left for pair in pairs])
            yield from _distinct("pairs", "right", [pair.right for pair in pairs])
        case Ordering(items=items):
            yield from _distinct("items", "text", [item.text for item in items])
        case FreeText(points=points) | Code(points=points):
            yield from _points(points)
        case FindBug():
            yield from _wrong_lines(question, rules.listings.get(question.listing))
            if question.reasons:
                yield from _one_right(question.reasons, "reasons")
        case _:
            pass


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _control(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of texts with a control character other than tab and line end."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            yield place
    elif isinstance(value, dict | list | tuple):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _control(each, (*place, name))


def _sources(question: Question, known: Collection[str]) -> Iterator[Fault]:
    if not question.sources:
        yield _fault((), "没有写来源（sources），补上", "the question has no sources; add them")
    for index, source in enumerate(question.sources):
        if source.key not in known:
            yield _fault(
                ("sources", index, "key"),
                f"没有来源 {source.key}，先写进 reference/sources.yaml",
                f"no source {source.key}; add it to reference/sources.yaml",
            )


def _one_right(options: tuple[Option, ...], part: str) -> Iterator[Fault]:
    right = [index for index, option in enumerate(options) if option.right]
    if len(right) != 1:
        zh, en = ("选项", "options") if part == "options" else ("理由", "reasons")
        yield _fault(
            (part, *right[1:2]),
            f"有 {len(right)} 个{zh}标了 right，这里正好要一个",
            f"{len(right)} {en} are marked right; exactly one should be",
        )


def _distinct(part: str, side: str, texts: list[Text]) -> Iterator[Fault]:
    for index, text in enumerate(texts):
        if any(text.zh == earlier.zh or text.en == earlier.en for earlier in texts[:index]):
            yield _fault(
                (part, index, side),
                f"「{text.zh}」前面已经有了，要能分清",
                f'"{text.en}" stands there already; the two cannot be told apart',
            )


def _points(points: tuple[Point, ...]) -> Iterator[Fault]:
    if not any(point.must for point in points):
        yield _fault(
            ("points",),
            "要点全是加分项（must: false），至少要一个必答",
            "every point is a bonus (must: false); at least one is a must",
        )
    for index, point in enumerate(points):
        for language in ("zh", "en"):
            for phrase in getattr(point.matches, language):
                if not all(word.strip() for word in re.split(r" [+|] ", f" {phrase} ")):
                    yield _fault(
                        ("points", index, "matches"),
                        f"匹配词「{phrase}」有空的部分，+ 和 | 两边都要有词",
                        f'the phrase "{phrase}" has an empty part; + and | stand between words',
                    )


def _numbers(question: Numeric) -> Iterator[Fault]:
    if not (isfinite(question.answer) and isfinite(question.tolerance)):
        yield _fault(
            ("answer",), "答案和容差要是有限的数，改好", "answer and tolerance must be finite numbers; mend them"
        )
    for index, slip in enumerate(question.slips):
        if abs(slip.value - question.answer) <= question.tolerance:
            yield _fault(
                ("slips", index, "value"),
                f"误算值 {slip.value:g} 落在答案的容差里，会判对",
                f"the slip {slip.value:g} lies within the tolerance and would count as right",
            )


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
                    yield Fault((*place, language), Text(zh=f"「{around}」：{zh}。", en=f'"{around}": {en}.'))
        if not re.search(_HAN, entry["zh"]) and re.search(_ENGLISH_SENTENCE, entry["zh"]):
            message = Text(
                zh="中文里没有汉字，写成中文。", en="the Chinese text has no Han characters; write it in Chinese."
            )
            yield Fault((*place, "zh"), message)
    elif isinstance(entry, dict):
        for name, value in entry.items():
            yield from typography(value, (*place, name))
