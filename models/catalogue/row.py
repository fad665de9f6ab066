"""What every row of the catalogue has."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct


class Row(Struct, frozen=True, forbid_unknown_fields=True, tag_field="name"):
    """The settings of one data set, network or weighting; a recipe picks it by its tag, written `name`.

    `module` says where the code stands ("package.module:name"), `paper` where the method comes from (empty: nowhere but
    here). `presets` are settings that belong together: "tiny", "small", and "paper" where the paper states its own.
    `files` are the settings that name a file: a relative path starts at the recipe's file, or where the program does.
    """

    module: ClassVar[str]
    paper: ClassVar[str] = ""
    presets: ClassVar[dict[str, dict[str, Any]]] = {}
    files: ClassVar[tuple[str, ...]] = ()
