"""Settings: one row each, changed by left and right, remembered at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from mtl_tui import places
from mtl_tui.config import PACES, Settings
from mtl_tui.locale import later, say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block, width_of

COLUMN = 22


class Row(NamedTuple):
    """A setting: its field, its name, and the values it can have."""

    field: str
    label: str
    values: tuple[object, ...]


ROWS = (
    Row("language", later("language"), ("zh", "en")),
    Row("theme", later("theme"), ("dark", "light")),
    Row("pace", later("pace of a live run"), PACES),
    Row("confidence", later("ask how sure I am"), (True, False)),
    Row("session_length", later("questions a session"), (5, 10, 15, 20, 30)),
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

    def contexts(self) -> Sequence[str]:
        return ("settings", "list", "global")

    def heading(self) -> str:
        return say("Settings")

    def blocks(self) -> list[Block]:
        blocks = []
        for index, row in enumerate(ROWS):
            value = str(getattr(self.mtl.desk.settings, row.field))
            label = say(row.label)
            lead = ("> " if index == self.row else "  ") + label + " " * max(COLUMN - width_of(label), 1)
            text = f"< {say(SHOWN.get(value, value))} >" if index == self.row else f"  {say(SHOWN.get(value, value))}"
            blocks.append(Block(text, "pick" if index == self.row else "body", lead=lead))
        file = say("Kept in {file}; other values can be written there by hand.", file=places.config_file())
        return [*blocks, Block(""), Block(file, "quiet")]

    def do_row_up(self) -> None:
        self.row = max(self.row - 1, 0)
        self.retext()

    def do_row_down(self) -> None:
        self.row = min(self.row + 1, len(ROWS) - 1)
        self.retext()

    def do_row_first(self) -> None:
        self.row = 0
        self.retext()

    def do_row_last(self) -> None:
        self.row = len(ROWS) - 1
        self.retext()

    def do_row_page_up(self) -> None:
        self.do_row_first()

    def do_row_page_down(self) -> None:
        self.do_row_last()

    def do_change_next(self) -> None:
        self.do_change("right")

    def do_change(self, key: str) -> None:
        row = ROWS[self.row]
        settings: Settings = self.mtl.desk.settings
        value = getattr(settings, row.field)
        index = row.values.index(value) if value in row.values else 0
        new = row.values[(index + (-1 if key == "left" else 1)) % len(row.values)]
        self.mtl.change(msgspec.structs.replace(settings, **{row.field: new}))
        self.mtl.desk.lab.pace = self.mtl.desk.settings.pace
