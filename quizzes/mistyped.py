"""Values that do not fit the types of `quizzes.question`, in words."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from quizzes import question
from quizzes.faults import Fault, Place, fault
from quizzes.question import Basis, Question, Text

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
    "bool": (" true 或 false", "true or false"),
    "date": ("日期", "a date"),
    "array": ("列表", "a list"),
    "object": ("键值对（键: 值）", "a mapping (name: value)"),
}
_BOTH = (" {zh: 文本, en: text}", "{zh: text, en: text}")
_QUOTE = ("加引号", "put it in quotes")
_PLAIN = ("写成 0.001 这样，不加引号", "write it like 0.001, without quotes")
_MEND = ("改好", "mend it")
_CHOICES = {
    "kind": ", ".join(str(kind.__struct_config__.tag) for kind in get_args(Question)),
    "basis": ", ".join(get_args(Basis)),
}


def _of_texts(type_: Any) -> bool:
    return type_ is Text or any(map(_of_texts, get_args(type_)))


_TEXTS = {
    field.name
    for part in vars(question).values()
    if isinstance(part, type) and issubclass(part, msgspec.Struct)
    for field in msgspec.structs.fields(part)
    if _of_texts(field.type)
}


def mistyped(error: str) -> Fault:
    """msgspec's sentence about a value, in words."""
    what, _, path = error.partition(" - at `")
    place: Place = tuple(
        int(index) if index else name for name, index in re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", path.removesuffix("`"))
    )
    zh, en = _named(place)
    if path.startswith("key` in `"):
        return fault(
            place, f"{zh}里有个键不是文本，加引号或改名", f"{en} has a name that is no text; quote or rename it"
        )
    if match := re.fullmatch(r"Object missing required field `(\w+)`", what):
        field_zh, field_en = _FIELDS.get(match[1], (f" {match[1]}", match[1]))
        return fault(place, f"{zh}没有写{field_zh}，补上", f"{en} has no {field_en}; add it")
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
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
        return _misfit(place, *match.groups())
    if (match := re.fullmatch(r"Invalid (?:enum )?value '(.*)'", what, re.DOTALL)) and place[-1] in _CHOICES:
        choices = _CHOICES[str(place[-1])]
        return fault(
            place, f"{zh}不能是 {match[1]}，只有 {choices}", f"{en} cannot be {match[1]}; choose one of {choices}"
        )
    return fault(place, f"{zh}的值不对（{what}），改好", f"the value of {en} is wrong ({what}); mend it")


def _misfit(place: Place, want: str, got: str) -> Fault:
    """A value of another type than it should be."""
    (zh, en), (want_zh, want_en) = _named(place), _TYPES.get(want, (f" {want}", want))
    got_zh, got_en = ("小数", "a fraction") if (want, got) == ("int", "float") else _TYPES.get(got, (f" {got}", got))
    remedy_zh, remedy_en = _MEND
    if want == "object" and next((name for name in reversed(place) if isinstance(name, str)), "") in _TEXTS:
        want_zh, want_en = _BOTH
    elif want == "str" and got not in ("array", "object"):
        remedy_zh, remedy_en = _QUOTE
    elif want == "float" and got == "str":
        remedy_zh, remedy_en = _PLAIN
    return fault(
        place,
        f"{zh}应当是{want_zh}，不是{got_zh}，{remedy_zh}",
        f"{en} should be {want_en}, not {got_en}; {remedy_en}",
    )


def _named(place: Place) -> tuple[str, str]:
    """What stands at a place: the question, a field, or one of a list."""
    if not place:
        return "题目", "the question"
    *before, last = place
    if isinstance(last, int):
        return _ITEMS.get(str(before[-1]), (f"{before[-1]} 的第 {last + 1} 项", f"item {last + 1} of {before[-1]}"))
    return f"{last} ", last
