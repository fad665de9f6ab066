"""Values that do not fit the types of `quizzes.question`, in words."""

from __future__ import annotations

import re
from typing import get_args

from quizzes.faults import Fault, Place, fault
from quizzes.question import Basis, Question

_ITEMS = {
    "options": ("选项", "an option"),
    "items": ("排序项", "an item"),
    "lines": ("错行", "a line"),
    "slips": ("误算", "a slip"),
    "sources": ("来源", "a source"),
}
_FIELDS = {
    "why": ("理由（why）", "reason (why)"),
    "zh": ("中文（zh）", "Chinese (zh)"),
    "en": ("英文（en）", "English (en)"),
}
_TYPES = {
    "str": ("文本", "text"),
    "int": ("整数", "a whole number"),
    "float": ("数", "a number"),
    "bool": ("true 或 false", "true or false"),
    "array": ("列表", "a list"),
    "object": ("键值对（键: 值）", "a mapping (name: value)"),
}
_CHOICES = {
    "kind": ", ".join(str(kind.__struct_config__.tag) for kind in get_args(Question)),
    "basis": ", ".join(get_args(Basis)),
}


def mistyped(error: str) -> Fault:
    """msgspec's sentence about a value, in words."""
    what, _, path = error.partition(" - at `$")
    place: Place = tuple(
        int(index) if index else name for name, index in re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", path.removesuffix("`"))
    )
    zh, en = _named(place)
    if match := re.fullmatch(r"Object missing required field `(\w+)`", what):
        field_zh, field_en = _FIELDS.get(match[1], (f" {match[1]}", match[1]))
        return fault(place, f"{zh}没有写{field_zh}，补上", f"{en} has no {field_en}; add it")
    if match := re.fullmatch(r"Object contains unknown field `([^`]+)`", what):
        name = match[1]
        return fault(
            (*place, name), f"{zh}里没有 {name} 这个键，改名或删掉", f"{en} takes no {name}; rename or remove it"
        )
    if match := re.fullmatch(r"Expected `array` of length (>=|<=) (\d+)", what):
        least, count = match[1] == ">=", match[2]
        return fault(
            place,
            f"{zh}太少，至少写 {count} 项" if least else f"{zh}太多，最多写 {count} 项",
            f"{en} are too few; write at least {count}" if least else f"{en} are too many; write at most {count}",
        )
    if match := re.fullmatch(r"Expected `(?:int|float)` (>=|<=) (\S+)", what):
        least, number = match[1] == ">=", f"{float(match[2]):g}"
        return fault(
            place,
            f"{zh}太小，至少是 {number}" if least else f"{zh}太大，最多是 {number}",
            f"{en} is too small; it is {number} or more" if least else f"{en} is too large; it is {number} or less",
        )
    if re.fullmatch(r"Expected `[^`]+`, got `(null|NoneType)`", what):
        return fault(place, f"{zh}是空的，写上", f"{en} is empty; write it")
    if match := re.fullmatch(r"Expected `([^` ]+)[^`]*`, got `([^`]+)`", what):
        (want_zh, want_en), (got_zh, got_en) = (_TYPES.get(each, (each, each)) for each in match.groups())
        return fault(
            place, f"{zh}应当是{want_zh}，不是{got_zh}，改好", f"{en} should be {want_en}, not {got_en}; mend it"
        )
    if (match := re.fullmatch(r"Invalid (?:enum )?value '(.*)'", what, re.DOTALL)) and place[-1] in _CHOICES:
        choices = _CHOICES[str(place[-1])]
        return fault(
            place, f"{zh}不能是 {match[1]}，只有 {choices}", f"{en} cannot be {match[1]}; choose one of {choices}"
        )
    return fault(place, f"{zh}的值不对（{what}），改好", f"the value of {en} is wrong ({what}); mend it")


def _named(place: Place) -> tuple[str, str]:
    """What stands at a place: the question, a field, or one of a list."""
    if not place:
        return "题目", "the question"
    *before, last = place
    if isinstance(last, int):
        return _ITEMS.get(str(before[-1]), (f"{before[-1]} 的第 {last + 1} 项", f"item {last + 1} of {before[-1]}"))
    return f"{last} ", last
