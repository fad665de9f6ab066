"""Where the program starts: `mtl-tui`, or `python -m mtl_tui`."""

from __future__ import annotations

import io
import os
import sys

import click

from mtl_tui.commands import cli

UNEXPECTED = 70
"""Exit code of a fault in the program itself (EX_SOFTWARE of sysexits.h)."""


def main() -> None:
    """Run the command line. A fault in the program itself goes to the log file and is told in one sentence; so is a
    file that cannot be used, or output that finds no room.

    What a terminal's encoding has no character for is printed as a question mark. A standard stream that is closed is
    the null device: else the next file opened would take its place, and what is printed would go into it.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name="mtl-tui")
    except OSError as error:
        from mtl_tui import log

        click.echo(log.trouble(error), err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception as error:
        from mtl_tui import log

        click.echo(log.fault(error), err=True)
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()
