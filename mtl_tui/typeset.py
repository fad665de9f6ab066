"""Text set in terminal cells: Chinese and English wrapped by Unicode's line breaking, blocks with a hanging indent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

SMALLEST = (60, 16)
"""Columns and rows below which a window shows no screen."""


def width_of(text: str) -> int:
    """Cells that a text takes."""
    return cell_len(text)


def clip(text: str, width: int) -> str:
    """The text, cut at a whole character to at most `width` cells; a cut ends in two dots."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 2, 0)).rstrip() + "..."[: min(width, 2)]


def fill(left: str, right: str, width: int) -> str:
    """Left and right on one line of `width` cells; the left one is cut if both do not fit."""
    left = clip(left, max(width - cell_len(right) - 1, 0))
    return left + " " * max(width - cell_len(left) - cell_len(right), 0) + right


_CHINESE = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』"})
_LATIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def quoted(text: str) -> str:
    """The text with quotes whose width every terminal agrees on: curly ones are one cell wide here, two there."""
    han = any("\u4e00" <= char <= "\u9fff" for char in text)
    return text.translate(_CHINESE if han else _LATIN)


@lru_cache(maxsize=4096)
def wrap(text: str, width: int) -> tuple[str, ...]:
    """Lines of at most `width` cells: no line begins with a comma or ends with an opening bracket (UAX 14)."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if cell_len(paragraph) <= width:
            lines.append(paragraph.rstrip())
            continue
        line, used = "", 0
        for unit in (unit for piece in _SURE_BREAK.split(paragraph) for unit in _units(piece)):
            room = cell_len(unit.rstrip())
            if line and used + room > width:
                lines.append(line.rstrip())
                line, used = "", 0
            while room > width:
                head = _head(unit, width)
                lines.append(head.rstrip())
                unit = unit[len(head) :]
                room = cell_len(unit.rstrip())
            line += unit
            used += cell_len(unit)
        lines.append(line.rstrip())
    return tuple(lines)


_SURE_BREAK = re.compile(r"(?<=[\w,.;:)%] )(?=\w)")
"""After a blank between words; what stands before or after does not matter there."""
_WORD = re.compile(r"(?:\d+\.)?[A-Za-z0-9]+[,.;:]? ?")
"""What is never broken; most of an English text."""


@lru_cache(maxsize=8192)
def _units(piece: str) -> tuple[str, ...]:
    """A piece of text, cut wherever a line may end."""
    if _WORD.fullmatch(piece):
        return (piece,)
    from uniseg.linebreak import line_break_units

    return tuple(line_break_units(piece))


class Block(NamedTuple):
    """A paragraph: `kind` names its look, `indent` cells stand before every line, `lead` on the first one only.

    `verbatim` blocks are code: cut into rows, with every blank kept.
    """

    text: str
    kind: str = "body"
    indent: int = 0
    lead: str = ""
    verbatim: bool = False


def lines_of(block: Block, width: int) -> list[str]:
    """A block as lines for `width` cells."""
    hang = max(block.indent, cell_len(block.lead))
    room = max(width - hang, 8)
    if block.verbatim:
        rows = [row for line in block.text.split("\n") for row in _chop(line, room)]
    else:
        rows = list(wrap(quoted(block.text), room))
    first = block.lead + " " * (hang - cell_len(block.lead))
    return [(first if index == 0 else " " * hang) + row for index, row in enumerate(rows)]


_SEAM = re.compile(r".*[\s,.(\[{=，。、]")
"""Code up to the last place where a row may end without tearing a word."""


def _chop(line: str, width: int) -> Iterable[str]:
    """Rows of a line of code, blank for blank; they end at a seam where there is one in their second half."""
    while cell_len(line) > width:
        head = _head(line, width)
        seam = _SEAM.match(head)
        if seam is not None and 2 * cell_len(seam.group()) > width:
            head = seam.group()
        yield head
        line = line[len(head) :]
    yield line


def _head(text: str, width: int) -> str:
    """As many whole characters as fit into `width` cells, at least one."""
    head = set_cell_size(text, width)
    return head if text.startswith(head) else head[:-1] or text[0]
