"""A network of one's own: a class in a Python file, which is loaded only if its very content is trusted.

Torch is imported only once such a file is.
"""

from __future__ import annotations

import difflib
import hashlib
import sys
import traceback
import types
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from models.recipe import RecipeError

if TYPE_CHECKING:
    from torch import nn


TRUSTED: set[str] = set()
"""The SHA-256 of the files that this process may load; only the person adds to it."""


class Source(NamedTuple):
    """The content of a file, and the class in it that is the network."""

    path: Path
    name: str
    code: bytes

    @property
    def sha256(self) -> str:
        """What trust is given to."""
        return hashlib.sha256(self.code).hexdigest()


def read(source: str) -> Source:
    """What `network.source` names: "net.py:Net". Nothing is run. Raises RecipeError."""
    file, _, name = source.rpartition(":")
    if not file.endswith(".py") or not name.isidentifier():
        raise RecipeError(
            f"network.source cannot be {source or 'empty'}; it takes a file and a class, such as net.py:Net."
        )
    path = Path(file).expanduser().absolute()
    try:
        return Source(path, name, path.read_bytes())
    except OSError as error:
        raise RecipeError(f"{path} cannot be read ({error.strerror}); correct network.source.") from error


def load_class(source: str, trusted: Collection[str]) -> type[nn.Module]:
    """The class that `network.source` names, from a file whose SHA-256 is among `trusted`; the file is run.

    What is run is what was hashed: the file is read once. It stands alone: its folder is not searched for modules.
    Raises RecipeError if the content is not trusted, or is no Python, or fails, or has no such class.
    """
    path, name, code = found = read(source)
    if found.sha256 not in trusted:
        raise RecipeError(
            f"{path} is not trusted as it is now, so it was not loaded; mtl-tui train asks about it, or takes --trust."
        )
    module = types.ModuleType(f"own_{found.sha256[:12]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        exec(compile(code, path, "exec", dont_inherit=True), vars(module))
    except (Exception, SystemExit) as error:
        raise failure(path, error) from error
    from torch import nn

    networks = [key for key, value in vars(module).items() if isinstance(value, type) and issubclass(value, nn.Module)]
    if name not in networks:
        close = difflib.get_close_matches(name, networks, n=1, cutoff=0.4)
        raise RecipeError(
            f"{path} has no class {name} that is a torch.nn.Module;{f' did you mean {close[0]}?' if close else ''} "
            "correct network.source."
        )
    network: type[nn.Module] = vars(module)[name]
    return network


def failure(path: Path, error: BaseException) -> RecipeError:
    """What went wrong in a person's own file, as one sentence with its line."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    reason = " ".join(str(error).split())
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines, reason = [error.lineno], error.msg
    where = f"{path}:{lines[-1]}" if lines else str(path)
    return RecipeError(f"{where}: {type(error).__name__}{f': {reason[:200]}' if reason else ''}; correct it there.")
