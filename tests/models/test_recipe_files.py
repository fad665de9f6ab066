"""Recipes as TOML: what is written is read again, and what is wrong is named with its line."""

import math
import random
import tomllib

import msgspec
import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue.fields import Field, fields, rows
from models.catalogue.networks import Network
from models.catalogue.tasks import Tasks, Teachers
from models.catalogue.weighting import Weighting
from models.recipe import Change, Recipe, Training
from models.recipes import RECIPES, RecipeError, digest, dumps, loads
from models.recipes.lines import lines

UNIONS = {"tasks": Tasks, "network": Network, "weighting": Weighting}


def structs(kind: type[msgspec.Struct]) -> st.SearchStrategy:
    return st.builds(kind, **{field.name: values(field) for field in fields(kind)})


def values(field: Field) -> st.SearchStrategy:
    """Everything that a field takes."""
    low, high, low_open, high_open = field.bounds
    match field.kind:
        case "row":
            one = st.one_of([structs(row) for row in rows(UNIONS[field.name]).values()])
        case "settings":
            one = structs(Change if field.many else type(field.default))
        case "integer":
            one = st.integers(None if low is None else int(low), None if high is None else int(high))
        case "number":
            one = st.floats(low, high, exclude_min=low_open, exclude_max=high_open, allow_nan=False)
            one = one.filter(math.isfinite)
        case "flag":
            one = st.booleans()
        case "choice":
            one = st.sampled_from(field.choices)
        case "words":
            one = st.text(max_size=8)
    if field.many == "list":
        longest = min(field.longest or 3, 3)
        one = st.lists(one, min_size=field.shortest, max_size=max(longest, field.shortest)).map(tuple)
    elif field.many == "map":
        one = st.dictionaries(st.text(min_size=1, max_size=4), one, min_size=1, max_size=3)
    return one


RECIPE = structs(Recipe)


def paths(node: object, at: tuple = ()) -> set[tuple]:
    below = list(node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ())
    return {(*at, key) for key, _ in below}.union(*(paths(value, (*at, key)) for key, value in below))


def shuffled(node: object, source: random.Random) -> object:
    if not isinstance(node, dict):
        return node
    items = [(key, shuffled(value, source)) for key, value in node.items()]
    return dict(source.sample(items, len(items)))


def without_defaults(recipe: Recipe) -> dict:
    tree = msgspec.to_builtins(recipe)
    for part, settings_ in ((tree[section], getattr(recipe, section)) for section in list(tree)):
        for field in fields(type(settings_)):
            if field.default == getattr(settings_, field.name):
                del part[field.name]
    return tree


@given(RECIPE)
@settings(max_examples=60, deadline=None)
def test_any_recipe_survives_toml_and_every_place_in_it_has_a_line(recipe: Recipe) -> None:
    text = dumps(recipe)
    assert loads(text) == recipe
    found = lines(text)
    assert {path[:n] for path, _ in found for n in range(1, len(path) + 1)} == paths(tomllib.loads(text))
    written = text.split("\n")
    for path, line in found:
        if isinstance(path[-1], str) and path[-1].isidentifier():
            assert path[-1] in written[line - 1]


@given(RECIPE, RECIPE, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_digest_is_that_of_what_a_recipe_says(one: Recipe, other: Recipe, source: random.Random) -> None:
    assert dumps(one).startswith(f"# digest {digest(one)}\n")
    assert digest(one) == digest(loads(tomli_w.dumps(shuffled(msgspec.to_builtins(one), source))))
    assert digest(one) == digest(loads(tomli_w.dumps(without_defaults(one))))
    assert (digest(one) == digest(other)) == (one == other)


def test_the_digest_does_not_tell_1_from_1_0_nor_0_from_minus_0() -> None:
    recipe = RECIPES["teachers-scale-100"]
    for scale, noise in ((100, 0), (100.0, -0.0)):
        same = msgspec.structs.replace(recipe, tasks=Teachers(scale_2=scale, noise_1=noise))
        assert digest(same) == digest(msgspec.structs.replace(recipe, tasks=Teachers(scale_2=100.0, noise_1=0.0)))
    assert digest(recipe) != digest(msgspec.structs.replace(recipe, training=Training(steps=999)))


HEAD = '[tasks]\nname = "adult"\n\n[network]\nname = "mmoe"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + "exprts = 3", "6: no setting network.exprts in this recipe; did you mean network.experts? network has"),
        (HEAD + "experts = 1", "6: network.experts cannot be 1; it takes a whole number from 2 up to 64."),
        (HEAD + "experts = 'two'", "6: network.experts cannot be two; it takes a whole number from 2 up to 64."),
        (HEAD + "experts = 2.5", "6: network.experts cannot be 2.5; it takes a whole number"),
        (HEAD.replace("mmoe", "mmeo"), "5: network.name cannot be mmeo; did you mean mmoe? it takes single-task, "),
        (HEAD.replace('name = "mmoe"', ""), "4: network.name is missing; it takes single-task, "),
        (HEAD.partition("\n\n")[0], "1: network is missing; it takes a section with a name: single-task, "),
        ('network = "mmoe"\n' + HEAD[:24], '1: network cannot be mmoe; did you mean network.name = "mmoe"? it takes a'),
        (HEAD + "[traning]\nsteps = 1", "6: no setting traning in this recipe; did you mean training? it has tasks, "),
        (HEAD + "\n[training]\noptimizer = 'adm' # x", "8: training.optimizer cannot be adm; did you mean adam? it"),
        (HEAD + "# the rate\ntraining.learning_rate = 0", "7: no setting network.training in this recipe; did you me"),
        ("training.learning_rate = nan\n" + HEAD, "1: training.learning_rate cannot be nan; it takes a number above"),
        (HEAD + "[training]\nclip = inf", "7: training.clip cannot be inf; it takes a number from 0."),
        (HEAD + "tower = [\n  8, # one\n  0,\n]", "8: network.tower cannot hold 0; it takes 0 to 6 with commas, each"),
        (HEAD + "tower = [1, 1, 1, 1, 1, 1, 1]", "6: network.tower cannot be 1, 1, 1, 1, 1, 1, 1; it takes 0 to 6"),
        (HEAD + "[training]\nweighting = {name = 'dwa', temp = 1}", "7: no setting training.weighting.temp in this re"),
        (HEAD + "[training.weighting]\nname = 'dwa'\nperiod = 0", "8: training.weighting.period cannot be 0; it takes"),
        (
            HEAD + "[training]\nweighting.name = 'cagrad'\nweighting.c = 1",
            "8: training.weighting.c cannot be 1; it tak",
        ),
        (HEAD + "[training]\nchanges = [\n {step = 1},\n {stp = 2},\n]", "9: no setting training.changes[1].stp in th"),
        (
            HEAD + "[[training.changes]]\nstep = 1\n[[training.changes]]\nstep = -1",
            "9: training.changes[1].step cannot ",
        ),
        (HEAD + "experts = ", "6: not TOML (invalid value); correct it there."),
        (
            HEAD + "experts 3\n",
            "6: not TOML (expected '=' after a key in a key/value pair, column 9); correct it there.",
        ),
        (
            HEAD + "experts = 3\nexperts = 4\n",
            "7: network.experts is given again, first in line 6; keep one of the two.",
        ),
        (HEAD + "\n[tasks]\n", "7: tasks is given again, first in line 1; keep one of the two."),
        (HEAD + 'a = """\n[network]\n"""\n', "6: no setting network.a in this recipe; "),
    ],
)
def test_a_fault_in_a_file_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(RecipeError) as caught:
        loads(text, "mine.toml")
    assert str(caught.value).startswith(f"mine.toml:{sentence}")
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="ab.=[]{}\"'#,\n 1-", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_is_more_than_one_sentence(text: str) -> None:
    with pytest.raises(RecipeError, match=r"^mine\.toml:\d+: .*[.?]$"):
        loads(text, "mine.toml")
