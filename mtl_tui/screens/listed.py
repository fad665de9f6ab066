"""Screens with a list: the keys that move in it."""

from __future__ import annotations

from mtl_tui.screens.base import KeyScreen
from mtl_tui.widgets.listing import Listing


class ListedScreen(KeyScreen):
    """Moves in its list, and opens a row that was clicked twice."""

    def open_row(self, index: int) -> None:
        """Open a row."""

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.open_row(message.index)

    def do_row_up(self) -> None:
        self.query_one(Listing).move(-1)

    def do_row_down(self) -> None:
        self.query_one(Listing).move(1)

    def do_row_first(self) -> None:
        self.query_one(Listing).move_to(0)

    def do_row_last(self) -> None:
        self.query_one(Listing).move_to(-1)

    def do_row_page_up(self) -> None:
        self.query_one(Listing).page(-1)

    def do_row_page_down(self) -> None:
        self.query_one(Listing).page(1)
