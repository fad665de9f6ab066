"""Where the program starts: `mtl-tui`, or `python -m mtl_tui`."""

from __future__ import annotations

import io
import sys

import click

from mtl_tui.commands import cli

UNEXPECTED = 70
"""Exit code of a fault in the program itself (EX_SOFTWARE of sysexits.h)."""


def main() -> None:
    """Run the command line. A fault in the program itself goes to the log file and is told in one sentence.

    What a terminal's encoding has no character for is printed as a question mark.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name="mtl-tui")
    except Exception as error:
        from mtl_tui import log

        click.echo(log.fault(error), err=True)
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()
