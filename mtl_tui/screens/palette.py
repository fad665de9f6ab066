"""The command palette: what can be done here, found by typing."""

from __future__ import annotations

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from mtl_tui import bindings
from mtl_tui.bindings import Binding
from mtl_tui.locale import say
from mtl_tui.screens.base import KeyScreen


class Commands(Provider):
    """Offers the bindings of the screen beneath, by their words in the present language."""

    async def discover(self) -> Hits:
        for binding, key in self._reachable():
            yield DiscoveryHit(_words(binding, key), self._doing(binding, key))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for binding, key in self._reachable():
            words = _words(binding, key)
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), self._doing(binding, key))

    def _reachable(self) -> list[tuple[Binding, str]]:
        """What can be done, and by which key; a binding that goes two ways is there twice."""
        screen = self.screen
        if not isinstance(screen, KeyScreen):
            return []
        moves = ("row_", "scroll_", "focus_", "type_", "erase_", "palette", "pick")
        return [
            (each, key)
            for each in bindings.active(screen.contexts())
            if not each.action.startswith(moves)
            for key in bindings.two_ways(each) or each.keys[:1] or ("",)
        ]

    def _doing(self, binding: Binding, key: str):  # type: ignore[no-untyped-def]
        screen = self.screen
        assert isinstance(screen, KeyScreen)

        async def do() -> None:
            await screen.perform(binding, key)

        return do


def palette() -> CommandPalette:
    """The palette over the present screen."""
    return CommandPalette(providers=[Commands], placeholder=say("Type to find a command"))


def _words(binding: Binding, key: str) -> str:
    ways, shown = bindings.two_ways(binding), say(binding.shown)
    if ways is not None:
        shown = (shown.split() if " " in shown else list(shown))[ways.index(key)]
    return f"{say(binding.label)}  {shown}"
