"""A text written in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from mtl_tui.locale import say


class EditorError(Exception):
    """There is no editor, or it did not end well; the message is one sentence for people."""


def editor() -> list[str]:
    """The command of $VISUAL, else of $EDITOR. Raises EditorError."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise EditorError(say("No editor is set: export EDITOR=vim (or another) before you start mtl-tui."))
    return words


def edited(text: str, suffix: str) -> str:
    """The text as it is after the editor has ended, from a file whose name ends in `suffix`. Raises EditorError."""
    command = editor()
    with tempfile.TemporaryDirectory(prefix="mtl-tui-") as folder:
        file = Path(folder) / f"answer{suffix}"
        try:
            file.write_text(text, encoding="utf-8")
            done = subprocess.run([*command, str(file)], check=False)
            written = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            message = say("{editor} cannot be used: {why}; the text is as it was.", editor=command[0], why=why)
            raise EditorError(message) from error
    if done.returncode:
        message = say(
            "{editor} ended with code {code}; the text is as it was.", editor=command[0], code=done.returncode
        )
        raise EditorError(message)
    return written
