"""The log file: what is of no use on the screen, tracebacks above all. It rotates at 1 MB and keeps three old files."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from functools import cache

from mtl_tui import __version__, places
from mtl_tui.locale import say


def fault(error: BaseException) -> str:
    """Log the traceback of a fault in the program; returns a sentence that says so, with the file."""
    what = f"{type(error).__name__}: {error}"
    try:
        _logger().error("mtl-tui %s", __version__, exc_info=error)
    except OSError as reason:
        return say(
            "mtl-tui failed ({what}), and its log {file} cannot be written ({why}); what you answered is kept.",
            what=what,
            file=places.log(),
            why=reason.strerror,
        )
    return say(
        "mtl-tui failed ({what}); what you answered is kept. Please report it with the end of {file}.",
        what=what,
        file=places.log(),
    )


def trouble(error: OSError) -> str:
    """Log an error of the system that no command expected; returns a sentence on the file, or on the output."""
    with contextlib.suppress(OSError):
        _logger().error("mtl-tui %s", __version__, exc_info=error)
    why = error.strerror or str(error)
    if error.filename is None:
        return say("The output cannot be written ({why}); what you answered is kept.", why=why)
    return say(
        "{file} cannot be used ({why}); mend that, or name another. What you answered is kept.",
        file=error.filename,
        why=why,
    )


@cache
def _logger() -> logging.Logger:
    """Raises OSError if the file cannot be opened."""
    file = places.log()
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(file, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("mtl_tui")
    logger.propagate = False
    logger.addHandler(handler)
    return logger
