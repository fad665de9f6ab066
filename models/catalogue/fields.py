"""What a recipe can set, field by field, as a form and an error sentence need it: kind, bounds, default, meaning."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from models.catalogue.row import Row
from models.events import Text

Kind = Literal["integer", "number", "flag", "choice", "words", "row", "settings"]


class Bounds(NamedTuple):
    """Where a number may lie; None is no bound, and an open end is itself no value."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False

    def hold(self, number: float) -> bool:
        """The number lies within."""
        above = self.low is None or (number > self.low if self.low_open else number >= self.low)
        return above and (self.high is None or (number < self.high if self.high_open else number <= self.high))


class Field(NamedTuple):
    """One setting of a row or a step.

    `kind` is that of the value, or of each value where `many` is "list" or "map" (name to value); `shortest` and
    `longest` bound the length of a list. `choices` are the words that a choice may be, the names of the `rows` of a
    union, or the keys of a table of settings. `default` is `msgspec.NODEFAULT` where a value must be given; `optional`
    values may be None. `example` is a value that words may have, empty where they need none.
    """

    name: str
    kind: Kind
    default: Any
    description: str = ""
    many: Literal["", "list", "map"] = ""
    bounds: Bounds = Bounds()
    choices: tuple[str, ...] = ()
    shortest: int = 0
    longest: int | None = None
    optional: bool = False
    rows: tuple[type[Row], ...] = ()
    example: str = ""

    @property
    def takes(self) -> Text:
        """What a value must be, in words: "a whole number from 2 up to 64"."""
        one = self._one()
        if self.many == "map":
            one = Text(f"用逗号分开的若干「名称 = 值」，值：{one.zh}", f"name = value with commas, each value {one.en}")
        elif self.many == "list" and self.longest is not None:
            one = Text(
                f"{self.shortest} 到 {self.longest} 项，用逗号分开，每项：{one.zh}",
                f"{self.shortest} to {self.longest} with commas, each {one.en}",
            )
        elif self.many == "list":
            one = Text(f"若干项，用逗号分开，每项：{one.zh}", f"a list with commas, each {one.en}")
        return Text(f"{one.zh}，可以空着", f"{one.en}, or nothing") if self.optional else one

    def _one(self) -> Text:
        match self.kind:
            case "integer" | "number":
                return _number(self.kind, self.bounds)
            case "flag":
                return Text("true 或 false", "true or false")
            case "choice" | "row":
                return Text(listed(self.choices, "、", " 或 "), listed(self.choices))
            case "words" if self.example:
                return Text(f"文字，例如 {self.example}", f"words, such as {self.example}")
            case "words":
                return Text("文字", "words")
            case "settings":
                inside = ", ".join(f"{name} = ..." for name in self.choices)
                return Text(f"一个表 {{{inside}}}", f"a table {{{inside}}}")


@cache
def fields(struct: type[Struct]) -> tuple[Field, ...]:
    """The fields of a row of the catalogue, of a step, or of a whole recipe, in their order there.

    Raises TypeError for a field whose type has no place in a form.
    """
    return tuple(_field(each) for each in msgspec.structs.fields(struct))


def rows(union: Any) -> dict[str, type[Row]]:
    """The rows of a union of the catalogue, by the name that picks each."""
    return {str(row.__struct_config__.tag): row for row in get_args(union)}


def listed(words: tuple[str, ...], comma: str = ", ", last: str = " or ") -> str:
    """Words as a list in a sentence."""
    return last.join(part for part in (comma.join(words[:-1]), words[-1]) if part)


def _field(info: msgspec.structs.FieldInfo) -> Field:
    kind, meta = _bare(info.type)
    default = info.default_factory() if info.default_factory is not NODEFAULT else info.default
    example = next(iter(meta.get("examples", ())), "")
    field = Field(info.name, "words", default, description=meta.get("description", ""), example=str(example))
    inner = [each for each in get_args(kind) if each is not type(None)]
    if _is_union(kind) and len(inner) < len(get_args(kind)):
        field = field._replace(optional=True)
        kind, more = _bare(inner[0] if len(inner) == 1 else Union[tuple(inner)])  # noqa: UP007
        meta = more | meta
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (tuple, list):
        field = field._replace(many="list", shortest=meta.get("min_length", 0), longest=meta.get("max_length"))
        kind, meta = _bare(arguments[0])
    elif origin is dict:
        field = field._replace(many="map")
        kind, meta = _bare(arguments[1])
    return _typed(field, kind, meta)


def _typed(field: Field, kind: Any, meta: dict[str, Any]) -> Field:
    """The field with what the bare type of its value, or of each of its values, says."""
    if _is_union(kind):
        return field._replace(kind="row", choices=tuple(rows(kind)), rows=get_args(kind))
    if get_origin(kind) is Literal:
        return field._replace(kind="choice", choices=tuple(str(value) for value in get_args(kind)))
    if kind is bool:
        return field._replace(kind="flag")
    if kind in (int, float):
        low_open, high_open = "gt" in meta, "lt" in meta
        bounds = Bounds(meta.get("gt", meta.get("ge")), meta.get("lt", meta.get("le")), low_open, high_open)
        return field._replace(kind="integer" if kind is int else "number", bounds=bounds)
    if kind is str:
        return field
    if isinstance(kind, type) and issubclass(kind, Struct):
        return field._replace(kind="settings", choices=kind.__struct_fields__)
    raise TypeError(f"{field.name} is a {kind}: no form can show it")


def _bare(kind: Any) -> tuple[Any, dict[str, Any]]:
    """A type without its annotations, and what they say."""
    if get_origin(kind) is not Annotated:
        return kind, {}
    kind, *notes = get_args(kind)
    named = ("ge", "gt", "le", "lt", "min_length", "max_length", "description", "examples")
    said = {
        name: value
        for note in notes
        if isinstance(note, Meta)
        for name in named
        if (value := getattr(note, name)) is not None
    }
    return kind, said


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _number(kind: Kind, bounds: Bounds) -> Text:
    low, high = (None if end is None else f"{end:.12g}" for end in (bounds.low, bounds.high))
    en = ["a whole number" if kind == "integer" else "a number"]
    en += [f"{'above' if bounds.low_open else 'from'} {low}"] if low else []
    en += [f"{'below' if bounds.high_open else 'up to'} {high}"] if high else []
    if low and high and not (bounds.low_open or bounds.high_open):
        zh = f"{low} 到 {high} 的"
    else:
        ends = [f"{'大于' if bounds.low_open else '不小于'} {low}"] if low else []
        ends += [f"{'小于' if bounds.high_open else '不大于'} {high}"] if high else []
        zh = "、".join(ends) + (" 的" if ends else "")
    return Text(zh + ("整数" if kind == "integer" else "数"), " ".join(en))
