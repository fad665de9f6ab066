"""From a key to its handler in tmux, while 20,000 steps are trained in half a minute: `w` until it is acted on.

The program runs in a tmux server of its own and writes down when its handler is called; both sides read the same
monotonic clock. What is timed holds tmux, the terminal driver, and whatever the program was doing.

python tests/benchmarks/keys.py [KEYS]
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import report

from models.recipes import RECIPES, dumps, override

BAR = 0.05
PATIENCE_SECONDS = 60.0
ESCAPE_SECONDS = 0.3
"""A program waits after an escape whether more of a sequence comes; the next key is pressed once that is over."""
TIMES = "MTL_TUI_BENCHMARK_TIMES"


def program() -> None:
    """The program, which notes the time of each call of the handler of `w`."""
    from mtl_tui.__main__ import main as start
    from mtl_tui.screens.running import RunScreen

    handler = RunScreen.do_weights
    times = Path(os.environ[TIMES]).open("a", buffering=1)  # noqa: SIM115

    def timed(screen: RunScreen) -> None:
        times.write(f"{time.perf_counter()}\n")
        handler(screen)

    RunScreen.do_weights = timed  # type: ignore[method-assign]
    sys.argv = ["mtl-tui"]
    start()


class Tmux:
    """A tmux server with the program in its only pane."""

    def __init__(self, home: Path) -> None:
        self.times = home / "times"
        self.times.touch()
        self._tmux = ["tmux", "-L", f"mtl-tui-{os.getpid()}", "-f", os.devnull]
        environment = {**os.environ, "MTL_TUI_HOME": str(home), "LANG": "C.UTF-8", TIMES: str(self.times)}
        environment.pop("TMUX", None)
        command = f"{sys.executable} {Path(__file__).absolute()} program"
        self._run("new-session", "-d", "-x", "140", "-y", "44", command, env=environment)

    def close(self) -> None:
        """End the server and the program in it."""
        self._run("kill-server")

    def press(self, *keys: str) -> None:
        """Send keys to the program."""
        self._run("send-keys", *keys)

    def wait(self, text: str) -> None:
        """Until `text` stands in the pane. Raises TimeoutError."""
        end = time.perf_counter() + PATIENCE_SECONDS
        while text not in self._run("capture-pane", "-p"):
            if time.perf_counter() > end:
                raise TimeoutError(f"{text!r} did not appear")
            time.sleep(0.1)

    def handled(self, count: int) -> float:
        """When the handler was called for the `count`-th time. Raises TimeoutError."""
        end = time.perf_counter() + PATIENCE_SECONDS
        while len(lines := self.times.read_text().split("\n")) <= count:
            if time.perf_counter() > end:
                raise TimeoutError("the key was not handled")
            time.sleep(0.01)
        return float(lines[count - 1])

    def _run(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run([*self._tmux, *arguments], check=False, capture_output=True, text=True, env=env)
        return done.stdout


def main(keys: int) -> bool:
    """Time each key and print the 95th percentile."""
    if shutil.which("tmux") is None:
        print("tmux is not installed; nothing measured.", file=sys.stderr)
        return True
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.toml").write_text('language = "en"\npace = "0.5"\n', encoding="utf-8")
        (home / "recipes").mkdir()
        long = override(RECIPES["adult-mmoe"], {"training.steps": "20000"})
        (home / "recipes" / "long.toml").write_text(dumps(long), encoding="utf-8")
        tmux = Tmux(home)
        try:
            tmux.wait("mtl-tui")
            tmux.press("3")
            tmux.wait("Your recipes")
            tmux.press("Down", "Enter")
            tmux.wait("trains it live")
            tmux.press("t")
            tmux.wait("steps/s")
            for count in range(1, keys + 1):
                sent = time.perf_counter()
                tmux.press("w")
                seconds.append(tmux.handled(count) - sent)
                tmux.press("Escape")
                time.sleep(ESCAPE_SECONDS)
        finally:
            tmux.close()
    p95, median = statistics.quantiles(seconds, n=20)[-1], statistics.median(seconds)
    return report("key to handler in tmux while training, p95 seconds", p95, "<=", BAR, median_seconds=median)


if __name__ == "__main__":
    if sys.argv[1:2] == ["program"]:
        program()
    else:
        sys.exit(not main(*[int(argument) for argument in sys.argv[1:2]] or [60]))
