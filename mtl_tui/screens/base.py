"""What every screen shares: keys by the one table, a header, a footer, live language, a floor under the window size."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mtl_tui import bindings
from mtl_tui.bindings import Binding
from mtl_tui.locale import later, say
from mtl_tui.typeset import SMALLEST, fill, quoted, wrap
from mtl_tui.widgets.keybar import KeyBar

if TYPE_CHECKING:
    from mtl_tui.app import MtlApp

TOLD_SECONDS = 4
MODES = (("home", later("Home")), ("quiz", later("Quiz")), ("lab", later("Lab")), ("notes", later("Notes")))


class Line(Widget):
    """One line of text: something on the left, something on the right."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left = self._right = ""

    def show(self, left: str, right: str = "") -> None:
        """Change the text; draws only if it differs."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        text = fill(self._left, self._right, width) if self._right else self._left
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(width, self.rich_style)


class Tabs(Line):
    """The header of a mode screen: the numbered modes, the present one in brackets; a click goes there."""

    class Chosen(Message):
        """A mode was clicked."""

        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def show_mode(self, here: str) -> None:
        """Draw the tabs with `here` in brackets."""
        parts = []
        for number, (mode, label) in enumerate(MODES, start=1):
            text = f"{number} {say(label)}"
            parts.append(f"[{text}]" if mode == here else f" {text} ")
        self._parts = parts
        keys = say("z 中/EN   ? help   : commands") if self.app.size.width >= 80 else ""
        self.show(" mtl-tui  " + "  ".join(parts), keys + " ")

    def on_click(self, event: events.Click) -> None:
        from mtl_tui.typeset import width_of

        at = len(" mtl-tui  ")
        for (mode, _), part in zip(MODES, self._parts, strict=True):
            if at <= event.x < at + width_of(part):
                self.post_message(self.Chosen(mode))
            at += width_of(part) + 2


class TooSmall(Widget):
    """Covers the screen while the window is smaller than SMALLEST; nothing beneath it is lost."""

    def render_line(self, y: int) -> Strip:
        width, height = self.app.size
        message = say(
            "Window too small: {width}x{height}, at least {least}; enlarge it or use mtl-tui quiz --plain.",
            width=width,
            height=height,
            least="x".join(map(str, SMALLEST)),
        )
        lines = wrap(message, max(width - 1, 8))
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


class KeyScreen(Screen[None]):
    """A screen whose keys come from the table. `contexts` says which of them hold now."""

    AUTO_FOCUS = ""
    _told_until = 0.0
    _typed_in: Widget | None = None

    @property
    def mtl(self) -> MtlApp:
        """The app, by its own type."""
        return cast("MtlApp", self.app)

    @property
    def bar(self) -> KeyBar:
        """The footer."""
        return self.query_one("#keys", KeyBar)

    def contexts(self) -> Sequence[str]:
        """Contexts that hold now, the nearest first."""
        return ("global",)

    def compose(self) -> ComposeResult:
        yield from self.compose_body()
        yield Line(classes="rule")
        yield KeyBar(id="keys")
        yield Line(id="caption")
        yield TooSmall(id="too-small")

    def compose_body(self) -> ComposeResult:
        """The screen's own widgets, between the top and the footer."""
        yield from ()

    def text_to_copy(self) -> str:
        """What `y` copies here; nothing by default."""
        return ""

    def show_caption(self, text: str, key: str) -> None:
        """Show a caption and the key just pressed in place of the footer, as the demo does."""
        self.add_class("-captioned")
        self.query_one("#caption", Line).show(quoted(text), key)

    def retext(self) -> None:
        """Write every word again: after a change of language, or of what is shown."""
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """Let the footer show what the keys do now."""
        active = list(bindings.active(self.contexts()))
        if isinstance(self.focused, Input | TextArea):
            active = [each for each in map(bindings.while_typing, active) if each is not None]
        rest = next((binding for binding in active if binding.action == "palette"), None)
        self.bar.show([binding for binding in active if binding.footer], rest)

    def on_mount(self) -> None:
        self.retext()

    def on_screen_resume(self) -> None:
        self.retext()

    def on_descendant_focus(self) -> None:
        self.refresh_keys()

    def on_descendant_blur(self) -> None:
        self.refresh_keys()

    def on_resize(self, event: events.Resize) -> None:
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        if small and not self.has_class("-small"):
            self._typed_in = self.focused
            self.set_focus(None)
        elif not small and self.has_class("-small"):
            self.set_focus(self._typed_in)
        self.set_class(small, "-small")
        self.set_class(event.size.width >= 100, "-wide")
        self.set_class(event.size.width >= 120, "-broad")
        self.set_class(event.size.width < 80, "-narrow")
        self.retext()

    async def on_key(self, event: events.Key) -> None:
        """Dispatch by the table; an alt key is esc and a key that a terminal joined."""
        name = bindings.key_name(event.key, event.character)
        if self.mtl.scripted:
            event.stop()
            await self.mtl.hear(name)
            return
        if name.startswith("alt+"):
            event.stop()
            await self.press("escape")
            self.app.screen.call_later(self._press_later, name.removeprefix("alt+"))
            return
        if await self.press(name):
            event.stop()
            event.prevent_default()
        elif name == "han":
            self._tell_of_input_method()

    def _tell_of_input_method(self) -> None:
        """Say it once, not with each character of a sentence."""
        now = time.monotonic()
        if now >= self._told_until:
            self._told_until = now + TOLD_SECONDS
            said = say("An input method is on: switch it to English, or use tab and enter.")
            self.notify(said, timeout=TOLD_SECONDS)

    async def _press_later(self, name: str) -> None:
        screen = self.app.screen
        if isinstance(screen, KeyScreen):
            await screen.press(name)

    async def press(self, name: str) -> bool:
        """Do what a key means here; False if it means nothing."""
        bar = self.bar
        if self.has_class("-small") and name not in ("escape", "q", "ctrl+c"):
            return True
        if name == "enter" and bar.press():
            return True
        binding = bindings.find(self.contexts(), name)
        if binding is None:
            return False
        if binding.action not in ("focus_next", "focus_previous"):
            bar.leave()
        await self.perform(binding, name)
        return True

    async def perform(self, binding: Binding, key: str) -> None:
        """Run a binding's action: a method of this screen, or of the app."""
        method = getattr(self, f"do_{binding.action}", None) or getattr(self.mtl, f"do_{binding.action}")
        result = method(key) if binding.action in bindings.TAKES_KEY else method()
        if result is not None:
            await result
        self.refresh_keys()

    async def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """A footer item does what its key does."""
        message.stop()
        await self.perform(message.binding, message.key)

    def do_focus_next(self) -> None:
        self.bar.move(1)

    def do_focus_previous(self) -> None:
        self.bar.move(-1)

    def do_back(self) -> None:
        self.dismiss()


class ModeScreen(KeyScreen):
    """One of the four modes, with the numbered tabs on top."""

    mode = ""

    def contexts(self) -> Sequence[str]:
        return (self.mode, "mode", "list", "global")

    def compose(self) -> ComposeResult:
        yield Tabs(id="tabs")
        yield Line(classes="rule")
        yield from super().compose()

    def retext(self) -> None:
        self.query_one(Tabs).show_mode(self.mode)
        super().retext()

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        self.app.switch_mode(message.mode)

    def do_back(self) -> None:
        self.app.switch_mode("home")
