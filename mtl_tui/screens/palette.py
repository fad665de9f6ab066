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
        for binding in self._reachable():
            yield DiscoveryHit(_words(binding), self._doing(binding))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for binding in self._reachable():
            score = matcher.match(_words(binding))
            if score > 0:
                yield Hit(score, matcher.highlight(_words(binding)), self._doing(binding))

    def _reachable(self) -> list[Binding]:
        screen = self.screen
        if not isinstance(screen, KeyScreen):
            return []
        moves = ("row_", "scroll_", "focus_", "type_", "erase_", "palette", "pick")
        return [each for each in bindings.active(screen.contexts()) if not each.action.startswith(moves)]

    def _doing(self, binding: Binding):  # type: ignore[no-untyped-def]
        screen = self.screen
        assert isinstance(screen, KeyScreen)

        async def do() -> None:
            await screen.perform(binding, binding.keys[0] if binding.keys else "")

        return do


def palette() -> CommandPalette:
    """The palette over the present screen."""
    return CommandPalette(providers=[Commands], placeholder=say("Type to find a command"))


def _words(binding: Binding) -> str:
    return f"{say(binding.label)}  {say(binding.shown)}"
