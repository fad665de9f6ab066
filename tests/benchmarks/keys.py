"""From a key in tmux to what it shows, while a run goes flat out: `w` until the task weights are on the terminal.

tmux hands over everything the program writes (its control mode), so nothing is polled. What is timed holds the handler,
the drawing, and tmux on both ways; the bar is the one for the handler alone.

python tests/benchmarks/keys.py [KEYS]
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from _report import report

from models.recipes import RECIPES, dumps, override

SIZE = ("140", "44")
BAR = 0.05
PATIENCE_SECONDS = 60.0
PROMPT = "Task weights:"


class Tmux:
    """The program in a tmux server of its own, driven through a control client."""

    def __init__(self, home: Path) -> None:
        socket = f"mtl-tui-{os.getpid()}"
        self._tmux = ["tmux", "-L", socket, "-f", os.devnull]
        program = f"{sys.executable} -P -m mtl_tui"
        environment = {**os.environ, "MTL_TUI_HOME": str(home), "LANG": "C.UTF-8"}
        environment.pop("TMUX", None)
        self._client = subprocess.Popen(
            [*self._tmux, "-C", "new-session", "-x", SIZE[0], "-y", SIZE[1], program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)
        self._client.wait(10)

    def press(self, *keys: str) -> None:
        """Send keys to the program."""
        assert self._client.stdin is not None
        self._client.stdin.write(("send-keys " + " ".join(f"'{key}'" for key in keys) + "\n").encode())
        self._client.stdin.flush()

    def wait(self, text: str) -> None:
        """Until the program writes `text`, or, if that is empty, a braille dot. Raises TimeoutError."""
        end = time.perf_counter() + PATIENCE_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(end - time.perf_counter(), 0.001))
            except Empty:
                raise TimeoutError(f"{text!r} did not appear") from None
            dots = any("\u2801" <= character <= "\u28ff" for character in line)
            if line.startswith("%output") and (text in line if text else dots):
                return

    def quiet(self) -> None:
        """Forget what has been written so far."""
        while not self._lines.empty():
            self._lines.get()

    def _read(self) -> None:
        assert self._client.stdout is not None
        for line in self._client.stdout:
            self._lines.put(line.decode("utf-8", "replace"))


def main(keys: int) -> bool:
    """Time each key and print the 95th percentile."""
    if shutil.which("tmux") is None:
        print("tmux is not installed; nothing measured.", file=sys.stderr)
        return True
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.toml").write_text('language = "en"\npace = "full"\n', encoding="utf-8")
        (home / "recipes").mkdir()
        long = override(RECIPES["adult-mmoe"], {"training.steps": "500000"})
        (home / "recipes" / "long.toml").write_text(dumps(long), encoding="utf-8")
        with Tmux(home) as tmux:
            tmux.wait("mtl-tui")
            tmux.press("3")
            tmux.wait("Your recipes")
            tmux.press("Down", "Enter")
            tmux.wait("trains it live")
            tmux.press("t")
            tmux.wait("")
            for _ in range(keys):
                tmux.quiet()
                begun = time.perf_counter()
                tmux.press("w")
                tmux.wait(PROMPT)
                seconds.append(time.perf_counter() - begun)
                tmux.press("Escape")
                tmux.wait("")
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return report(
        "key to screen in tmux while training, p95 seconds", p95, "<=", BAR, median=statistics.median(seconds)
    )


if __name__ == "__main__":
    sys.exit(not main(*[int(argument) for argument in sys.argv[1:2]] or [60]))
