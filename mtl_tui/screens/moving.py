"""The keys that move in a list, and those that scroll a text."""

from __future__ import annotations

from mtl_tui.screens.base import KeyScreen
from mtl_tui.widgets.listing import Listing

MARGINS = 5
"""Cells that a scrolled page loses to its margins and its scroll bar."""


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


class ScrolledScreen(KeyScreen):
    """Scrolls the widget named by `scrolls`."""

    scrolls = "#page"

    def do_scroll_up(self) -> None:
        self.query_one(self.scrolls).scroll_up(animate=False)

    def do_scroll_down(self) -> None:
        self.query_one(self.scrolls).scroll_down(animate=False)

    def do_scroll_page_up(self) -> None:
        self.query_one(self.scrolls).scroll_page_up(animate=False)

    def do_scroll_page_down(self) -> None:
        self.query_one(self.scrolls).scroll_page_down(animate=False)

    def do_scroll_top(self) -> None:
        self.query_one(self.scrolls).scroll_home(animate=False)

    def do_scroll_bottom(self) -> None:
        self.query_one(self.scrolls).scroll_end(animate=False)
