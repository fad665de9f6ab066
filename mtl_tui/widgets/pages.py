"""How what is known of a run is spread over pages that fit the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

TWO_COLUMNS = 72


class Item(NamedTuple):
    """Something on a page: `kind` "chart", "gate" or "table", which one of them, the part of the run that it belongs
    to, and its rows."""

    kind: str
    place: int
    part: str
    rows: int


Page = tuple[Item, ...]


def columns(items: Sequence[Item], width: int) -> int:
    """Charts stand in two columns where there are more than two and the window is wide."""
    charts = sum(item.kind == "chart" for item in items)
    return 2 if charts > 2 and width >= TWO_COLUMNS else 1


def height(items: Sequence[Item], width: int) -> int:
    """Rows that these take at least; gates have one line above them."""
    charts = [item.rows for item in items if item.kind == "chart"]
    others = [item.rows for item in items if item.kind != "chart"]
    lines = -(-len(charts) // columns(items, width))
    return lines * max(charts, default=0) + sum(others) + any(item.kind == "gate" for item in items)


def spread(parts: Sequence[Sequence[Item]], width: int, room: Callable[[Page], int]) -> list[Page]:
    """The parts on as few pages as keep their order; a part is cut only where it is too high for any page.

    `room` says how many rows a page with these items has for them.
    """

    def fits(page: Page) -> bool:
        return height(page, width) <= room(page)

    pages: list[Page] = []
    for part in parts:
        if pages and part and fits((*pages[-1], *part)):
            pages[-1] = (*pages[-1], *part)
            continue
        for start, item in enumerate(part):
            if start and fits((*pages[-1], item)):
                pages[-1] = (*pages[-1], item)
            else:
                pages.append((item,))
    return pages
