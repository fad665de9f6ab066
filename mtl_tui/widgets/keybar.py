"""The footer: what the keys do here. Every item can be clicked, or reached by tab and pressed by enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mtl_tui.bindings import Binding, two_ways
from mtl_tui.locale import say
from mtl_tui.typeset import width_of

GAP = 2
LASTING = frozenset({"help", "back"})
"""What keeps its place when not everything fits."""


class Item(NamedTuple):
    """A binding as it stands in the bar, from cell `start` to cell `end`; `place` counts those not shown too."""

    place: int
    binding: Binding
    start: int
    end: int

    def key_at(self, x: int) -> str:
        """The key that a click means: the right half of the keys, or of the words, is the second of two ways."""
        ways = two_ways(self.binding)
        keys = width_of(say(self.binding.shown))
        within = x - self.start
        right = within * 2 >= keys if within < keys else (within - keys) * 2 >= self.end - self.start - keys
        return ways[right] if ways else self.binding.keys[0] if self.binding.keys else ""


class KeyBar(Widget):
    """One line of keys, two blanks apart, or `least` where those do not fit. What does not fit comes into sight when
    tab reaches it; a last item then has all of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--label", "keybar--here"}
    DEFAULT_CSS = "KeyBar { height: 1; }"

    class Pressed(Message):
        """An item was clicked, or entered: the binding, and which of its keys is meant."""

        def __init__(self, binding: Binding, key: str) -> None:
            super().__init__()
            self.binding, self.key = binding, key

    def __init__(self, *, least: int = GAP, id: str | None = None) -> None:
        super().__init__(id=id)
        self._least, self._gap = least, GAP
        self._shown: list[Binding] = []
        self._rest: Binding | None = None
        self._items: list[Item] = []
        self.here: int | None = None

    def show(self, bindings: Sequence[Binding], rest: Binding | None = None) -> None:
        """Show these bindings, and `rest` behind them if they do not all fit.

        The position reached by tab stays on its binding, if that is still there.
        """
        reached = None if self.here is None else self._shown[self.here]
        self._shown, self._rest = list(bindings), rest
        self.here = self._shown.index(reached) if reached in self._shown else None
        self._place()

    def move(self, by: int) -> None:
        """Go to the next or previous item; past the ends the bar is left."""
        count = len(self._shown)
        place = (-1 if by > 0 else count) if self.here is None else self.here
        place += by
        self.here = place if 0 <= place < count else None
        self._place()

    def leave(self) -> None:
        """Nothing is reached by tab any more."""
        if self.here is not None:
            self.here = None
            self._place()

    def press(self) -> bool:
        """Press the item reached by tab; False if there is none."""
        item = next((item for item in self._items if item.place == self.here), None)
        if item is None:
            return False
        self.post_message(self.Pressed(item.binding, item.key_at(item.start)))
        return True

    def on_resize(self) -> None:
        self._place()

    def on_click(self, event: events.Click) -> None:
        for item in self._items:
            if item.start <= event.x < item.end:
                self.post_message(self.Pressed(item.binding, item.key_at(event.x)))

    def render_line(self, y: int) -> Strip:
        key, label = self.get_component_rich_style("keybar--key"), self.get_component_rich_style("keybar--label")
        here = self.get_component_rich_style("keybar--here")
        segments = [Segment(" ", label)]
        for item in self._items:
            styles = (here, here) if item.place == self.here else (key, label)
            segments += [
                Segment(say(item.binding.shown), styles[0]),
                Segment(_text(item.binding).removeprefix(say(item.binding.shown)), styles[1]),
                Segment(" " * self._gap, label),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, label)

    def _place(self) -> None:
        """The items in sight: from the first on, or so many left out at the front that the one reached is seen."""
        width = sum(width_of(_text(each)) + GAP for each in self._shown)
        self._gap = GAP if width + 1 - GAP <= self.size.width else self._least
        width -= (GAP - self._gap) * len(self._shown)
        whole = self._rest is None or 1 + width - self._gap <= self.size.width
        bindings = self._shown if whole or self._rest is None else [*self._shown, self._rest]
        for first in range(len(bindings)):
            self._items = self._from(first, bindings)
            if self.here is None or any(item.place == self.here for item in self._items):
                break
        self.refresh()

    def _from(self, first: int, bindings: Sequence[Binding]) -> list[Item]:
        """The items from a place on, cut where the ones that keep their place begin."""
        at, items = 1, []
        lasting = [place for place, each in enumerate(bindings) if each.action in LASTING or each is self._rest]
        reserve = sum(width_of(_text(bindings[place])) + self._gap for place in lasting)
        for place, binding in enumerate(bindings):
            width = width_of(_text(binding))
            if place in lasting:
                reserve -= width + self._gap
            elif place < first:
                continue
            if at + width + reserve <= self.size.width:
                items.append(Item(place, binding, at, at + width))
                at += width + self._gap
        return items


def _text(binding: Binding) -> str:
    return f"{say(binding.shown)} {say(binding.label)}".lstrip()
