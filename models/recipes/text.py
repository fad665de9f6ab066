"""Recipes as TOML, in and out, and the digest of what they say."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import Any

import msgspec
import tomli_w

from models.recipe import Recipe, RecipeError
from models.recipes.lines import Path, lines
from models.recipes.schema import Fault, convert, dotted


def loads(text: str, source: str = "recipe.toml") -> Recipe:
    """A recipe from TOML. Raises RecipeError: one sentence with `source`, the line, and what would be right."""
    try:
        tree = tomllib.loads(text)
    except RecursionError as error:
        raise RecipeError(f"{source} is not a recipe: it is nested too deeply.") from error
    except ValueError as error:
        raise RecipeError(f"{source}:{_not_toml(text, str(error))}") from error
    try:
        return convert(tree)
    except Fault as fault:
        sentence = str(fault)
        raise RecipeError(f"{source}:{_line(text, fault.path)}: {sentence[0].lower()}{sentence[1:]}") from fault


def dumps(recipe: Recipe) -> str:
    """The recipe as TOML, every setting written out, under a comment with its digest."""
    return f"# digest {digest(recipe)}\n{tomli_w.dumps(_without_none(msgspec.to_builtins(recipe)))}"


def digest(recipe: Recipe) -> str:
    """12 hexadecimal digits of the SHA-256 of the recipe's canonical JSON; equal recipes have the same ones.

    Neither the order of the keys nor whether a default is written out makes a difference.
    """
    floats = msgspec.convert(msgspec.to_builtins(recipe), Recipe)
    canonical = msgspec.json.encode(_unsigned_zeros(msgspec.to_builtins(floats)), order="sorted")
    return hashlib.sha256(canonical).hexdigest()[:12]


def _without_none(node: Any) -> Any:
    """What is None is left out, as TOML has no word for it."""
    if isinstance(node, dict):
        return {key: _without_none(value) for key, value in node.items() if value is not None}
    return node


def _unsigned_zeros(node: Any) -> Any:
    """-0.0 equals 0.0 and is written as that."""
    if isinstance(node, dict):
        return {key: _unsigned_zeros(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_unsigned_zeros(value) for value in node]
    return node + 0.0 if isinstance(node, float) else node


def _line(text: str, path: Path) -> int:
    """The line of a path, or of the nearest section around it."""
    places: dict[Path, int] = {}
    for found, line in lines(text):
        for length in range(1, len(found) + 1):
            places.setdefault(found[:length], line)
    return next((places[path[:length]] for length in range(len(path), 0, -1) if path[:length] in places), 1)


def _not_toml(text: str, message: str) -> str:
    """`LINE: sentence` for a text that is not TOML; a key given twice is named."""
    first: dict[Path, int] = {}
    for path, line in lines(text):
        if path in first:
            return f"{line}: {dotted(path)} is given again, first in line {first[path]}; keep one of the two."
        first[path] = line
    reason, _, place = message.removesuffix(")").rpartition(" (at ")
    at = re.match(r"line (\d+), (column \d+)", place)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    reason = reason or message
    return f"{line}: not TOML ({reason[0].lower()}{reason[1:]}{f', {at[2]}' if at else ''}); correct it there."
