"""A note in the making: what it can hold, what is ticked, and the text that results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from mtl_tui import places
from mtl_tui.flows.desk import Desk
from mtl_tui.lab.record import RunRecord
from mtl_tui.notes import markdown
from mtl_tui.notes.experiment import load_records
from mtl_tui.notes.export import file_name, write
from mtl_tui.notes.note import Note, build
from mtl_tui.notes.outline import Part, outline
from mtl_tui.store.marks import Written
from mtl_tui.store.store import KeptReview, Store

Scope = Literal["picked", "today", "all"]
TABLE, NAME = "exports", "note"
SCOPES: tuple[Scope, ...] = ("picked", "today", "all")


def last_written(store: Store) -> Written | None:
    """The note that was written last."""
    return store.get(TABLE, NAME, Written)


class Draft:
    """A note of what was put into it with `m`, of today, or of everything; parts can be unticked.

    `left_out` are sentences about runs that cannot be read.
    """

    def __init__(self, desk: Desk, scope: Scope | None = None) -> None:
        self._desk = desk
        picked = desk.store.in_note("question") or desk.store.in_note("run")
        self.scope: Scope = scope or ("picked" if picked else "all")
        self._unticked: set[str] = set()
        self.reviews: list[KeptReview] = []
        self.records: dict[str, RunRecord] = {}
        self.left_out: list[str] = []
        self.gather()

    @property
    def empty(self) -> bool:
        """There is nothing to write about."""
        return not self.reviews and not self.records

    def gather(self) -> None:
        """Read answers and runs again, as the scope says."""
        store = self._desk.store
        reviews, runs = store.reviews(), [each.run for each in reversed(store.runs())]
        if self.scope == "picked":
            questions, runs = set(store.in_note("question")), store.in_note("run")
            reviews = [review for review in reviews if review.question in questions]
        elif self.scope == "today":
            today = self._desk.clock().date()
            reviews = [review for review in reviews if review.at.date() == today]
            ids = {each.run for each in store.runs() if each.at.date() == today}
            runs = [run for run in runs if run in ids]
        self.reviews = reviews
        self.records, self.left_out = load_records(places.runs(), runs)

    def change_scope(self, by: int) -> None:
        """The next or the previous scope."""
        self.scope = SCOPES[(SCOPES.index(self.scope) + by) % len(SCOPES)]
        self.gather()

    def parts(self) -> tuple[Part, ...]:
        """Every part that the note can have, in order."""
        return outline(self._desk.bank, self.reviews, self.records, self._desk.settings.language)

    def ticked(self, part: str) -> bool:
        """This part goes in."""
        return part not in self._unticked

    def toggle(self, part: str) -> None:
        """Tick a part, or take the tick away."""
        self._unticked ^= {part}

    def note(self) -> Note:
        """The note as it stands."""
        desk = self._desk
        selection = {part.id for part in self.parts() if self.ticked(part.id)}
        return build(
            *(desk.bank, self.reviews, self.records, desk.day().coming()),
            *(desk.settings.language, desk.clock().date(), selection),
        )

    def write(self, out: Path | None = None) -> Path:
        """Write the note to a file, or into a folder; the notes folder of the settings by default. Raises OSError."""
        note = self.note()
        target = out if out is not None else places.typed(self._desk.settings.notes_folder)
        file = target / file_name(note) if out is None or target.is_dir() else target
        written = write(markdown.render(note), file)
        questions = len({review.question for review in self.reviews})
        name = os.path.realpath(written).encode(errors="replace").decode()
        kept = Written(name, self._desk.clock().date(), questions, len(self.records))
        self._desk.store.keep(TABLE, NAME, kept)
        return written

    def text(self) -> str:
        """The note as Markdown."""
        return markdown.render(self.note())
