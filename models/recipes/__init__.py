"""The recipes that come with the program, and what a person does with one: load, change a setting, write, read.

No torch, no numpy.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from msgspec import inspect

from models.events import Text
from models.recipe import Recipe, RecipeError
from models.recipes import (
    adult,
    entire_space,
    experts,
    few_labels,
    gradients,
    listing1,
    listing2,
    measuring,
    softmax_twice,
    sparse_labels,
    weighting,
)

__all__ = ["RECIPES", "TITLES", "RecipeError", "dumps", "load", "loads", "override"]

_SHIPPED = {
    **adult.RECIPES,
    **listing1.RECIPES,
    **softmax_twice.RECIPES,
    **listing2.RECIPES,
    **measuring.RECIPES,
    **sparse_labels.RECIPES,
    **experts.RECIPES,
    **gradients.RECIPES,
    **weighting.RECIPES,
    **few_labels.RECIPES,
    **entire_space.RECIPES,
}
RECIPES: dict[str, Recipe] = {name: recipe for name, (_, recipe) in _SHIPPED.items()}
TITLES: dict[str, Text] = {name: title for name, (title, _) in _SHIPPED.items()}


def load(name: str) -> Recipe:
    """A shipped recipe by name, or one from a `.toml` file by path. Raises RecipeError."""
    if name in RECIPES:
        return RECIPES[name]
    if not name.endswith(".toml"):
        raise RecipeError(f"No recipe named {name};{_nearest(name, RECIPES)} mtl-tui recipes list shows all.")
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise RecipeError(f"{name} cannot be read ({reason}); name a recipe or another file.") from error
    return loads(text, name)


def loads(text: str, source: str = "recipe.toml") -> Recipe:
    """A recipe from TOML; `source` is named in errors. Raises RecipeError."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{source} is not TOML: {error}; correct it there.") from error
    try:
        return _finite(msgspec.convert(tree, Recipe))
    except msgspec.ValidationError as error:
        reason = str(error).replace("`", "").replace("$.", "")
        raise RecipeError(f"{source}: {reason[0].lower()}{reason[1:]}; correct it there.") from error


def dumps(recipe: Recipe) -> str:
    """The recipe as TOML, every setting written out."""
    return tomli_w.dumps(_tree(recipe))


def override(recipe: Recipe, settings: Mapping[str, str]) -> Recipe:
    """The recipe with some settings changed: dotted key to text, as `--set training.learning_rate=0.01` gives them.

    Lists are written with commas. `tasks.name` and `network.name` are taken first and bring their own defaults.
    Raises RecipeError for the first key or value that does not fit.
    """
    for key in sorted(settings, key=lambda key: not key.endswith(".name")):
        recipe = _set(recipe, key, settings[key].strip())
    return recipe


def _set(recipe: Recipe, key: str, text: str) -> Recipe:
    tree = _tree(recipe)
    keys = dict(_leaves(tree))
    if key not in keys:
        section = key.partition(".")[0]
        there = f"{section} has {', '.join(tree[section])}." if section in tree else f"it has {', '.join(tree)}."
        raise RecipeError(f"No setting {key} in this recipe;{_nearest(key, keys)} {there}")
    section, _, field = key.partition(".")
    if field == "name":
        tree[section] = {"name": text}
    elif isinstance(keys[key], tuple):
        tree[section][field] = [part.strip() for part in text.split(",") if part.strip()]
    else:
        tree[section][field] = text
    try:
        return _finite(msgspec.convert(tree, Recipe, strict=False))
    except msgspec.ValidationError as error:
        choices, wanted = _expected(recipe, section, field)
        raise RecipeError(f"{key} cannot be {text or 'empty'};{_nearest(text, choices)} it takes {wanted}.") from error


def _tree(recipe: Recipe) -> dict[str, Any]:
    tree: dict[str, Any] = msgspec.to_builtins(recipe)
    return tree


def _finite(recipe: Recipe) -> Recipe:
    """The recipe, unless a number in it is NaN or infinite, which bounds alone let through."""
    for key, value in _leaves(_tree(recipe)):
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, float) and not math.isfinite(number):
                raise msgspec.ValidationError(f"{key} is {number}")
    return recipe


def _leaves(tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, fields in tree.items():
        for field, value in fields.items():
            yield f"{section}.{field}", value


def _nearest(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f" did you mean {close[0]}?" if close else ""


def _expected(recipe: Recipe, section: str, field: str) -> tuple[tuple[str, ...], str]:
    """The words that a setting may be (empty for numbers), and what it takes, said in words."""
    if field == "name":
        names = _names(section)
        return names, _listed(names)
    info = inspect.type_info(type(getattr(recipe, section)))
    assert isinstance(info, inspect.StructType)
    kind = next(item.type for item in info.fields if item.encode_name == field)
    many = ""
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.VarTupleType):
        shortest = f"{kind.min_length} to " if kind.min_length else "at most "
        many = "" if kind.max_length is None else f"{shortest}{kind.max_length} of: "
        kind = kind.item_type
        many = many or "a list of: "
    if isinstance(kind, inspect.LiteralType):
        words = tuple(str(value) for value in kind.values)
        return words, many + _listed(words)
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return (), many + _number(kind)
    if isinstance(kind, inspect.BoolType):
        return (), "true or false"
    return (), many + "words"


def _names(section: str) -> tuple[str, ...]:
    """The names that `tasks.name` or `network.name` may have."""
    info = inspect.type_info(Recipe)
    assert isinstance(info, inspect.StructType)
    union = next(item.type for item in info.fields if item.name == section)
    assert isinstance(union, inspect.UnionType)
    return tuple(str(kind.tag) for kind in union.types if isinstance(kind, inspect.StructType))


def _number(kind: inspect.IntType | inspect.FloatType) -> str:
    words = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
    lows = [f"from {kind.ge:g}" if kind.ge is not None else "", f"above {kind.gt:g}" if kind.gt is not None else ""]
    high = f"up to {kind.le:g}" if kind.le is not None else ""
    return " ".join(part for part in (words, *lows, high) if part)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 else words[0]
