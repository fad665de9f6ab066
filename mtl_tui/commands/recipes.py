"""`mtl-tui recipes`: what can be trained."""

from __future__ import annotations

import click

from mtl_tui.commands.plain import Misuse, lang_option, line, speak
from mtl_tui.locale import Language, pick, say


@click.group()
def recipes() -> None:
    """The recipes and pairings that come with the program."""


@recipes.command("list")
@lang_option
def list_(lang: Language | None) -> None:
    """One line a recipe, then one line a pairing: its name and what it is."""
    from models.pairings import PAIRINGS
    from models.recipes import TITLES

    speak(lang)
    width = max(map(len, [*TITLES, *PAIRINGS]))
    line(say("Recipes"), "head")
    for name, title in TITLES.items():
        click.echo(f"{name:<{width}}  {pick(title)}")
    line()
    line(say("Pairings: recipes trained side by side"), "head")
    for name, pairing in PAIRINGS.items():
        click.echo(f"{name:<{width}}  {pick(pairing.title)}")


@recipes.command()
@click.argument("recipe")
def show(recipe: str) -> None:
    """Print a recipe, or a recipe file with all its defaults, as TOML; save it, change it, and train takes the file."""
    from models.pairings import PAIRINGS
    from models.recipes import RecipeError, dumps, load

    if recipe in PAIRINGS:
        arms = dict.fromkeys(arm.recipe for arm in PAIRINGS[recipe].arms)
        raise Misuse(f"{recipe} is a pairing; show one of its recipes: {', '.join(arms)}.")
    try:
        click.echo(dumps(load(recipe)), nl=False)
    except RecipeError as error:
        raise Misuse(str(error)) from error
