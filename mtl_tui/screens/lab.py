"""The Lab: everything that can be trained, and what has been; and the screen of one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from models.pairings import PAIRINGS
from models.recipes import RECIPES, TITLES, dumps
from mtl_tui.flows.lab import say_name
from mtl_tui.lab.folder import RunFolderError
from mtl_tui.locale import later, pick, say
from mtl_tui.screens.base import Line, ModeScreen
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.screens.running import RunScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.listing import Listing, Row
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.run_panel import RunPanel

JUDGED = {
    True: later("as the explanation says"),
    False: later("not as the explanation says"),
    None: later("not judged"),
}


class Choice(NamedTuple):
    """What enter opens: a pairing or recipe to train, or the id of a run to look at."""

    name: str
    run: str | None = None


class LabScreen(ListedScreen, ModeScreen):
    """Pairings, recipes, and earlier runs, in one list."""

    mode = "lab"

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[Choice | None] = []

    def compose_body(self) -> ComposeResult:
        yield Listing(id="list")

    def retext(self) -> None:
        rows: list[Row] = []
        self._choices = []

        def add(row: Row, choice: Choice | None) -> None:
            rows.append(row)
            self._choices.append(choice)

        runs = self.mtl.desk.runs()
        if runs:
            add(Row(say("Earlier runs"), heading=True), None)
            for run in runs[:12]:
                text = say("{name}, seed {n}", name=say_name(run["name"]), n=run["seed"])
                add(
                    Row(text, f"{say(JUDGED[run['held']])}  {run['at'][5:16].replace('T', ' ')}"),
                    Choice(run["name"], run["run"]),
                )
        add(Row(say("Claims of the explanations: arms side by side"), heading=True), None)
        for pairing in PAIRINGS.values():
            arms = say(" against ").join(pick(arm.label) for arm in pairing.arms)
            add(Row(pick(pairing.title), arms), Choice(pairing.id))
        add(Row(say("Recipes"), heading=True), None)
        for name in RECIPES:
            add(Row(name, pick(TITLES[name])), Choice(name))
        self.query_one(Listing).show(rows)
        super().retext()

    async def do_open(self) -> None:
        await self._open(self.query_one(Listing).here)

    def open_row(self, index: int) -> None:
        self.run_worker(self._open(index), exclusive=True)

    async def _open(self, index: int) -> None:
        choice = self._choices[index] if index < len(self._choices) else None
        if choice is None:
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
    """One pairing or recipe: what it is, and its run."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_of_run = name

    def trains(self) -> str | None:
        return self.name_of_run if self.name_of_run in PAIRINGS or self.name_of_run in RECIPES else None

    def contexts(self) -> Sequence[str]:
        return ("weights", "global") if self.weighing else (*self.run_contexts(), "session", "global")

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
            self.run_worker(self._warm())

    async def _warm(self) -> None:
        try:
            await self.mtl.desk.lab.warm(self.name_of_run)
        except OSError as error:
            self.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")

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
        await super().do_train()
        self.retext()

    def _about(self) -> list[Block]:
        """What is trained here, as long as it has not been."""
        pairing = PAIRINGS.get(self.name_of_run)
        if pairing is None:
            recipe = dumps(RECIPES[self.name_of_run]).strip()
            what, lines = pick(TITLES[self.name_of_run]), [Block(recipe, "code", verbatim=True)]
        else:
            what = pick(pairing.watch)
            lines = [Block(f"{arm.recipe}", lead=f"{arm.key} {pick(arm.label)}  ") for arm in pairing.arms]
            lines.append(Block(say("Expected: {what}", what=pick(pairing.expected))))
        return [Block(""), *lines, Block(""), Block(say("t trains it live, about 15 s: {what}", what=what), "pick")]

    def _head(self) -> None:
        run = self.mtl.desk.run_line() if self.panel_open() or self.mtl.desk.lab.live else ""
        self.query_one("#head", Line).show(f" {say_name(self.name_of_run)}", f"{run} ")

    def do_note(self) -> None:
        self.notify(self.mtl.desk.toggle_note_run())
