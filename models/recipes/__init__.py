"""The recipes that come with the program, and what a person does with one: load, change a setting, write, read.

No torch, no numpy.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from models.events import Text
from models.recipe import Recipe, RecipeError
from models.recipes import (
    adult,
    architectures,
    biased_labels,
    cost,
    entire_space,
    experts,
    few_labels,
    forgetting,
    gradients,
    inputs,
    listing1,
    listing2,
    measuring,
    optimisation,
    reviews,
    seesaw,
    softmax_twice,
    sparse_labels,
    weighting,
)
from models.recipes.settings import override
from models.recipes.text import digest, dumps, loads

__all__ = ["RECIPES", "TITLES", "RecipeError", "digest", "dumps", "load", "loads", "override"]

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
    **forgetting.RECIPES,
    **biased_labels.RECIPES,
    **cost.RECIPES,
    **reviews.RECIPES,
    **inputs.RECIPES,
    **seesaw.RECIPES,
    **optimisation.RECIPES,
    **architectures.RECIPES,
}
RECIPES: dict[str, Recipe] = {name: recipe for name, (_, recipe) in _SHIPPED.items()}
TITLES: dict[str, Text] = {name: title for name, (title, _) in _SHIPPED.items()}


def load(name: str) -> Recipe:
    """A shipped recipe by name, or one from a `.toml` file by path. Raises RecipeError."""
    if name in RECIPES:
        return RECIPES[name]
    if not name.endswith(".toml"):
        close = difflib.get_close_matches(name, RECIPES, n=1, cutoff=0.4)
        nearest = f" did you mean {close[0]}?" if close else ""
        raise RecipeError(f"No recipe named {name};{nearest} mtl-tui recipes list shows all.")
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise RecipeError(f"{name} cannot be read ({reason}); name a recipe or another file.") from error
    return loads(text, name)
