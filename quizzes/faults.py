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
    """`message` says what is wrong and what to do; for the end of its sentence see `leaving_out` and `of_draft`."""

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


def fault(place: Place, zh: str, en: str) -> Fault:
    """A fault by its words in both languages."""
    return Fault(place, Text(zh=zh, en=en))


def leaving_out(message: Text) -> Text:
    """A fault as it is told of a question that is not loaded."""
    return Text(zh=f"{message.zh}；这题先跳过。", en=f"{message.en}; this question is left out.")


def of_draft(message: Text) -> Text:
    """A fault as it is told of a draft, which may have some."""
    return Text(zh=f"{message.zh}；写完前是草稿。", en=f"{message.en}; till then it is a draft.")


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


NO_TOPICS = Text(
    zh="每一行应当是 编号: {zh: 名称, en: name}；主题暂用编号作名称。",
    en="each line should be id: {zh: name, en: name}; topics go by their ids meanwhile.",
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
    return fault(
        (), f"这里的值读不出来（{why.zh}），加引号或改掉", f"a value cannot be read ({why.en}); quote or mend it"
    ).message


def twice(name: str) -> Text:
    """A name that stands twice in one mapping: YAML would silently keep the last."""
    return fault((), f"{name} 写了两次，删掉一个", f"{name} stands twice; remove one").message


def unknowable(id: str, rules: Rules) -> Iterator[Fault]:
    """What is wrong with an id."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        yield fault(("id",), f"编号 {id} 只能用小写字母、数字和连字符", f"id {id} may hold a-z, 0-9 and single hyphens")
    if id in rules.stands:
        yield fault(
            ("id",),
            f"编号 {id} 在 {rules.stands[id]} 已经用了，换一个",
            f"id {id} is taken in {rules.stands[id]}; choose another",
        )


def faults(question: Question, rules: Rules) -> Iterator[Fault]:
    """Faults beyond types."""
    yield from unknowable(question.id, rules)
    if not question.topic.strip():
        yield fault(("topic",), "topic 是空的，写上主题", "topic is blank; name one")
    elif rules.topics is not None and question.topic not in rules.topics:
        yield fault(
            ("topic",),
            f"没有主题 {question.topic}，可用的见 reference/topics.yaml",
            f"no topic {question.topic}; reference/topics.yaml lists them",
        )
    if rules.sources is not None:
        yield from _sources(question, rules.sources)
    if rules.pairings is not None and question.pairing is not None and question.pairing not in rules.pairings:
        yield fault(
            ("pairing",),
            f"没有对照 {question.pairing}，可用的见 mtl-tui recipes list",
            f"no pairing {question.pairing}; mtl-tui recipes list names them",
        )
    if (wrong := next(_wrong_texts(msgspec.to_builtins(question)), None)) is not None:
        yield wrong
    match question:
        case Single(options=options):
            yield from _one_right(options, "options")
            yield from _distinct("options", "text", [option.text for option in options])
        case Multiple(options=options):
            yield from _distinct("options", "text", [option.text for option in options])
            if not any(option.right for option in options):
                yield fault(
                    ("options",),
                    "没有选项标了 right，多选题至少要一个",
                    "no option is marked right; a multiple choice has at least one",
                )
        case Predict(options=options):
            yield from _one_right(options, "options")
            yield from _distinct("options", "text", [option.text for option in options])
            if question.pairing is None:
                yield fault(
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
            if isinstance(question, Code) and not question.reference.strip():
                yield fault(
                    ("reference",), "reference 是空的，写上参考代码", "reference is blank; write code that does it"
                )
        case FindBug():
            yield from _wrong_lines(question, rules.listings.get(question.listing))
            if question.reasons:
                yield from _one_right(question.reasons, "reasons")
                yield from _distinct("reasons", "text", [reason.text for reason in question.reasons])
        case _:
            pass


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _wrong_texts(value: Any, place: Place = ()) -> Iterator[Fault]:
    """Texts that are blank, or have a control character other than tab and line end."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            yield fault(place, "文本里有控制字符，删掉", "a text has a control character; remove it")
        elif place[-1] in ("zh", "en") and not value.strip():
            yield fault(place, "文本是空的，写上或删掉这个键", "a text is blank; write it or remove its name")
    elif isinstance(value, dict | list | tuple):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _wrong_texts(each, (*place, name))


def _sources(question: Question, known: Collection[str]) -> Iterator[Fault]:
    if not question.sources:
        yield fault((), "没有写来源（sources），补上", "the question has no sources; add them")
    for index, source in enumerate(question.sources):
        if source.key not in known:
            yield fault(
                ("sources", index, "key"),
                f"没有来源 {source.key}，先写进 reference/sources.yaml",
                f"no source {source.key}; add it to reference/sources.yaml",
            )


def _one_right(options: tuple[Option, ...], part: str) -> Iterator[Fault]:
    right = [index for index, option in enumerate(options) if option.right]
    if len(right) != 1:
        zh, en = ("选项", "options") if part == "options" else ("理由", "reasons")
        yield fault(
            (part, *right[1:2]),
            f"有 {len(right)} 个{zh}标了 right，这里正好要一个",
            f"{len(right)} {en} are marked right; exactly one should be",
        )


def _distinct(part: str, side: str, texts: list[Text]) -> Iterator[Fault]:
    for index, text in enumerate(texts):
        again = [said for earlier in texts[:index] for said in (text.zh, text.en) if said in (earlier.zh, earlier.en)]
        if again:
            yield fault(
                (part, index, side),
                f"「{again[0]}」前面已经有了，要能分清",
                f'"{again[0]}" stands there already; the two cannot be told apart',
            )


def _points(points: tuple[Point, ...]) -> Iterator[Fault]:
    if not any(point.must for point in points):
        yield fault(
            ("points",),
            "要点全是加分项（must: false），至少要一个必答",
            "every point is a bonus (must: false); at least one is a must",
        )
    for index, point in enumerate(points):
        for language in ("zh", "en"):
            for phrase in getattr(point.matches, language):
                if not all(word.strip() for word in re.split(r" [+|] ", f" {phrase} ")):
                    yield fault(
                        ("points", index, "matches"),
                        f"匹配词「{phrase}」有空的部分，+ 和 | 两边都要有词",
                        f'the phrase "{phrase}" has an empty part; + and | stand between words',
                    )


def _numbers(question: Numeric) -> Iterator[Fault]:
    if not (isfinite(question.answer) and isfinite(question.tolerance)):
        yield fault(
            ("answer",), "答案和容差要是有限的数，改好", "answer and tolerance must be finite numbers; mend them"
        )
    for index, slip in enumerate(question.slips):
        if not isfinite(slip.value):
            yield fault(
                ("slips", index, "value"),
                "误算值要是有限的数，改好",
                "the value of a slip must be a finite number; mend it",
            )
        if abs(slip.value - question.answer) <= question.tolerance:
            yield fault(
                ("slips", index, "value"),
                f"误算值 {slip.value:g} 落在答案的容差里，会判对",
                f"the slip {slip.value:g} lies within the tolerance and would count as right",
            )


def _wrong_lines(question: FindBug, listing: tuple[str, ...] | None) -> Iterator[Fault]:
    if listing is None:
        name = question.listing
        yield fault(("listing",), f"没有代码清单 {name}，放进 listings/", f"no listing {name}; put it into listings/")
        return
    if not any(line.right for line in question.lines):
        yield fault(
            ("lines",),
            "没有一行标了 right，标出题干问的那行",
            "no line is marked right; mark the one that the stem asks for",
        )
    for index, line in enumerate(question.lines):
        place = ("lines", index, "line")
        if not 1 <= line.line <= len(listing):
            yield fault(
                place,
                f"{question.listing} 只有 {len(listing)} 行，没有第 {line.line} 行",
                f"{question.listing} has {len(listing)} lines, there is no line {line.line}",
            )
        if line.line in [earlier.line for earlier in question.lines[:index]]:
            yield fault(place, f"第 {line.line} 行写了两次，合成一条", f"line {line.line} stands twice; make it one")
