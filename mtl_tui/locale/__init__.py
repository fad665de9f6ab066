"""Interface words in English and Chinese. The English sentence is the key; `use` switches live."""

from __future__ import annotations

import contextlib
import gettext
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_tables: dict[Language, gettext.NullTranslations] = {"en": gettext.NullTranslations()}
_language: Language = "en"


class Bilingual(Protocol):
    """Content carries both languages with it."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def use(language: Language) -> None:
    """Speak this language from now on."""
    global _language
    _language = language
    if language not in _tables:
        _tables[language] = gettext.translation("mtl_tui", Path(__file__).parent, languages=[language])


def language() -> Language:
    """The language spoken now."""
    return _language


def say(message: str, /, **fields: object) -> str:
    """The message in the present language, its {fields} filled in. What stands before \\x04 in it is its context."""
    words = _tables[_language].gettext(message).rpartition("\x04")[2] if message else ""
    return words.format(**fields) if fields else words


def later(message: str) -> str:
    """Marks a message for the catalogue that is translated only when it is shown."""
    return message


def pick(text: Bilingual) -> str:
    """Content in the present language."""
    return text.zh if _language == "zh" else text.en


@contextlib.contextmanager
def speaking(words: Language) -> Iterator[None]:
    """Speak another language for a while."""
    before = _language
    use(words)
    try:
        yield
    finally:
        use(before)
