"""The arms that a run is asked to train, made so that it does not matter where the worker runs."""

from __future__ import annotations

from pathlib import Path

from models.events import Text
from models.recipes import RECIPES, TITLES, dumps, load, override
from models.recipes.files import locate, located, named
from mtl_tui.lab.commands import ArmSpec


def title(recipe: str) -> Text:
    """The title of a recipe; a recipe file goes by the file's name."""
    stem = Path(recipe).stem
    return TITLES.get(recipe) or Text(stem, stem)


def arm_spec(key: str, label: Text, recipe: str, overrides: dict[str, str]) -> ArmSpec:
    """An arm that trains a shipped recipe by name, or what a recipe file says now. Files that it names become absolute
    paths. Raises RecipeError for a recipe or a setting that does not fit.
    """
    base, text = load(recipe), ""
    if recipe not in RECIPES:
        base = located(base, Path(recipe).parent)
        recipe, text = Path(recipe).stem, dumps(base)
    files = named(override(base, overrides))
    absolute = {key: locate(value, Path.cwd()) if key in files else value for key, value in overrides.items()}
    return ArmSpec(key, label, recipe, absolute, text)
