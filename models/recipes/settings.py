"""Single settings of a recipe changed by words, as the command line gives them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from models.catalogue.fields import Field
from models.recipe import Recipe, RecipeError
from models.recipes import schema
from models.recipes.schema import Fault, Tree


def override(recipe: Recipe, settings: Mapping[str, str]) -> Recipe:
    """The recipe with some settings changed: dotted key to text, as `--set training.learning_rate=0.01` gives them.

    Lists and maps are written with commas, "1, 2" and "a = 1, b = 2", or as in TOML, "[1, 2]". The name of the tasks,
    the network or the weighting is taken first and brings its own defaults; `network=mmoe` is short for
    `network.name=mmoe`. Raises RecipeError for the first key or value that does not fit.
    """
    tree: Tree = msgspec.to_builtins(recipe)
    try:
        named = {_full(key, tree): text.strip() for key, text in settings.items()}
        for key in sorted(named, key=lambda key: not key.endswith(".name")):
            _set(tree, tuple(key.split(".")), named[key])
        return schema.convert(tree, strict=False)
    except Fault as fault:
        raise RecipeError(str(fault)) from fault


def _full(key: str, tree: Tree) -> str:
    place = schema.at(tuple(key.split(".")), tree)
    return f"{key}.name" if place is not None and place.field.kind == "row" else key


def _set(tree: Tree, path: tuple[str, ...], text: str) -> None:
    place = schema.at(path, tree)
    if place is None:
        raise schema.unknown(path, tree)
    *sections, setting = path
    if place.is_section:
        below = ", ".join(schema.inside(place, tree[setting]))
        raise Fault(path, f"{setting} has settings of its own, such as {setting}.{below.partition(',')[0]}: {below}.")
    section = tree
    for name in sections[:-1] if setting == "name" else sections:
        section = section[name]
    if setting != "name":
        section[setting] = _value(place.field, text)
        return
    section[sections[-1]] = {"name": text}
    if text not in place.field.choices:
        raise schema.misfit(path, tree)


def _value(field: Field, text: str) -> Any:
    if field.optional and not text:
        return None
    if field.many and text.startswith(("[", "{")):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except ValueError:
            return text
    if not field.many:
        return text
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if field.many == "list":
        return parts
    pairs = [[half.strip() for half in part.split("=", 1)] for part in parts]
    return dict(pairs) if all(len(pair) == 2 for pair in pairs) else text
