"""Asking before code of the person's own is run: once for each content of its file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from models.own import Source
from mtl_tui import trust
from mtl_tui.locale import say
from mtl_tui.screens.overlay import Overlay
from mtl_tui.typeset import Block


class TrustScreen(Overlay):
    """A network stands in a file that is not trusted as it is now; `then` is called once it is."""

    def __init__(self, source: Source, then: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._source, self._then = source, then

    def contexts(self) -> Sequence[str]:
        return ("trust", "scroll", "global")

    def heading(self) -> str:
        return say("Run this file?")

    def blocks(self) -> list[Block]:
        code = self._source.code
        about = say(
            "{file} is a network of your own: {lines} lines, {size} bytes, SHA-256 {hash}. To train it is to run it. "
            "It can do anything that you can do.",
            file=self._source.path,
            lines=len(code.splitlines()),
            size=f"{len(code):,}",
            hash=self._source.sha256[:12],
        )
        return [
            Block(about),
            Block(""),
            Block(say("load it, now and as long as it stays the same"), lead="1  ", indent=3),
            Block(say("do not load it"), lead="2  ", indent=3),
            Block(""),
            Block(code.decode(errors="replace"), "code", verbatim=True),
        ]

    async def do_trust(self) -> None:
        try:
            trust.keep(self._source)
        except OSError as error:
            self.notify(
                say("{file} cannot be written ({why}); nothing was loaded.", file=trust.file(), why=error.strerror),
                severity="error",
            )
            return
        self.dismiss()
        await self._then()

    def do_distrust(self) -> None:
        self.dismiss()
