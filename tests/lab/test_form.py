"""A recipe edited setting by setting, without a screen."""

import gettext
import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue.features import Features
from models.catalogue.fields import Field, fields, rows
from models.catalogue.networks import Network
from models.catalogue.tasks import Tasks
from models.catalogue.weighting import Weighting
from models.recipe import Recipe, Training
from models.recipes import RECIPES, loads
from mtl_tui import locale
from mtl_tui.flows.form import PRESET, STEPS, Form, Setting, meaning, written
from mtl_tui.flows.recipes import OwnRecipes
from mtl_tui.flows.turning import turned

UNIONS = {"tasks": Tasks, "network": Network, "training.weighting": Weighting}
ROWS = [(key, name) for key, union in UNIONS.items() for name in rows(union)]
STRUCTS = (Features, Training, *(row for union in UNIONS.values() for row in rows(union).values()))
NUMBERS = [
    (row, field) for row in STRUCTS for field in fields(row) if field.kind in ("integer", "number") and not field.many
]


def setting(form: Form, key: str) -> Setting:
    return next(each for step in form.steps().values() for each in step if each.key == key)


def change(form: Form, key: str, text: str) -> str:
    return form.set(setting(form, key), text)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_the_chinese_form_has_words_for_every_row_setting_and_choice(struct) -> None:
    """A missing one goes into mtl_tui/locale/zh/LC_MESSAGES/mtl_tui.po; then python hatch_build.py compiles it."""
    catalogue = gettext.translation("mtl_tui", Path(locale.__file__).parent, languages=["zh"])._catalog  # type: ignore[attr-defined]
    sentences = [field.description for field in fields(struct) if field.kind != "row"]
    sentences += [] if struct in (Features, Training) else [meaning(struct)]
    assert all(sentences), "a setting without a description"
    for sentence in sentences:
        assert re.search(r"[\u4e00-\u9fff]", catalogue.get(sentence, "")), f"no Chinese for: {sentence}"
    for field in fields(struct):
        words = {f"{field.name}: {choice}" for choice in field.choices if field.kind == "choice" and not field.many}
        assert words <= set(catalogue), f"no Chinese for {words - set(catalogue)}"


@pytest.mark.parametrize("name", RECIPES)
def test_every_setting_of_a_recipe_stands_in_the_form_and_takes_its_own_value_back(name: str) -> None:
    form = Form(RECIPES[name])
    tree = tomllib.loads(form.text)
    keys = {each.key for step in form.steps().values() for each in step}
    assert {f"{step}.{key}" for step in STEPS for key in tree[step] if key != "name"} <= keys
    for step in form.steps().values():
        for each in step:
            assert each.is_preset or form.set(each, written(each.value)) == "", each
    assert form.recipe == RECIPES[name] and not form.changed and form.changes() == []


@pytest.mark.parametrize(("key", "name"), ROWS)
def test_picking_a_row_brings_its_defaults_and_leaves_the_rest(key: str, name: str) -> None:
    before = RECIPES["adult-mmoe"]
    form = Form(before)
    assert change(form, key, name) == ""
    picked = setting(form, key)
    assert picked.value == name and picked.row == type(picked.row)()
    under = {each.key.removeprefix(f"{key}.") for each in form.steps()[key.partition(".")[0]] if each.row == picked.row}
    assert {field.name for field in fields(type(picked.row))} <= under
    others = [step for step in STEPS if step != key.partition(".")[0]]
    assert all(getattr(form.recipe, step) == getattr(before, step) for step in others)
    assert loads(form.text) == form.recipe


@given(st.data())
def test_any_walk_through_the_form_gives_a_recipe_that_a_file_can_hold(data) -> None:
    form = Form(RECIPES["adult-mmoe"])
    for _ in range(12):
        settings = [each for step in form.steps().values() for each in step if each.turns]
        form.turn(data.draw(st.sampled_from(settings)), data.draw(st.sampled_from([-1, 1])))
    assert loads(form.text) == form.recipe


def test_words_and_switches_go_round_in_a_ring_and_numbers_stop_at_their_bounds() -> None:
    form = Form(RECIPES["adult-mmoe"])
    optimizer = setting(form, "training.optimizer")
    seen = []
    for _ in optimizer.field.choices:
        form.turn(setting(form, "training.optimizer"), 1)
        seen.append(form.recipe.training.optimizer)
    assert seen == ["adamw", "sgd", "adam"]
    form.turn(setting(form, "training.optimizer"), -1)
    assert form.recipe.training.optimizer == "sgd"
    for _ in range(40):
        form.turn(setting(form, "network.experts"), -1)
    assert form.recipe.network.experts == 2
    form.turn(setting(form, "network.tower"), 1)
    assert form.recipe.network.tower == RECIPES["adult-mmoe"].network.tower


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("network.experts", "1", "experts cannot be 1; it takes a whole number from 2 up to 64."),
        ("network.experts", "many", "experts cannot be many; it takes a whole number from 2 up to 64."),
        ("training.learning_rate", "nan", "learning_rate cannot be nan; it takes a number above 0 up to 100."),
        ("training.learning_rate", "", "learning_rate cannot be empty; it takes a number above 0 up to 100."),
        ("network", "mmeo", "network cannot be mmeo; is mmoe meant?"),
        ("training.optimizer", "adamm", "optimizer cannot be adamm; is adam meant?"),
        ("network.expert", "8, 0", "expert cannot be 8, 0; it takes 1 to 6 with commas, each a whole number from 1 up"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence_and_changes_nothing(key: str, text: str, sentence: str) -> None:
    form = Form(RECIPES["adult-mmoe"])
    assert change(form, key, text).startswith(sentence)
    assert form.recipe == RECIPES["adult-mmoe"]


def test_lists_and_tables_are_typed_as_they_are_shown() -> None:
    form = Form(RECIPES["adult-mmoe"])
    assert change(form, "network.expert", "64, 32") == ""
    assert form.recipe.network.expert == (64, 32) and written((64, 32)) == "64, 32"
    assert change(form, "training.changes", "[{step = 100, learning_rate = 0.5}]") == ""
    planned = form.recipe.training.changes
    assert (planned[0].step, planned[0].learning_rate) == (100, 0.5)
    assert change(form, "training.changes", written(planned)) == "" and form.recipe.training.changes == planned
    assert change(form, "tasks", "table") == ""
    for labels in ({"income": "binary", "age": "regression"}, {"a = b": "binary"}, {}):
        assert change(form, "tasks.labels", written(labels)) == "" and form.recipe.tasks.labels == labels
    assert written({"income": "binary", "age": "regression"}) == "income = binary, age = regression"
    change(form, "tasks", "adult")
    assert [(now.key, was.value) for now, was in form.changes()] == [("network.expert", (8,)), ("training.changes", ())]


def test_presets_set_what_belongs_together_and_show_when_they_hold() -> None:
    form, key = Form(RECIPES["adult-mmoe"]), f"network.{PRESET}"
    presets = rows(Network)["mmoe"].presets
    assert setting(form, key).value is None and setting(form, key).field.choices == tuple(presets)
    for name in presets:
        form.turn(setting(form, key), 1)
        assert setting(form, key).value == name
        assert all(getattr(form.recipe.network, each) == value for each, value in presets[name].items())
        assert form.recipe.network.routing == "soft" and key not in [now.key for now, _ in form.changes()]
    change(form, "network.experts", "63")
    assert setting(form, key).value is None


@pytest.mark.parametrize(("row", "field"), NUMBERS, ids=lambda each: getattr(each, "name", None) or each.__name__)
def test_turning_a_number_goes_to_its_bounds_and_back_through_the_same_numbers(row, field: Field) -> None:
    number, up = field.default, []
    for _ in range(400):
        number = turned(field, number, 1)
        assert field.bounds.hold(number) and type(number) is (int if field.kind == "integer" else float)
        if up and number == up[-1]:
            break
        up.append(number)
    assert up == sorted(set(up)), "upwards"
    if field.bounds.high is not None:
        assert turned(field, field.bounds.high, 1) == field.bounds.high
        assert number == field.bounds.high or field.bounds.high_open
    down = []
    for _ in up[1:]:
        number = turned(field, number, -1)
        down.append(number)
    assert down == up[-2::-1]


class TestOwnRecipes:
    def test_what_is_written_is_read_again(self, tmp_path) -> None:
        own = OwnRecipes(tmp_path / "recipes")
        own.read()
        assert own.recipes == {}
        own.write(RECIPES["adult-mmoe"], own.place("mine"))
        again = OwnRecipes(tmp_path / "recipes")
        again.read()
        assert again.recipes == {"mine": RECIPES["adult-mmoe"]} and again.files["mine"].name == "mine.toml"
        spec = again.spec("mine", 7)
        assert spec.name == "mine" and spec.arms[0].build() == RECIPES["adult-mmoe"]

    def test_a_broken_file_and_a_taken_name_are_said_and_the_others_stay(self, tmp_path) -> None:
        own = OwnRecipes(tmp_path)
        own.write(RECIPES["adult-mmoe"], own.place("good"))
        (tmp_path / "bad.toml").write_text('[tasks]\nname = "adult"\n[network]\nname = "mmoe"\nexpertss = 3\n')
        (tmp_path / "adult-mmoe.toml").write_text("")
        own.read()
        assert list(own.recipes) == ["good"]
        assert "bad.toml:5" in own.faults["bad"] and "did you mean" in own.faults["bad"]
        assert "adult-mmoe.toml" in own.faults["adult-mmoe"]
        assert own.find("adult-mmoe") == RECIPES["adult-mmoe"]

    def test_a_recipe_in_no_file_outlives_reading_and_takes_no_name_from_another(self, tmp_path) -> None:
        own = OwnRecipes(tmp_path)
        edited = msgspec.structs.replace(RECIPES["adult-mmoe"], training=Training(steps=5))
        assert own.draft_name("adult-mmoe", RECIPES["adult-mmoe"]) == "adult-mmoe-edited"
        own.keep("adult-mmoe-edited", edited)
        own.read()
        assert own.find("adult-mmoe-edited") == edited
        assert own.draft_name("adult-mmoe", RECIPES["adult-mmoe"]) == "adult-mmoe-edited-2"
        assert own.draft_name("adult-mmoe-edited", edited) == "adult-mmoe-edited"
        own.write(edited, own.place("mine.toml"))
        assert own.draft_name("mine", edited) == "mine-edited"

    def test_a_write_that_fails_leaves_the_old_file(self, tmp_path, monkeypatch) -> None:
        own = OwnRecipes(tmp_path)
        file = own.place("mine")
        own.write(RECIPES["adult-mmoe"], file)
        before = file.read_bytes()
        monkeypatch.setattr("pathlib.Path.replace", lambda self, target: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            own.write(RECIPES["adult-omoe"], file)
        assert file.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["mine.toml"]


def test_a_recipe_with_nothing_but_names_is_enough() -> None:
    assert isinstance(Form(loads('[tasks]\nname="sines"\n[network]\nname="mmoe"\n')).recipe, Recipe)
