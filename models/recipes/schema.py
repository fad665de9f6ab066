"""What a recipe may hold, and what is wrong with one that does not fit: where, what it takes, what was probably meant.

A tree is a recipe as TOML gives it, nested dictionaries and lists; a path leads to a place in it.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import NODEFAULT, inspect

from models.catalogue.fields import Field, fields
from models.recipe import Recipe
from models.recipes.lines import Path

Tree = dict[str, Any]


class Fault(Exception):
    """Something in a tree that does not make a recipe: where (`path`), and a sentence that names key and remedy."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


class Place(NamedTuple):
    """What may stand somewhere in a recipe, as a field of the catalogue and as a type."""

    field: Field
    type: inspect.Type

    @property
    def is_section(self) -> bool:
        """Settings stand below it: a step of the recipe, a weighting, a planned change."""
        return self.field.kind in ("row", "settings") and not self.field.many

    def one(self, kind: inspect.Type) -> Place:
        """What each value of a list or a map may be."""
        return Place(self.field._replace(many="", optional=False), _bare(kind))


@cache
def _recipe() -> Place:
    return Place(Field("", "settings", NODEFAULT), inspect.type_info(Recipe))


def convert(tree: Tree, strict: bool = True) -> Recipe:
    """The recipe that a tree describes; unless `strict`, values may be words. Raises Fault."""
    try:
        recipe = msgspec.convert(tree, Recipe, strict=strict)
    except msgspec.ValidationError as error:
        raise _fault(str(error), tree) from error
    for path, value in _leaves(msgspec.to_builtins(recipe)):
        if isinstance(value, float) and not math.isfinite(value):
            raise misfit(path, tree)
    return recipe


def at(path: Path, tree: Tree) -> Place | None:
    """What may stand at a path of this tree; None if nothing may."""
    place, node = _recipe(), tree
    for part in path:
        below = inside(place, node)
        if isinstance(part, int) and isinstance(place.type, inspect.VarTupleType):
            place = place.one(place.type.item_type)
        elif isinstance(part, str) and isinstance(place.type, inspect.DictType):
            place = place.one(place.type.value_type)
        elif part in below:
            place = below[str(part)]
        else:
            return None
        node = _item(node, part)
    return place


def inside(place: Place | None, node: Any) -> dict[str, Place]:
    """The settings of a section, its name first; of one with an unknown name only that. Empty for anything else."""
    if place is None or not place.is_section:
        return {}
    kind, below = place.type, {}
    if isinstance(kind, inspect.UnionType):
        below["name"] = Place(Field("name", "choice", NODEFAULT, choices=place.field.choices), inspect.StrType())
        kind = next((each for each in kind.types if getattr(each, "tag", None) == _item(node, "name")), kind)
    if isinstance(kind, inspect.StructType):
        types = {field.name: _bare(field.type) for field in kind.fields}
        below |= {field.name: Place(field, types[field.name]) for field in fields(kind.cls)}
    return below


def unknown(path: Path, tree: Tree) -> Fault:
    """A key that no recipe like this one has."""
    key, parent = dotted(path), path[:-1]
    while parent and not inside(at(parent, tree), _item_at(parent, tree)):
        parent = parent[:-1]
    beside = {name: dotted((*parent, name)) for name in inside(at(parent, tree), _item_at(parent, tree))}
    known = [each for each in _keys(_recipe(), tree) if not f"{dotted(parent)}.".startswith(f"{each}.")]
    name = str(path[-1])
    meant = (
        next((each for tail in (key, name) for each in known if each.endswith(f".{tail}")), "")
        or beside.get(_nearest(name, beside, 0.5), "")
        or _nearest(key, known)
    )
    has = ", ".join(beside)
    return Fault(path, f"No setting {key} in this recipe;{_did_you_mean(meant)} {dotted(parent) or 'it'} has {has}.")


def misfit(path: Path, tree: Tree) -> Fault:
    """A value that its setting does not take."""
    value, place, named = _item_at(path, tree), at(path, tree), path
    if isinstance(path[-1], int) and place is not None and not place.is_section:
        named = path[:-1]
    key = dotted(named)
    near = _nearest(str(value), place.field.choices) if place is not None and place.field.kind == "choice" else ""
    if place is not None and place.field.kind == "row" and value in place.field.choices:
        near = f'{key}.name = "{value}"'
    verb = "be" if named == path else "hold"
    return Fault(path, f"{key} cannot {verb} {_shown(value)};{_did_you_mean(near)}{_takes(named, tree)}")


def dotted(path: Path) -> str:
    """A path as people write it: training.changes[1].step."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _fault(message: str, tree: Tree) -> Fault:
    """What msgspec says of a tree, as a Fault."""
    place = re.search(r"`\$([^`]*)`$", message)
    path: Path = tuple(
        int(part[1:-1]) if part[1:-1].isdigit() else part.removeprefix(".")
        for part in re.findall(r"\.[^.\[]+|\[[^\]]*\]", place[1] if place else "")
    )
    if name := re.search(r"unknown field `(.*?)`", message):
        return unknown((*path, name[1]), tree)
    if name := re.search(r"missing required field `(.*?)`", message):
        missing = (*path, name[1])
        return Fault(missing, f"{dotted(missing)} is missing;{_takes(missing, tree)}")
    if path[-1:] == ("[...]",):
        path = _entry(path[:-1], tree)
    return misfit(path, tree)


def _entry(path: Path, tree: Tree) -> Path:
    """The first entry of a map of words that is none of the words it may be; the map itself if that is not it."""
    place = at(path, tree)
    allowed = place.field.choices if place is not None else ()
    return next(((*path, key) for key, value in _item_at(path, tree).items() if value not in allowed), path)


def _takes(path: Path, tree: Tree) -> str:
    place = at(path, tree)
    if place is None:
        return ""
    if place.field.kind == "row" and place.is_section:
        return f" it takes a section with a name: {place.field.takes.en}."
    return f" it takes {place.field.takes.en}."


def _keys(place: Place, node: Any, path: Path = ()) -> Iterator[str]:
    """Every setting of a recipe with these tasks, this network and this weighting, dotted."""
    for name, below in inside(place, node).items():
        yield dotted((*path, name))
        yield from _keys(below, _item(node, name), (*path, name))


def _bare(kind: inspect.Type) -> inspect.Type:
    """A type without its annotations, and without the None that it may be instead."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        others = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _bare(others[0]) if len(others) == 1 else kind
    return kind


def _item(node: Any, part: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    return node[part] if isinstance(node, list | tuple) and isinstance(part, int) and part < len(node) else None


def _item_at(path: Path, tree: Tree) -> Any:
    node: Any = tree
    for part in path:
        node = _item(node, part)
    return node


def _leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _leaves(value, (*path, index))
    else:
        yield path, node


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a section"
    text = ", ".join(map(_shown, value)) if isinstance(value, list | tuple) else str(value)
    return (text if len(text) <= 60 else text[:57] + "...") or "empty"


def _nearest(name: str, known: Iterable[str], cutoff: float = 0.4) -> str:
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")


def _did_you_mean(meant: str) -> str:
    return f" did you mean {meant}?" if meant else ""
