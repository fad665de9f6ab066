"""The files that a recipe names, wherever the program is started."""

from __future__ import annotations

from pathlib import Path

from models.catalogue.row import Row
from models.recipe import Recipe
from models.recipes.settings import override


def named(recipe: Recipe) -> dict[str, str]:
    """The settings that name a file, dotted, and what they say."""
    sections: dict[str, Row] = {"tasks": recipe.tasks, "network": recipe.network}
    found = ((f"{key}.{name}", getattr(row, name)) for key, row in sections.items() for name in row.files)
    return {key: value for key, value in found if value}


def located(recipe: Recipe, folder: Path) -> Recipe:
    """The recipe with absolute paths: a file is looked for in `folder`, then in the working directory."""
    return override(recipe, {key: locate(value, folder) for key, value in named(recipe).items()})


def locate(value: str, folder: Path) -> str:
    """The absolute form of a path, or of a path with a class behind a colon."""
    places = [base.absolute() / Path(value).expanduser() for base in (folder, Path.cwd())]
    there = (each for each in places if each.exists() or each.with_name(each.name.rpartition(":")[0] or ":").exists())
    return str(next(there, places[0]))
