"""The form of a recipe: its four steps in one list, and the setting under the cursor explained beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import NODEFAULT
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Input

from models.catalogue import name as name_of
from models.catalogue.fields import Field, fields
from models.catalogue.row import Row as CatalogueRow
from models.recipe import Recipe
from mtl_tui.flows.form import STEPS, Form, Setting, glossed, label, meaning, shown, written
from mtl_tui.flows.recipes import is_shipped
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import Line
from mtl_tui.screens.lab import LabRunScreen, warm
from mtl_tui.screens.moving import ListedScreen
from mtl_tui.typeset import Block, clip, width_of
from mtl_tui.widgets.listing import Listing, Row
from mtl_tui.widgets.prose import Prose

NAMES, VALUES = 18, 20
"""Cells of the names and of the values in the list."""


class ExplainedList(ListedScreen):
    """A list, and what stands under its cursor explained: beside it, or below in a narrow window."""

    def compose_body(self) -> ComposeResult:
        yield Line(id="head")
        with Container(id="form"):
            yield Listing(id="list")
            with Vertical(id="beside"):
                with VerticalScroll(id="page", can_focus=False):
                    yield Prose(id="text")
                yield Prose(id="ask")
                yield Input(id="box", compact=True)

    def on_mount(self) -> None:
        self.query_one("#box").display = False

    def on_listing_moved(self, message: Listing.Moved) -> None:
        self.explain()

    def explain(self) -> None:
        """Write what stands under the cursor."""


class RowsScreen(ExplainedList):
    """The rows of the catalogue that a setting may pick; `take` is called with the name of the one chosen."""

    def __init__(self, field: Field, now: str, take: Callable[[str], object]) -> None:
        super().__init__()
        self._field, self._now, self._take = field, now, take

    def contexts(self) -> Sequence[str]:
        return ("choosing", "list", "global")

    def on_mount(self) -> None:
        self.retext()
        self.query_one(Listing).move_to(self._field.choices.index(self._now))

    def retext(self) -> None:
        self.query_one("#head", Line).show(f" {self._field.name}", say("esc leaves it as it was") + " ")
        choices = zip(self._field.choices, self._field.rows, strict=True)
        self.query_one(Listing).show([Row(name, say(meaning(row))) for name, row in choices])
        self.explain()
        super().retext()

    def explain(self) -> None:
        row = self._field.rows[self.query_one(Listing).here]
        names = ", ".join(field.name for field in fields(row))
        settings = [Block(say("Its settings: {names}", names=names), "quiet")] if names else []
        self.query_one("#text", Prose).show([Block(say(meaning(row))), *_paper(row), *settings])

    def open_row(self, index: int) -> None:
        self._take(self._field.choices[index])
        self.dismiss()

    def do_take(self) -> None:
        self.open_row(self.query_one(Listing).here)


class FormScreen(ExplainedList):
    """Edits a recipe that is known by this name, or will be; t trains it as it stands."""

    def __init__(self, name: str, recipe: Recipe) -> None:
        super().__init__()
        self.form, self._base, self._opened, self._draft = Form(recipe), name, recipe, ""
        self._settings: list[Setting | None] = []
        self._taking: Callable[[str], str] | None = None
        self._question = self._refused = ""
        self._over: Path | None = None

    @property
    def here(self) -> Setting | None:
        """The setting under the cursor."""
        return self._settings[self.query_one(Listing).here]

    @property
    def known_as(self) -> str:
        """The name of the recipe as it stands: another one from the first change on."""
        own = self.mtl.desk.own
        if own.find(self._base) == self.form.recipe:
            return self._base
        self._draft = self._draft or own.draft_name(self._base, self._opened)
        return self._draft

    def contexts(self) -> Sequence[str]:
        if self._taking is not None:
            return ("typing", "global")
        elsewhere = ("elsewhere",) if self.mtl.desk.lab.live else ()
        return ("trainable", "form", *elsewhere, "list", "global")

    def on_mount(self) -> None:
        self.set_interval(0.5, self._head)
        if self.mtl.desk.own.find(self._base) is not None:
            self.run_worker(warm(self, self._base))

    def retext(self) -> None:
        rows: list[Row] = []
        self._settings = []
        for step, settings in self.form.steps().items():
            rows += [Row(say(STEPS[step]), heading=True), *map(_row, settings)]
            self._settings += [None, *settings]
        self.query_one(Listing).show(rows)
        self._head()
        self.explain()
        super().retext()

    def explain(self) -> None:
        changed = _changed(self.form) if self.has_class("-broad") else []
        self.query_one("#text", Prose).show([*(_explained(self.here) if self.here else []), *changed])
        lines = [Block(self._refused, "wrong")] if self._refused else []
        lines += [Block(self._question, "pick")] if self._taking is not None else []
        self.query_one("#ask", Prose).show(lines)
        self.query_one("#box").display = self._taking is not None

    def _head(self) -> None:
        state = say("changed, in no file") if self.form.changed else ""
        self.query_one("#head", Line).show(f" {self.known_as}   {state}", f"{self.mtl.desk.run_line()} ")

    def on_listing_moved(self, message: Listing.Moved) -> None:
        if self._taking is not None:
            self.do_leave_box()
        self._refused = ""

    def open_row(self, index: int) -> None:
        self.do_enter_value()

    def do_change(self, key: str) -> None:
        if self.here is not None:
            self.form.turn(self.here, -1 if key == "left" else 1)
            self.retext()

    def do_enter_value(self) -> None:
        setting = self.here
        if setting is None:
            return
        if setting.picks:
            self.app.push_screen(RowsScreen(setting.field, setting.value, lambda name: self._set(setting, name)))
        elif setting.field.kind in ("choice", "flag") and not setting.field.many:
            self.do_change("right")
        else:
            question = say("Another value for {name}; esc leaves it as it was:", name=setting.key)
            self._ask(question, written(setting.value), lambda text: self._set(setting, text))

    def _set(self, setting: Setting, text: str) -> str:
        return self.form.set(setting, text)

    def do_save(self) -> None:
        own = self.mtl.desk.own
        file = own.files.get(self._base, Path(f"{self.known_as}.toml"))
        self._over = None
        self._ask(say("Write to which file in {folder}?", folder=own.folder), file.name, self._write)

    def _write(self, text: str) -> str:
        """Write the recipe to a file; a sentence says why not, and an existing file is asked about once."""
        own, form = self.mtl.desk.own, self.form
        if not Path(text).name:
            return say("A file needs a name.")
        file = own.place(text)
        if is_shipped(file.stem):
            return say("{name} is a name of the program; give the file another one.", name=file.stem)
        try:
            if file.exists() and file != self._over:
                self._over = file
                return say("{file} exists: enter again writes over it, another name keeps it.", file=file.name)
            own.write(form.recipe, file)
        except OSError as error:
            return say("{file} cannot be written: {why}; choose another place.", file=file, why=error.strerror)
        own.drop(self._draft)
        self._base, self._draft = file.stem, ""
        form.kept()
        self.notify(say("Written to {file}", file=file))
        return ""

    def _ask(self, question: str, text: str, take: Callable[[str], str]) -> None:
        """Ask for a text; `take` gets it and returns a sentence if it cannot be taken."""
        self._question, self._taking, self._refused = question, take, ""
        box = self.query_one("#box", Input)
        box.value, box.cursor_position = text, len(text)
        self.retext()
        self.set_focus(box)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.press("enter")

    def do_take(self) -> None:
        if self._taking is None:
            return
        self._refused = self._taking(self.query_one("#box", Input).value.strip())
        if self._refused:
            self.explain()
        else:
            self.do_leave_box()

    def do_leave_box(self) -> None:
        self._taking, self._refused = None, ""
        self.set_focus(None)
        self.retext()

    def do_focus_next(self) -> None:
        """The box, then the footer, and round again."""
        box = self.query_one("#box", Input)
        if self.focused is box:
            self.set_focus(None)
        super().do_focus_next()
        if self.bar.here is None and self._taking is not None:
            self.set_focus(box)

    def do_focus_previous(self) -> None:
        self.set_focus(None)
        super().do_focus_previous()

    def do_stop(self) -> None:
        self.mtl.desk.lab.stop()

    async def do_train(self) -> None:
        """Train the recipe as it stands; if it is being trained already, go to its run."""
        lab, own, name = self.mtl.desk.lab, self.mtl.desk.own, self.known_as
        live = lab.spec if lab.live else None
        if live is not None and (live.name != name or own.find(name) != self.form.recipe):
            self.notify(say("A run is live; x stops it, then t starts another."))
            return
        own.keep(name, self.form.recipe)
        screen = LabRunScreen(name, from_form=True)
        await self.app.push_screen(screen)
        if live is None:
            await screen.do_train()

    def do_back(self) -> None:
        """What was changed stays at hand until the program ends."""
        if self.form.changed:
            self.mtl.desk.own.keep(self.known_as, self.form.recipe)
            self.notify(say("Kept as {name} until the program ends; S in the form saves it.", name=self.known_as))
        super().do_back()

    def text_to_copy(self) -> str:
        return self.form.text


def _row(setting: Setting) -> Row:
    """A setting as a line of the list: name, value, and what it means as far as there is room."""
    name = "  " * setting.level + label(setting)
    value = clip(shown(setting), VALUES)
    left = name + " " * max(NAMES - width_of(name), 1) + value
    return Row(left + " " * max(NAMES + VALUES - width_of(left), 0), _means(setting))


def _means(setting: Setting) -> str:
    if setting.picks and setting.row is not None:
        return say(meaning(type(setting.row)))
    return say(setting.field.description) if setting.field.description else ""


def _explained(setting: Setting) -> list[Block]:
    """What a setting is, what it takes, what it is by default, and the method or data set that it belongs to."""
    field = setting.field
    if setting.picks:
        takes = say("One of {n}: enter shows them all.", n=len(field.choices))
    elif field.default is None or field.default is NODEFAULT:
        takes = say("It takes {what}.", what=pick(field.takes))
    else:
        default = glossed(setting._replace(value=field.default))
        takes = say("It takes {what}; by default {value}.", what=pick(field.takes), value=default)
    blocks = [Block(f"{setting.key} = {glossed(setting)}", "lead"), Block(_means(setting)), Block(takes, "quiet")]
    if setting.row is None:
        return blocks
    row = type(setting.row)
    if not setting.picks:
        blocks.append(Block(say("{row}: {about}", row=name_of(setting.row), about=say(meaning(row))), "quiet"))
    return [*blocks, *_paper(row)]


def _changed(form: Form) -> list[Block]:
    """What is no longer as it was."""
    lines = [
        f"{now.key} = {glossed(now)}"
        if was is None
        else say("{key} = {now}, was {before}", key=now.key, now=glossed(now), before=glossed(was))
        for now, was in form.changes()
    ]
    return [Block(""), Block(say("Changed"), "head"), *map(Block, lines)] if lines else []


def _paper(row: type[CatalogueRow]) -> list[Block]:
    return [Block(row.paper, "quiet")] if row.paper else []
