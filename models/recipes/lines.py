"""Where things stand in a TOML text: the line of every key, table and list item.

`tomllib` gives the values without their places; errors for people need both.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections import Counter

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""[ \t\r]+|\#[^\n]*
    |(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<bare>[\w-]+)
    |(?P<mark>.)""",
    re.DOTALL | re.VERBOSE,
)


def lines(text: str) -> list[tuple[Path, int]]:
    """The path and the line of each key, header and list item, in the order of the text.

    A key that is given twice is there twice. Reading ends without an error where the text stops being TOML.
    """
    reader = _Reader(text)
    with contextlib.suppress(_Unreadable):
        reader.document()
    return reader.found


class _Unreadable(Exception):
    """The text is not TOML from here on."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: list[tuple[Path, int]] = []
        self._tables: Counter[Path] = Counter()
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup is not None:
                self._tokens.append((match.lastgroup, match[0], line))
            line += match[0].count("\n")
        self._tokens.append(("end", "", line))
        self._at = 0

    def document(self) -> None:
        prefix: Path = ()
        while self._kind != "end":
            if self._accept("\n"):
                continue
            prefix = self._header() if self._token == "[" else self._pair(prefix)

    def _header(self) -> Path:
        line = self._line
        self._accept("[")
        many = self._accept("[")
        path: Path = ()
        for part in self._key():
            path = (*path, self._tables[path] - 1, part) if path in self._tables else (*path, part)
        if many:
            self._tables[path] += 1
            path = (*path, self._tables[path] - 1)
        self.found.append((path, line))
        while self._accept("]"):
            pass
        return path

    def _pair(self, prefix: Path) -> Path:
        """A key and its value; gives the prefix back."""
        line = self._line
        path = (*prefix, *self._key())
        if not self._accept("="):
            raise _Unreadable
        self.found.append((path, line))
        self._value(path)
        return prefix

    def _key(self) -> Path:
        parts: list[str] = []
        while not parts or self._accept("."):
            if self._kind not in ("bare", "string"):
                raise _Unreadable
            parts.append(self._token if self._kind == "bare" else _unquoted(self._token))
            self._at += 1
        return tuple(parts)

    def _value(self, path: Path) -> None:
        if self._accept("["):
            index = 0
            while not self._closed("]"):
                self.found.append(((*path, index), self._line))
                self._value((*path, index))
                self._separated()
                index += 1
        elif self._accept("{"):
            while not self._closed("}"):
                self._pair(path)
                self._separated()
        elif self._token in _ENDS:
            raise _Unreadable
        else:
            while self._kind != "end" and self._token not in _ENDS:
                self._at += 1

    def _closed(self, mark: str) -> bool:
        while self._accept("\n"):
            pass
        if self._kind == "end":
            raise _Unreadable
        return self._accept(mark)

    def _separated(self) -> None:
        while self._accept("\n") or self._accept(","):
            pass

    def _accept(self, mark: str) -> bool:
        if self._kind != "mark" or self._token != mark:
            return False
        self._at += 1
        return True

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def _token(self) -> str:
        return self._tokens[self._at][1]

    @property
    def _line(self) -> int:
        return self._tokens[self._at][2]


_ENDS = ("\n", ",", "]", "}", "")


def _unquoted(token: str) -> str:
    try:
        return str(tomllib.loads(f"key = {token}")["key"])
    except tomllib.TOMLDecodeError as error:
        raise _Unreadable from error
