"""Settings: one row each, changed by left and right or typed, remembered at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from textual.app import ComposeResult
from textual.widgets import Input

from mtl_tui import places
from mtl_tui.config import PACES, YEARS, Settings
from mtl_tui.flows import fitting, told
from mtl_tui.locale import later, say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block, width_of
from mtl_tui.widgets.prose import Prose

COLUMN = 30
LONGEST_NAME = 40


class Row(NamedTuple):
    """A setting: its field, its name, and the values it can have; none if it is typed."""

    field: str
    label: str
    values: tuple[object, ...] = ()


ROWS = (
    Row("language", later("language"), ("zh", "en")),
    Row("theme", later("theme"), ("dark", "light")),
    Row("pace", later("pace of a live run"), PACES),
    Row("confidence", later("ask how sure I am"), (True, False)),
    Row("session_length", later("questions a session"), (5, 10, 15, 20, 30)),
    Row("new_per_day", later("new questions a day"), (0, 5, 10, 15, 20, 30, 50)),
    Row("minutes_per_day", later("minutes a day"), (0, 10, 15, 20, 30, 45, 60, 90)),
    Row("interview_date", later("date of the interview")),
    Row("interview_name", later("name of the interview")),
    Row("notes_folder", later("folder of the notes"), ("notes", ".", "~/notes")),
)
SHOWN = {
    "zh": "中文",
    "en": "English",
    "dark": later("dark"),
    "light": later("light"),
    "full": later("full speed"),
    "True": later("yes"),
    "False": later("no"),
}


class SettingsScreen(Overlay):
    """What can be set, and the file in which it is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        self._typing = False
        self._refused = ""
        self._repeated, self._fitted = 0, False

    def contexts(self) -> Sequence[str]:
        return ("typing", "global") if self._typing else ("settings", "list", "global")

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        yield Prose(id="ask")
        yield Input(id="typed", compact=True)

    def on_screen_resume(self) -> None:
        store = self.mtl.desk.store
        self._repeated, self._fitted = fitting.repeated(store), fitting.in_use(store) is not None

    def heading(self) -> str:
        return say("Settings")

    def retext(self) -> None:
        lines = [Block(self._refused, "wrong")] if self._refused else []
        if self._typing:
            lines.append(Block(say(ASKED[ROWS[self.row].field]), "pick"))
        self.query_one("#ask", Prose).show(lines)
        self.query_one("#typed").display = self._typing
        super().retext()

    def blocks(self) -> list[Block]:
        blocks = []
        for index, row in enumerate(ROWS):
            label, here = say(row.label), index == self.row
            lead = ("> " if here else "  ") + label + " " * max(COLUMN - width_of(label), 1)
            value = _shown(row, getattr(self.mtl.desk.settings, row.field))
            text = f"< {value} >" if here and row.values else f"  {value}"
            blocks.append(Block(text, "pick" if here else "body", lead=lead))
        file = say("Kept in {file}; other values can be written there by hand.", file=places.config_file())
        schedule = told.fitting(self._repeated, fitted=self._fitted)
        return [*blocks, Block(""), Block(schedule, "quiet"), Block(file, "quiet")]

    def do_row_up(self) -> None:
        self._move(max(self.row - 1, 0))

    def do_row_down(self) -> None:
        self._move(min(self.row + 1, len(ROWS) - 1))

    def do_row_first(self) -> None:
        self._move(0)

    def do_row_last(self) -> None:
        self._move(len(ROWS) - 1)

    def do_row_page_up(self) -> None:
        self.do_row_first()

    def do_row_page_down(self) -> None:
        self.do_row_last()

    def do_change_next(self) -> None:
        if ROWS[self.row].values:
            self.do_change("right")
        else:
            self._type()

    def do_change(self, key: str) -> None:
        row = ROWS[self.row]
        if not row.values:
            return
        value = getattr(self.mtl.desk.settings, row.field)
        index = row.values.index(value) if value in row.values else 0
        self._set(row.field, row.values[(index + (-1 if key == "left" else 1)) % len(row.values)])
        if row.field == "pace":
            self.mtl.desk.lab.set_pace(self.mtl.desk.settings.pace)

    def do_settings(self) -> None:
        """Not from here: it would lie over itself."""

    def do_fitting(self) -> None:
        from mtl_tui.screens.fitting import FittingScreen

        self.app.push_screen(FittingScreen())

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.press("enter")

    def do_take(self) -> None:
        """Take what was typed, or say why not."""
        field = ROWS[self.row].field
        try:
            value = READ[field](self.query_one("#typed", Input).value.strip(), self.mtl.desk.clock().date())
        except ValueError as error:
            self._refused = str(error)
            self.retext()
            return
        self._set(field, value)
        self.do_leave_box()

    def do_leave_box(self) -> None:
        self._typing, self._refused = False, ""
        self.set_focus(None)
        self.retext()

    def do_focus_next(self) -> None:
        """The box, then the footer, and round again."""
        box = self.query_one("#typed", Input)
        if self.focused is box:
            self.set_focus(None)
        super().do_focus_next()
        if self.bar.here is None and self._typing:
            self.set_focus(box)

    def do_focus_previous(self) -> None:
        self.set_focus(None)
        super().do_focus_previous()

    def _move(self, row: int) -> None:
        self.row = row
        self.retext()
        self.query_one("#page").scroll_to(y=max(row - 6, 0), animate=False)

    def _type(self) -> None:
        self._typing = True
        box = self.query_one("#typed", Input)
        value = getattr(self.mtl.desk.settings, ROWS[self.row].field)
        box.value = "" if value is None else str(value)
        box.cursor_position = len(box.value)
        self.retext()
        self.set_focus(box)

    def _set(self, field: str, value: object) -> None:
        settings: Settings = self.mtl.desk.settings
        self.mtl.change(msgspec.structs.replace(settings, **{field: value}))


def _shown(row: Row, value: object) -> str:
    if row.field == "minutes_per_day" and value == 0:
        return say("no limit")
    if value in (None, ""):
        return say("none, enter to type one")
    return say(SHOWN.get(str(value), str(value)))


def _date(text: str, today: date) -> date | None:
    """A date that is not over, or None for nothing. Raises ValueError with a sentence."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(say("{text} is no date: write it as 2026-12-08, or nothing.", text=text)) from None
    if day.year not in YEARS:
        raise ValueError(say("{text} is no date: write it as 2026-12-08, or nothing.", text=text))
    if day < today:
        raise ValueError(say("{day} is over; write today or a later day, or nothing.", day=day))
    return day


def _name(text: str, today: date) -> str:
    """A name that has room on Home. Raises ValueError with a sentence."""
    if width_of(text) > LONGEST_NAME:
        raise ValueError(say("The name is too long: at most {n} cells, a Chinese character takes two.", n=LONGEST_NAME))
    return text


READ: dict[str, Callable[[str, date], object]] = {"interview_date": _date, "interview_name": _name}
ASKED = {
    "interview_date": later("The day as 2026-12-08; nothing for none; esc leaves it as it was:"),
    "interview_name": later("What is it called? esc leaves it as it was:"),
}
