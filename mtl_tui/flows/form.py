"""A recipe being edited: its settings in four steps, what each may be, and what changing it does. No widgets."""

from __future__ import annotations

import difflib
import inspect
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from models.catalogue import name as name_of
from models.catalogue.fields import Field, fields
from models.catalogue.row import Row
from models.recipe import Recipe
from models.recipes import RecipeError, dumps, override
from mtl_tui.flows.turning import turned
from mtl_tui.locale import later, pick, say

STEPS = {
    "tasks": later("1 Tasks: which rows and labels"),
    "features": later("2 Features: what the network sees of them"),
    "network": later("3 Network: what is trained"),
    "training": later("4 Training: how its parameters are moved"),
}
PRESET = "preset"
PRESET_MEANS = later("settings that belong together")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Setting(NamedTuple):
    """One setting of the recipe: `key` is the dotted name that an override takes.

    `row` is the row of the catalogue that is chosen here or that the setting belongs to, None for a setting of the step
    itself; `level` says how deep it stands in its step.
    """

    key: str
    field: Field
    value: Any
    row: Row | None = None
    level: int = 0

    @property
    def picks(self) -> bool:
        """It picks a row of the catalogue, which brings settings of its own."""
        return self.field.kind == "row" and not self.field.many

    @property
    def is_preset(self) -> bool:
        """It stands for several settings of its row that belong together."""
        return self.field.name == PRESET

    @property
    def turns(self) -> bool:
        """It has a next value: it is a switch, a number, or one of several words."""
        if self.field.many or self.field.kind in ("words", "settings"):
            return False
        return self.value is not None or self.field.kind not in ("integer", "number")


class Form:
    """Edits a recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = self._kept = recipe

    @property
    def changed(self) -> bool:
        """Something differs from the recipe as it was opened, or last written."""
        return self.recipe != self._kept

    @property
    def text(self) -> str:
        """The recipe in TOML."""
        return dumps(self.recipe)

    def kept(self) -> None:
        """The recipe as it is now stands in a file."""
        self._kept = self.recipe

    def steps(self) -> dict[str, list[Setting]]:
        """Every setting of the recipe as it is now, by step."""
        return _steps(self.recipe)

    def changes(self) -> list[tuple[Setting, Setting | None]]:
        """The settings that differ from what was opened or last written, and what they were; None for a new one."""
        before = {each.key: each for step in _steps(self._kept).values() for each in step}
        now = [(each, before.get(each.key)) for step in self.steps().values() for each in step if not each.is_preset]
        return [(each, was) for each, was in now if was is None or was.value != each.value]

    def set(self, setting: Setting, text: str) -> str:
        """Give a setting the value that a text says; if it cannot have it a sentence says why, and nothing changes.

        Another row of the catalogue brings its own settings; the one that is picked already keeps those it has.
        """
        if setting.picks and text == setting.value:
            return ""
        changes = {f"{setting.key}.name" if setting.picks else setting.key: text}
        if setting.is_preset and setting.row is not None:
            section = setting.key.removesuffix(f".{PRESET}")
            changes = {f"{section}.{name}": written(value) for name, value in setting.row.presets[text].items()}
        try:
            self.recipe = override(self.recipe, changes)
        except RecipeError:
            return _refusal(setting.field, text)
        return ""

    def turn(self, setting: Setting, by: int) -> None:
        """Go to the next value (by 1) or the one before (-1): of words round in a ring, of numbers up to a bound."""
        if not setting.turns:
            return
        if setting.field.kind in ("integer", "number"):
            self.set(setting, written(turned(setting.field, setting.value, by)))
            return
        choices = ("false", "true") if setting.field.kind == "flag" else setting.field.choices
        now = written(setting.value)
        start = choices.index(now) if now in choices else -1 if by > 0 else 0
        self.set(setting, choices[(start + by) % len(choices)])


def written(value: Any) -> str:
    """A value as it is typed: lists with commas, and what needs them with the brackets of TOML."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value).removesuffix(".0")
        case str():
            return value
        case tuple() if all(isinstance(each, int | float | str) and "," not in str(each) for each in value):
            return ", ".join(map(written, value))
        case dict() if not any(mark in str(each) for pair in value.items() for each in pair for mark in ",="):
            return ", ".join(f"{name} = {each}" for name, each in value.items())
        case _:
            return _inline(msgspec.to_builtins(value))


def shown(setting: Setting) -> str:
    """A value as it is read in the present language."""
    if isinstance(setting.value, bool):
        return say("yes") if setting.value else say("no")
    if setting.is_preset and setting.value is None:
        return say("none of them")
    return written(setting.value) or say("empty")


def glossed(setting: Setting) -> str:
    """A value as it is read, and beside a word of a recipe what it means, where the present language says that."""
    value, key = shown(setting), f"{setting.field.name}: {setting.value}"
    meaning = say(key)
    return value if meaning in (key, value) else say("{value} ({meaning})", value=value, meaning=meaning)


def label(setting: Setting) -> str:
    """The name of a setting, as TOML has it."""
    return say("preset") if setting.is_preset else setting.field.name


def meaning(row: type[Row]) -> str:
    """What a row of the catalogue is, in English: the first paragraph of its description on one line."""
    return " ".join((inspect.getdoc(row) or "").partition("\n\n")[0].split())


def _steps(recipe: Recipe) -> dict[str, list[Setting]]:
    found = {field.name: field for field in fields(Recipe)}
    return {step: list(_settings(step, found[step], getattr(recipe, step))) for step in STEPS}


def _settings(key: str, field: Field, value: Any, row: Row | None = None, level: int = 0) -> Iterator[Setting]:
    if field.kind == "row" and not field.many:
        yield Setting(key, field, name_of(value), value, level)
        row, level = value, level + 1
        if value.presets:
            preset = Field(PRESET, "choice", None, PRESET_MEANS, choices=tuple(value.presets))
            yield Setting(f"{key}.{PRESET}", preset, _preset(value), value, level)
    elif field.kind != "settings" or field.many:
        yield Setting(key, field, value, row, level)
        return
    inside: type[Struct] = type(value)
    for inner in fields(inside):
        yield from _settings(f"{key}.{inner.name}", inner, getattr(value, inner.name), row, level)


def _preset(row: Row) -> str | None:
    """The name of the preset whose settings the row has."""
    has = msgspec.structs.asdict(row)
    return next((name for name, preset in row.presets.items() if preset.items() <= has.items()), None)


def _refusal(field: Field, text: str) -> str:
    near = [] if field.many else difflib.get_close_matches(text, field.choices, n=1)
    if near:
        return say("{name} cannot be {value}; is {near} meant?", name=field.name, value=text, near=near[0])
    value = text or say("empty")
    return say("{name} cannot be {value}; it takes {what}.", name=field.name, value=value, what=pick(field.takes))


def _inline(tree: Any) -> str:
    """A value of TOML on one line."""
    match tree:
        case dict():
            return f"{{{', '.join(f'{_key(key)} = {_inline(value)}' for key, value in tree.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_inline, tree))}]"
        case str():
            return json.dumps(tree, ensure_ascii=False)
        case _:
            return written(tree)


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
