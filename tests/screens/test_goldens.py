"""Screens as they were last looked at: the text, and a digest of the style of every cell, line by line.

After a change of looks: UPDATE_GOLDENS=1 python -m pytest tests/screens/test_goldens.py, then read the difference.
"""

import hashlib
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.strip import Strip

from models.pairings import PAIRINGS
from mtl_tui.locale import pick, say
from mtl_tui.widgets.listing import Listing
from mtl_tui.widgets.plot import number
from mtl_tui.widgets.prose import Prose

GOLDENS = Path(__file__).parent / "goldens"
QUESTION = "listing1-repair"
TWELVE = ("why-cost", "mmoe-cosine", "share-count", "recipe-order", "mmoe-better", "esmm-gradient")


async def home(it) -> None:
    """Nothing answered yet."""


async def home_with_answers(it) -> None:
    for _ in range(2):
        screen = await it.ask(*TWELVE)
        for rating in "342334":
            screen.session.give_up()
            screen.session.rate(int(rating))
        await it.press("escape")


async def quiz(it) -> None:
    await it.press("2")


async def question(it) -> None:
    await it.ask(QUESTION)
    await it.press("2")


async def pairing(it) -> None:
    it.desk.lab.pace = "full"
    await it.ask(QUESTION)
    await it.press("0", "t")
    await it.until(lambda: it.desk.lab.record is not None and not it.desk.lab.record.live)
    await it.until(lambda: bool(it.app.screen.query_one("#closing", Prose).blocks))


async def lab(it) -> None:
    await it.press("3", "down")


async def form(it) -> None:
    await it.press("3", "enter")
    screen = it.app.screen
    screen.form.set(screen.form.steps()["network"][0], "mmoe")
    screen.retext()
    screen.query_one(Listing).move_to([each.key if each else "" for each in screen._settings].index("network.experts"))
    await it.press("right")


async def notes(it) -> None:
    await home_with_answers(it)
    await it.press("4")


async def run_of_seeds(it) -> None:
    await it.watch("seeds")


async def run_in_conflict(it) -> None:
    await it.watch("two-arms")
    await it.turn_to(say("share of conflicting steps"))


async def run_in_numbers(it) -> None:
    await it.watch("five-tasks")
    await it.turn_to(say("best at step"))


async def help_(it) -> None:
    await it.ask(QUESTION)
    await it.press("?")


SCREENS = {
    "home": home,
    "home-answers": home_with_answers,
    "quiz": quiz,
    "question": question,
    "pairing": pairing,
    "run-seeds": run_of_seeds,
    "run-conflict": run_in_conflict,
    "run-numbers": run_in_numbers,
    "lab": lab,
    "form": form,
    "notes": notes,
    "help": help_,
}
SIZES = ((80, 24), (140, 44))


def digest(strip: Strip) -> str:
    """Eight hex digits for the styles of a line, cell by cell."""
    cells = [str(segment.style) for segment in strip for _ in range(cell_len(segment.text))]
    return hashlib.blake2b("\n".join(cells).encode(), digest_size=4).hexdigest()


def golden_of(strips: list[Strip]) -> str:
    return "".join(f"{digest(strip)} {strip.text.rstrip()}\n" for strip in strips)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
@pytest.mark.parametrize("name", SCREENS)
async def test_golden(program, name: str, size: tuple[int, int], language: str) -> None:
    async with program(language=language, size=size) as it:
        await SCREENS[name](it)
        it.app.screen.retext()
        await it.pilot.pause()
        strips = it.app.screen._compositor.render_strips()
        text = it.text
        plainly_right(it, name)
    file = GOLDENS / f"{name}-{language}-{size[0]}x{size[1]}.txt"
    now = golden_of(strips)
    if os.environ.get("UPDATE_GOLDENS"):
        GOLDENS.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    then = file.read_text(encoding="utf-8")
    words = [line[9:] for line in then.splitlines()]
    assert [line.rstrip() for line in text.splitlines()] == words, "other words"
    assert now == then, "the words are the same, their colours are not"


def plainly_right(it, name: str) -> None:
    """What must be on the screen whatever the golden says."""
    assert all(cell_len(line) == it.app.size.width for line in it.lines), "a character was cut or pushed out"
    assert not re.search(r"\{\w+\}|\bNone\b|Traceback", it.text)
    if name == "pairing":
        record, spec = it.desk.lab.record, PAIRINGS["listing1-softmax"]
        assert pick(spec.watch) in it.app.screen.query_one("#watch", Prose).blocks[0].text
        for task in record.hello.tasks:
            assert it.shows(pick(task.label))
            for arm in record.hello.arms:
                assert it.shows(f"{arm.key}{number(record.value(arm.key, 'auc', task.name))}")
        assert all(it.shows(pick(arm.label)) for arm in spec.arms)
    assert it.lines[0].strip() and it.lines[-1].strip()
