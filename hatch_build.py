"""Compiles the interface's words when a wheel is built, editable or not; run as a script, does the same in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_words(root: Path) -> None:
    """Write a .mo beside every .po of the interface. Raises babel's PoFileError, with the line, for a broken one."""
    for source in sorted(root.glob("mtl_tui/locale/*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


class WordsHook(BuildHookInterface[BuilderConfig]):
    """Runs before hatchling gathers the files of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_words(Path(self.root))


if __name__ == "__main__":
    compile_words(Path(__file__).parent)
