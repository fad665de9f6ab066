"""The form of a recipe as a person uses it: change, train, save, come back."""

from pathlib import Path

import pytest

from models.events import Done
from models.recipes import RECIPES, dumps, load
from mtl_tui import places, trust
from mtl_tui.lab import commands, folder
from mtl_tui.screens.form import FormScreen
from mtl_tui.screens.lab import LabRunScreen, LabScreen
from mtl_tui.screens.trust import TrustScreen
from mtl_tui.widgets.listing import Listing


async def to(it, name: str) -> None:
    """Put the Lab's cursor on the row of this name."""
    await it.press("3")
    screen = it.app.screen
    index = next(i for i, choice in enumerate(screen._choices) if choice is not None and choice.name == name)
    screen.query_one(Listing).move_to(index)
    await it.pilot.pause()


async def on(it, key: str) -> FormScreen:
    """Put the form's cursor on a setting."""
    form = it.app.screen
    assert isinstance(form, FormScreen)
    form.query_one(Listing).move_to(next(i for i, each in enumerate(form._settings) if each and each.key == key))
    await it.pilot.pause()
    return form


async def replace(it, text: str) -> None:
    """Type over what stands in the box."""
    it.app.screen.query_one("#box").value = ""
    await it.press(*text, "enter")


async def test_a_recipe_is_changed_trained_and_found_again_from_its_run(program) -> None:
    """The real worker trains what the form shows, and the run's folder gives it back to the form."""
    async with program(worker=True, size=(140, 44)) as it:
        it.desk.lab.pace = "full"
        await to(it, "softmax-once")
        await it.press("e")
        form = await on(it, "training.steps")
        await it.press("enter")
        await replace(it, "20")
        await on(it, "training.learning_rate")
        await it.press("right")
        changed = form.form.recipe
        assert (changed.training.steps, changed.training.learning_rate) != (
            RECIPES["softmax-once"].training.steps,
            RECIPES["softmax-once"].training.learning_rate,
        )
        assert it.shows("softmax-once-edited", "changed, in no file")
        await it.press("t")
        await it.until(lambda: it.desk.lab.record is not None and it.desk.lab.record.done is not None, "it is trained")
        run = it.desk.lab.run
        assert load(str(places.runs() / run / "recipe-A.toml")) == changed
        assert [event.step for event in folder.read(places.runs() / run) if isinstance(event, Done)] == [20]
        await it.press("e")
        assert it.app.screen is form
        await it.press("escape")
        assert isinstance(it.app.screen, LabScreen)
        await it.press("g")
        assert it.shows("softmax-once-edited", "in no file yet")
        it.desk.own.recipes.clear()
        it.app.screen.retext()
        await it.press("home", "e")
        assert it.app.screen.form.recipe == changed and it.app.screen.known_as == "softmax-once-edited"


async def test_what_is_saved_is_listed_trained_and_never_written_over_unasked(program) -> None:
    async with program(size=(140, 44)) as it:
        await to(it, "adult-mmoe")
        await it.press("e")
        await on(it, "network.experts")
        await it.press("right", "S")
        assert str(it.desk.own.folder) in it.app.screen.query_one("#ask").blocks[-1].text
        await replace(it, "adult-mmoe")
        assert it.shows("adult-mmoe is a name of the program")
        await replace(it, "seeds")
        file = places.recipes() / "seeds.toml"
        assert load(str(file)).network.experts == 5 and not it.shows("in no file")
        await on(it, "network.experts")
        await it.press("right", "S", "enter")
        assert it.shows("seeds.toml exists") and load(str(file)).network.experts == 5
        await it.press("enter")
        assert load(str(file)).network.experts == 6
        await it.press("escape")
        await to(it, "seeds")
        assert not it.shows("in no file") and it.shows("seeds", "adult, mmoe, equal")
        await it.press("enter")
        assert isinstance(it.app.screen, LabRunScreen) and it.shows("experts = 6")
        await it.press("t")
        started = [each for each in it.desk.lab._worker.sent if isinstance(each, commands.Start)]
        assert [arm.build() for arm in started[0].spec.arms] == [load(str(file))]


async def test_a_file_that_cannot_be_written_is_said_and_the_recipe_stays(program) -> None:
    async with program() as it:
        places.recipes().parent.mkdir(parents=True, exist_ok=True)
        places.recipes().write_text("a file where the folder should be")
        await it.press("3", "enter", "S", "enter")
        assert it.shows("cannot be written", "choose another place")
        for text, sentence in (("", "A file needs a name."), ("/", "A file needs a name."), ("x" * 300, "cannot be")):
            it.app.screen.query_one("#box").value = text
            await it.press("enter")
            assert it.shows(sentence), text
        await it.press("escape")
        assert isinstance(it.app.screen, FormScreen) and it.desk.own.files == {}


async def test_a_broken_file_says_its_sentence_and_the_list_stays(program) -> None:
    places.recipes().mkdir(parents=True)
    (places.recipes() / "broken.toml").write_text('[tasks]\nname = "adult"\n[network]\nname = "mmeo"\n')
    async with program(size=(140, 44)) as it:
        await to(it, "broken")
        assert it.shows("cannot be read; enter says why") and "e edit" not in it.lines[-1]
        await it.press("enter")
        assert isinstance(it.app.screen, LabScreen) and "broken.toml:4" in it.toasts and "mmoe" in it.toasts
        await to(it, "adult-mmoe")
        assert "e edit" in it.lines[-1]
        await to(it, "one-gate")
        assert "e edit" not in it.lines[-1]


async def test_typing_refuses_in_a_sentence_and_leaves_the_value(program) -> None:
    async with program() as it:
        await to(it, "adult-mmoe")
        await it.press("e")
        form = await on(it, "network.experts")
        before = form.form.recipe
        await it.press("enter")
        await replace(it, "100")
        assert it.shows("experts cannot be 100; it takes a whole number from 2 up to 64.")
        assert form.query_one("#box").value == "100" and form.form.recipe == before
        await it.press("tab")
        assert form.focused is None and form.bar.here == 0
        await it.press("shift+tab", "escape")
        assert not it.shows("cannot be 100") and form.form.recipe == before and "form" in form.contexts()
        await it.press("enter")
        await it.press(*"zt?8")
        assert form.query_one("#box").value.endswith("zt?8") and it.desk.settings.language == "en"


async def test_picking_shows_every_row_and_what_it_is(program) -> None:
    async with program(size=(140, 44)) as it:
        await it.press("3", "enter")
        form = await on(it, "training.weighting")
        await it.press("enter")
        assert it.shows("mgda", "sdmgrad", "The sum of the losses, each times its fixed task weight")
        await it.press("down")
        assert it.shows("Kendall, Gal, Cipolla", "Its settings: learning_rate, start")
        await it.press("enter")
        assert form.form.recipe.training.weighting == type(form.form.recipe.training.weighting)()
        assert it.shows("training.weighting = uncertainty", "Kendall, Gal, Cipolla", "Changed")
        await it.press("down")
        assert it.shows("training.weighting.learning_rate = 0.02", "uncertainty: A noise sigma learned per task")
        await on(it, "training.weighting")
        await it.press("left")
        assert form.form.recipe.training.weighting == RECIPES["adult-mmoe"].training.weighting


async def test_what_was_changed_is_kept_when_the_form_is_left(program) -> None:
    async with program() as it:
        await to(it, "adult-mmoe")
        await it.press("e")
        await on(it, "network.experts")
        await it.press("right", "q")
        assert "Kept as adult-mmoe-edited" in it.toasts
        await to(it, "adult-mmoe")
        await it.press("e")
        assert it.app.screen.form.recipe == RECIPES["adult-mmoe"]
        await on(it, "network.experts")
        await it.press("right", "right", "escape")
        await to(it, "adult-mmoe-edited")
        await it.press("e")
        assert it.app.screen.form.recipe.network.experts == 5
        await it.press("escape")
        await to(it, "adult-mmoe-edited-2")
        await it.press("e")
        assert it.app.screen.form.recipe.network.experts == 6


@pytest.mark.parametrize("answer", ["1", "2"])
async def test_a_network_of_ones_own_is_asked_about_before_it_is_run(program, answer: str) -> None:
    source = Path("net.py")
    source.write_text("class Net: ...\n")
    places.recipes().mkdir(parents=True)
    text = (
        dumps(RECIPES["adult-mmoe"]).partition("[network]")[0] + f'[network]\nname = "own"\nsource = "{source}:Net"\n'
    )
    (places.recipes() / "seeds.toml").write_text(text)
    async with program() as it:
        it.desk.lab.pace = "full"
        await to(it, "seeds")
        await it.press("e", "t")
        assert isinstance(it.app.screen, TrustScreen) and it.shows("net.py", "class Net", "anything that you can do")
        await it.press(answer)
        started = [each for each in it.desk.lab._worker.sent if isinstance(each, commands.Start)]
        assert isinstance(it.app.screen, LabRunScreen) and len(trust.hashes()) == len(started) == (answer == "1")
        assert all(each.spec.trusted == trust.hashes() for each in started)
        if answer == "1":
            await it.until(lambda: not it.desk.lab.live)
            await it.press("t")
            assert isinstance(it.app.screen, LabRunScreen), "asked twice"


async def test_a_live_run_of_the_form_is_returned_to_and_another_is_not_disturbed(program) -> None:
    places.recipes().mkdir(parents=True)
    (places.recipes() / "seeds.toml").write_text(dumps(RECIPES["adult-mmoe"]))
    async with program() as it:
        it.desk.lab.pace = "0.25"
        await to(it, "seeds")
        await it.press("e", "t")
        await it.until(lambda: it.desk.lab.live and it.desk.lab.record.hello is not None)
        run = it.desk.lab.run
        await it.press("escape", "t")
        assert isinstance(it.app.screen, LabRunScreen) and it.desk.lab.run == run
        assert len([each for each in it.desk.lab._worker.sent if isinstance(each, commands.Start)]) == 1
        await it.press("escape")
        await on(it, "network.experts")
        await it.press("right", "t")
        assert isinstance(it.app.screen, FormScreen) and "A run is live" in it.toasts and it.desk.lab.run == run
        await it.press("x")


async def test_the_ends_of_a_list_that_begins_with_a_heading_are_its_first_and_last_rows(program) -> None:
    async with program() as it:
        await it.press("3")
        listing = it.app.screen.query_one(Listing)
        last = len(it.app.screen._choices) - 1
        for keys, row in ((["up"], 1), (["end"], last), (["down"], last), (["home"], 1), (["down", "up"], 1)):
            await it.press(*keys)
            assert listing.here == row, keys
        await it.press("pagedown", "pageup")
        assert listing.here == 1
