"""Choosing among the rows of a question, and ticking points: digits, space, arrows and clicks."""

from __future__ import annotations

from mtl_tui.flows.answering import Sitting
from mtl_tui.locale import Bilingual
from mtl_tui.screens.base import KeyScreen
from mtl_tui.widgets.rows import Rows
from quizzes.question import FindBug, Matching


class PickingScreen(KeyScreen):
    """Has `Rows` with the id `rows`. `row` is the one with the cursor, `digits` what was typed of a line's number."""

    session: Sitting

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        self.digits = ""
        self.missing: Bilingual | None = None

    def rewrite(self) -> None:
        """Write the screen again."""
        raise NotImplementedError

    def enter_phase(self) -> None:
        """Show a phase that has just begun."""
        raise NotImplementedError

    def forget_missing(self) -> None:
        """What an answer lacked is said no more, now that it changes."""
        if self.missing is not None:
            self.missing = None
            self.rewrite()

    def do_row_up(self) -> None:
        self._move(-1)

    def do_row_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        session, answering = self.session, self.session.answering
        count = len(answering.points) if session.phase == "points" else answering.row_count
        self.row = min(max(self.row + by, 0), max(count - 1, 0))
        if isinstance(session.question, Matching):
            answering.left = self.row
        elif isinstance(session.question, FindBug) and not answering.asks_reason:
            session.choose(self.row)
            self.digits = ""
        self.rewrite()
        self.query_one("#rows", Rows).reveal(self.row)

    def do_pick(self, key: str) -> None:
        self._pick(int(key) - 1)

    def do_pick_row(self) -> None:
        self._pick(self.row)

    def _pick(self, row: int) -> None:
        """Choose what a digit, space or a click means; the cursor goes there, in a matching to the next left side."""
        session, answering = self.session, self.session.answering
        self.missing = None
        if session.phase == "points":
            if row < len(answering.points):
                self.row = row
            session.tick_point(row)
        elif 0 <= row < answering.row_count:
            session.choose(row)
            self.row = answering.left if isinstance(session.question, Matching) else row
        self.rewrite()
        self.query_one("#rows", Rows).reveal(self.row)

    def on_rows_clicked(self, message: Rows.Clicked) -> None:
        session, row = self.session, message.row
        if session.phase not in ("asking", "points"):
            return
        self.digits = ""
        count = session.answering.row_count
        if not isinstance(session.question, Matching) or session.phase == "points":
            self._pick(row)
        elif row >= count:
            self._pick(row - count)
        else:
            self._move(row - self.row)

    def do_type_digit(self, key: str) -> None:
        wanted = (self.digits + key).lstrip("0")
        if wanted and int(wanted) <= self.session.answering.row_count:
            self.digits = wanted
        elif key != "0":
            self.digits = key
        else:
            return
        self._to_line()

    def do_erase_digit(self) -> None:
        self.digits = self.digits[:-1]
        if self.digits:
            self._to_line()
        else:
            self.session.answering.clear()
            self.rewrite()

    def _to_line(self) -> None:
        self.row = int(self.digits) - 1
        self.session.choose(self.row)
        self.missing = None
        self.rewrite()
        self.query_one("#rows", Rows).reveal(self.row)
