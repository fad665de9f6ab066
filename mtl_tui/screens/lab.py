"""The Lab: everything that can be trained, and what has been; and the screen of one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from models.catalogue import name as name_of
from models.catalogue.networks import Own, SharedBottom
from models.catalogue.tasks import Adult
from models.own import Source, read
from models.pairings import PAIRINGS
from models.recipe import Recipe
from models.recipes import RECIPES, TITLES, RecipeError, dumps, load
from mtl_tui import places, trust
from mtl_tui.flows.lab import say_name
from mtl_tui.lab.folder import RunFolderError
from mtl_tui.locale import later, pick, say
from mtl_tui.screens.base import KeyScreen, Line, ModeScreen
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.running import RunScreen
from mtl_tui.screens.trust import TrustScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.listing import Listing, Row
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.run_panel import RunPanel

JUDGED = {
    True: later("as the explanation says"),
    False: later("not as the explanation says"),
    None: later("not judged"),
}


NEW = Recipe(Adult(), SharedBottom())
"""What the form of a new recipe begins with."""


def edit(screen: KeyScreen, name: str, recipe: Recipe) -> None:
    """Open the form of a recipe over a screen."""
    from mtl_tui.screens.form import FormScreen

    screen.app.push_screen(FormScreen(name, recipe))


async def warm(screen: KeyScreen, name: str) -> None:
    """Have the training process ready for what a screen may start."""
    try:
        await screen.mtl.desk.lab.warm(name)
    except OSError as error:
        screen.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")


class Choice(NamedTuple):
    """What enter opens: a pairing or recipe to train, the id of a run to look at, or the form of a new recipe."""

    name: str
    run: str | None = None
    new: bool = False


class LabScreen(ListedScreen, ModeScreen):
    """Earlier runs, the person's recipes, pairings, and the program's recipes, in one list."""

    mode = "lab"

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[Choice | None] = []

    def compose_body(self) -> ComposeResult:
        yield Listing(id="list")

    def contexts(self) -> Sequence[str]:
        editable = ("recipe",) if self._is_recipe() else ()
        return ("lab", *editable, "mode", "list", "global")

    def on_listing_moved(self, message: Listing.Moved) -> None:
        self.refresh_keys()

    def retext(self) -> None:
        rows: list[Row] = []
        self._choices = []

        def add(row: Row, choice: Choice | None) -> None:
            rows.append(row)
            self._choices.append(choice)

        runs = self.mtl.desk.store.runs()
        if runs:
            add(Row(say("Earlier runs"), heading=True), None)
            for run in runs[:12]:
                text = say("{name}, seed {n}", name=say_name(run.name), n=run.seed)
                add(Row(text, f"{say(JUDGED[run.held])}  {run.at:%m-%d %H:%M}"), Choice(run.name, run.run))
        own = self.mtl.desk.own
        own.read()
        add(Row(say("Your recipes"), heading=True), None)
        add(Row(say("New recipe"), say("the form: tasks, features, network, training")), Choice("", new=True))
        for name in sorted({*own.recipes, *own.faults}):
            add(Row(name, self._of_own(name)), Choice(name))
        add(Row(say("Claims of the explanations: arms side by side"), heading=True), None)
        for pairing in PAIRINGS.values():
            arms = say(" against ").join(pick(arm.label) for arm in pairing.arms)
            add(Row(pick(pairing.title), arms), Choice(pairing.id))
        add(Row(say("Recipes"), heading=True), None)
        for name in RECIPES:
            add(Row(name, pick(TITLES[name])), Choice(name))
        self.query_one(Listing).show(rows)
        super().retext()

    def _of_own(self, name: str) -> str:
        """What a recipe of the person is made of."""
        own = self.mtl.desk.own
        if name in own.faults:
            return say("cannot be read; enter says why")
        recipe = own.recipes[name]
        parts = f"{name_of(recipe.tasks)}, {name_of(recipe.network)}, {name_of(recipe.training.weighting)}"
        return parts if name in own.files else say("{parts}; in no file yet", parts=parts)

    @property
    def _choice(self) -> Choice | None:
        index = self.query_one(Listing).here
        return self._choices[index] if index < len(self._choices) else None

    def _is_recipe(self) -> bool:
        """What is chosen can be opened in the form: all but a pairing, and a file that cannot be read."""
        choice = self._choice
        if choice is None or choice.name in PAIRINGS:
            return False
        return choice.new or choice.run is not None or self.mtl.desk.own.find(choice.name) is not None

    def do_edit(self) -> None:
        choice, own = self._choice, self.mtl.desk.own
        if choice is None:
            return
        if choice.new:
            edit(self, own.free_name("my-recipe"), NEW)
        elif choice.run is None:
            edit(self, choice.name, own.find(choice.name) or NEW)
        else:
            try:
                edit(self, choice.name, load(str(places.runs() / choice.run / "recipe-A.toml")))
            except RecipeError as error:
                self.notify(str(error), severity="error")

    async def do_open(self) -> None:
        await self._open(self.query_one(Listing).here)

    def open_row(self, index: int) -> None:
        self.run_worker(self._open(index), exclusive=True)

    async def _open(self, index: int) -> None:
        choice = self._choice if index == self.query_one(Listing).here else None
        if choice is None:
            return
        if choice.new:
            self.do_edit()
            return
        if choice.name in self.mtl.desk.own.faults:
            self.notify(self.mtl.desk.own.faults[choice.name], severity="error", timeout=12)
            return
        lab = self.mtl.desk.lab
        if choice.run is not None:
            if lab.live:
                self.notify(say("A run is live; x stops it, then t starts another."))
                return
            try:
                await lab.replay(choice.name, choice.run, "full")
            except RunFolderError as error:
                self.notify(str(error), severity="error")
                return
        self.app.push_screen(LabRunScreen(choice.name))


class LabRunScreen(RunScreen):
    """One pairing or recipe: what it is, and its run. `from_form`: the form that it was started from lies beneath."""

    def __init__(self, name: str, *, from_form: bool = False) -> None:
        super().__init__()
        self.name_of_run, self._from_form = name, from_form

    @property
    def recipe(self) -> Recipe | None:
        """The recipe of this name, None for a pairing and for a run whose recipe is no more."""
        return self.mtl.desk.own.find(self.name_of_run)

    def trains(self) -> str | None:
        return self.name_of_run if self.name_of_run in PAIRINGS or self.recipe is not None else None

    def contexts(self) -> Sequence[str]:
        if self.weighing:
            return ("weights", "global")
        editable = ("recipe",) if self.recipe is not None else ()
        return (*self.run_contexts(), *editable, "session", "global")

    def do_edit(self) -> None:
        if self._from_form:
            self.dismiss()
        elif self.recipe is not None:
            edit(self, self.name_of_run, self.recipe)

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        yield Line(classes="rule")
        with Vertical(id="only"):
            yield Prose(id="about")
            yield RunPanel(self.mtl.desk.lab)
            yield Prose(id="weights")

    def on_mount(self) -> None:
        self.set_interval(0.2, self._head)
        if self.trains() is not None:
            self.run_worker(warm(self, self.name_of_run))

    def panel_open(self) -> bool:
        """The run in front is one of this pairing or recipe."""
        lab = self.mtl.desk.lab
        return lab.spec is not None and lab.spec.name == self.name_of_run

    def retext(self) -> None:
        self._head()
        opened = self.panel_open()
        self.panel().display = opened
        self.query_one("#about", Prose).show(self._about() if self.trains() and not opened else [])
        self.panel().retext()
        super().retext()

    async def do_train(self) -> None:
        """Code of the person's own is asked about before it is run."""
        source = self._untrusted()
        if source is not None and not self.mtl.desk.lab.live:
            self.app.push_screen(TrustScreen(source, self.do_train))
            return
        await super().do_train()
        self.retext()

    def _untrusted(self) -> Source | None:
        """The file of the recipe's own network, if it is not trusted as it is now; a worker says what else is wrong."""
        if self.recipe is None or not isinstance(self.recipe.network, Own):
            return None
        try:
            source = read(self.recipe.network.source)
        except RecipeError:
            return None
        return None if source.sha256 in trust.hashes() else source

    def _about(self) -> list[Block]:
        """What is trained here, as long as it has not been."""
        pairing = PAIRINGS.get(self.name_of_run)
        if pairing is None:
            what = say_name(self.name_of_run)
            lines = [Block(dumps(self.recipe).strip(), "code", verbatim=True)] if self.recipe is not None else []
        else:
            what = pick(pairing.watch)
            lines = [Block(f"{arm.recipe}", lead=f"{arm.key} {pick(arm.label)}  ") for arm in pairing.arms]
            lines.append(Block(say("Expected: {what}", what=pick(pairing.expected))))
        return [Block(""), Block(say("t trains it live, about 15 s: {what}", what=what), "pick"), Block(""), *lines]

    def _head(self) -> None:
        run = self.mtl.desk.run_line() if self.panel_open() or self.mtl.desk.lab.live else ""
        self.query_one("#head", Line).show(f" {say_name(self.name_of_run)}", f"{run} ")

    def do_note(self) -> None:
        self.notify(self.mtl.desk.toggle_note_run())
