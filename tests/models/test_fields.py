"""The fields that forms and sentences read agree with what msgspec accepts."""

import math
from collections.abc import Iterator
from typing import get_type_hints

import msgspec
import pytest

from models.catalogue.features import Features
from models.catalogue.fields import Field, fields, rows
from models.catalogue.networks import Network
from models.catalogue.tasks import Tasks
from models.catalogue.weighting import Weighting
from models.recipe import Recipe, Training

UNIONS = {"tasks": Tasks, "network": Network, "weighting": Weighting}
STRUCTS = [Features, Training, *(row for union in UNIONS.values() for row in rows(union).values())]


def accepts(kind: object, value: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def numbers(field: Field) -> Iterator[int | float]:
    """Numbers at the ends of a field's bounds and next to them."""
    ends = [end for end in (field.bounds.low, field.bounds.high) if end is not None]
    for end in (*ends, 0):
        if field.kind == "integer":
            yield from (int(end) - 1, int(end), int(end) + 1)
        else:
            yield from (math.nextafter(end, -math.inf), float(end), math.nextafter(end, math.inf))


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_bounds_choices_and_defaults_are_those_that_msgspec_enforces(struct) -> None:
    hints = get_type_hints(struct, include_extras=True)
    for field in fields(struct):
        kind, wrap = hints[field.name], tuple if field.many == "list" else lambda values: values[0]
        if field.many != "map" and field.kind in ("integer", "number") and field.shortest <= 1:
            for number in numbers(field):
                assert field.bounds.hold(number) == accepts(kind, wrap([number])), (field, number)
        if field.many != "map" and field.kind == "choice":
            assert all(accepts(kind, wrap([choice])) for choice in field.choices)
            assert not accepts(kind, wrap(["none of these"])) and len(set(field.choices)) == len(field.choices) > 1
        if field.many == "list" and field.longest is not None and field.kind == "integer":
            one = int(field.bounds.low)
            for length in range(field.longest + 2):
                assert accepts(kind, [one] * length) == (field.shortest <= length <= field.longest)
        if field.default is not msgspec.NODEFAULT:
            assert accepts(kind, msgspec.to_builtins(field.default)), field
        assert field.takes.zh and field.takes.en


@pytest.mark.parametrize("union", UNIONS)
def test_the_rows_of_a_union_are_the_names_that_a_recipe_may_pick(union: str) -> None:
    struct = Recipe if union != "weighting" else Training
    field = next(field for field in fields(struct) if field.name == union)
    assert field.kind == "row" and field.choices == tuple(rows(UNIONS[union])) and len(field.choices) >= 10


@pytest.mark.parametrize(
    ("struct", "field", "en", "zh"),
    [
        (Training, "batch", "a whole number from 1 up to 65536", "1 到 65536 的整数"),
        (Training, "learning_rate", "a number above 0 up to 100", "大于 0、不大于 100 的数"),
        (Training, "optimizer", "adam, adamw or sgd", "adam、adamw 或 sgd"),
        (rows(Tasks)["table"], "path", "words, such as clicks.csv", "文字，例如 clicks.csv"),
        (rows(Weighting)["cagrad"], "c", "a number from 0 below 1", "不小于 0、小于 1 的数"),
        (
            rows(Network)["mmoe"],
            "expert",
            "1 to 6 with commas, each a whole number from 1 up to 1024",
            "1 到 6 项，用逗号分开，每项：1 到 1024 的整数",
        ),
    ],
)
def test_what_a_field_takes_is_said_in_words(struct, field: str, en: str, zh: str) -> None:
    takes = next(each for each in fields(struct) if each.name == field).takes
    assert (takes.en, takes.zh) == (en, zh)


def test_a_field_that_no_form_could_show_is_refused() -> None:
    class Odd(msgspec.Struct):
        when: bytes

    with pytest.raises(TypeError, match="when is a"):
        fields(Odd)
