import re
import subprocess
import sys

import pytest

from models.catalogue.weighting import Dwa
from models.recipe import Change
from models.recipes import RECIPES, TITLES, RecipeError, dumps, load, loads, override


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_toml_and_has_a_title(name: str) -> None:
    assert loads(dumps(RECIPES[name])) == RECIPES[name] == load(name)
    assert TITLES[name].zh and TITLES[name].en


def test_settings_are_converted_and_a_new_network_brings_its_defaults() -> None:
    settings = {
        "network.experts": "8",
        "training.learning_rate": "0.01",
        "training.weights": "1, 2",
        "network.name": "omoe",
    }
    recipe = override(RECIPES["adult-single"], settings)
    assert (type(recipe.network).__name__, recipe.network.experts) == ("Omoe", 8)
    assert recipe.training.learning_rate == 0.01
    assert recipe.training.weights == (1.0, 2.0)
    assert recipe.tasks == RECIPES["adult-single"].tasks


def test_a_weighting_is_named_and_set_at_any_depth_in_any_order() -> None:
    recipe = RECIPES["adult-mmoe"]
    nested = {"training.weighting.temperature": "3", "training.weighting.name": "dwa"}
    short = {"training.weighting": "dwa", "training.weighting.temperature": "3"}
    assert override(recipe, nested).training.weighting == Dwa(temperature=3.0)
    assert override(recipe, nested) == override(recipe, short)
    assert override(recipe, {"network": "omoe", "tasks": "adult"}) == override(recipe, {"network.name": "omoe"})
    planned = override(recipe, {"training.changes": "[{step = 9, weights = [1, 2]}]"})
    assert planned.training.changes == (Change(9, weights=(1.0, 2.0)),)
    assert override(planned, {"training.changes": ""}) == recipe


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("training.learnig_rate", "1", "No setting training.learnig_rate in this recipe; did you mean training.learn"),
        ("training.learning_rate", "fast", "training.learning_rate cannot be fast; it takes a number above 0 up to"),
        ("training.learning_rate", "nan", "training.learning_rate cannot be nan; it takes a number above 0"),
        ("training.learning_rate", "-1", "training.learning_rate cannot be -1; it takes a number above 0"),
        ("training.optimizer", "adamm", "training.optimizer cannot be adamm; did you mean adam? it takes adam, adamw"),
        ("network.name", "mmeo", "network.name cannot be mmeo; did you mean mmoe?"),
        ("network.experts", "1", "network.experts cannot be 1; it takes a whole number from 2 up to 64."),
        ("network.expert", "", "network.expert cannot be empty; it takes 1 to 6 with commas"),
        ("network.expert", "8, 0", "network.expert cannot hold 0; it takes 1 to 6 with commas, each a whole number"),
        ("training", "1", "training has settings of its own, such as training.steps: steps, batch, "),
        ("training.weighting", "dwaa", "training.weighting.name cannot be dwaa; did you mean dwa? it takes equal, "),
        ("training.weighting.temperature", "3", "No setting training.weighting.temperature in this recipe; "),
        ("training.experts", "3", "No setting training.experts in this recipe; did you mean network.experts? "),
        ("weighting.name", "dwa", "No setting weighting.name in this recipe; did you mean training.weighting.name? it"),
        ("training.batch.x", "3", "No setting training.batch.x in this recipe; did you mean training.batch? "),
        ("training.changes.step", "3", "No setting training.changes.step in this recipe; "),
        (
            "training.changes",
            "[{stp = 3}]",
            "No setting training.changes[0].stp in this recipe; did you mean training.",
        ),
        ("training.changes", "[{step = 3", "training.changes cannot be [{step = 3; it takes a list with commas, each"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(key: str, value: str, sentence: str) -> None:
    with pytest.raises(RecipeError) as caught:
        override(RECIPES["adult-mmoe"], {key: value})
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_a_switch_takes_true_or_false() -> None:
    recipe = RECIPES["listing2-positions"]
    assert override(recipe, {"network.positions": "false"}).network.positions is False
    with pytest.raises(RecipeError, match=r"positions cannot be maybe; it takes true or false\."):
        override(recipe, {"network.positions": "maybe"})


def test_an_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(RecipeError) as caught:
        load("adlt-mmoe")
    assert str(caught.value) == ("No recipe named adlt-mmoe; did you mean adult-mmoe? mtl-tui recipes list shows all.")


def test_a_recipe_file_is_read_or_refused_with_its_path(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    text = '[tasks]\nname = "adult"\n[network]\nname = "mmoe"\n'
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert load(str(path)) == loads(text)
    path.write_text(text + "rows = 1\n", encoding="utf-8")
    with pytest.raises(RecipeError, match=f"^{re.escape(str(path))}:5: no setting network.rows"):
        load(str(path))
    path.write_bytes(b"\xff\xfe")
    for name, reason in ((path, "not UTF-8"), (tmp_path / "none.toml", "No such file"), (tmp_path, "No recipe named")):
        with pytest.raises(RecipeError, match=reason):
            load(str(name))


def test_lists_forms_and_verdicts_need_neither_torch_nor_numpy() -> None:
    code = (
        "import sys, models.catalogue, models.events, models.pairings, models.recipe, models.recipes\n"
        "found = {'torch', 'numpy', 'textual', 'click', 'quizzes', 'mtl_tui'} & set(sys.modules)\n"
        "sys.exit(str(found) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
