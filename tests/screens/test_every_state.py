"""A walk through every screen and state of the program, and what must hold in each of them."""

import gettext
import re
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len
from textual.command import CommandList
from textual.widgets import Input, TextArea

from models.catalogue.features import Features
from models.catalogue.fields import fields, rows
from models.catalogue.networks import Network
from models.catalogue.tasks import Tasks
from models.catalogue.weighting import Weighting
from models.own import Source
from models.pairings import PAIRINGS
from models.recipe import Training
from models.recipes import RECIPES, TITLES
from mtl_tui import bindings, locale
from mtl_tui.screens.base import KeyScreen
from mtl_tui.screens.notes import NotesScreen
from mtl_tui.screens.session import SessionScreen
from mtl_tui.screens.trust import TrustScreen
from mtl_tui.widgets.keybar import KeyBar

LEAVING = {"escape", "q"}
"""Keys that lead one level up, whichever that is."""


async def walk(it) -> AsyncIterator[str]:
    """Goes everywhere, and stops at each place with its name."""
    desk, press = it.desk, it.press
    yield "home, nothing answered"
    await press(",")
    yield "settings"
    await press("F")
    yield "fitting the schedule, too few answers"
    await press("escape", "escape", "?")
    yield "help"
    await press("escape", "2")
    yield "quiz"
    await press("3")
    yield "lab"
    await press("end", "enter")
    yield "lab, a recipe before its run"
    await press("e")
    yield "form"
    await press("enter")
    yield "rows to pick from"
    await press("escape", "down", "enter")
    yield "form, a value is typed"
    await press("x", "enter")
    yield "form, a value is refused"
    await press("escape", "left", "S")
    yield "form, changed and saved to a file"
    await press("escape")
    screen = it.app.screen
    await it.app.push_screen(TrustScreen(Source(Path("net.py"), "Net", b"class Net: ...\n"), screen.do_train))
    await it.pilot.pause()
    yield "a network of one's own"
    await press("2", "escape", "escape")
    yield "lab, with a recipe in no file"
    await press("4")
    yield "notes, empty"
    await press("1")
    for question in ("mmoe-cosine", "share-count", "recipe-order", "listing1-softmax-line"):
        screen = await it.ask(question)
        yield f"asking {question}"
        await press("h") if question != "share-count" else screen.do_hint()
        await press("enter")
        yield f"{question}, hint, nothing chosen"
        screen.do_give_up()
        await it.pilot.pause()
        yield f"{question}, graded"
        await press("escape")
    screen = await it.ask("listing1-softmax-line")
    other = next(line.line for line in screen.session.question.lines if not line.right)
    await press(*str(other), "enter")
    yield "a line that is wrong otherwise"
    await press(*str(next(line.line for line in screen.session.question.lines if line.right)), "enter")
    yield "the reason for a line"
    await press("1", "enter", "2")
    yield "a reason, graded"
    await press("b")
    yield "ways to set aside"
    await press("escape", "escape")
    await it.ask("bias-exposure")
    yield "asking for several options"
    await press("1", "2", "enter", "3")
    yield "several options, graded"
    await press("escape")
    await it.ask("free-single-task-wins")
    yield "in the box of a text"
    await it.type("任务冲突时容量不够。")
    await press("tab")
    yield "a text, out of its box"
    await press("enter", "2")
    yield "points"
    await press("S")
    yield "a synonym"
    await press("escape", "enter")
    yield "a text, graded"
    await press("escape")
    await it.ask("mmoe-one-gate")
    yield "asking, can be trained"
    await press("1", "enter")
    yield "confidence"
    await press("3")
    yield "graded"
    desk.lab.pace = "0.5"
    await press("t")
    await it.until(lambda: desk.lab.record.hello is not None)
    yield "live"
    await press("space")
    await it.until(lambda: desk.lab.paused)
    yield "paused"
    await press("w")
    yield "task weights"
    await press("escape", "q")
    await press("q")
    yield "quit, with a live run"
    await press("2")
    other_question = await it.ask("listing1-softmax-line")
    other_question.do_give_up()
    yield "graded, another run is live"
    await press("escape")
    await it.ask("mmoe-one-gate")
    await press("1", "enter", "3", "t", "space", *">>>>")
    await it.until(lambda: not desk.lab.live)
    await press("v", "left")
    yield "ended, gates, cursor"
    await press("f", "s", "l", "o")
    yield "ended, full screen"
    await press("f", "tab")
    yield "after tab"
    await press("escape")
    screen = await it.ask("mmoe-cosine")
    screen.do_give_up()
    await press("4")
    yield "over"
    await press("enter")
    yield "home, with answers"
    await press("3")
    yield "lab, with a run"
    await press("4")
    yield "notes"
    await press("tab")
    yield "reading the note"
    for run in ("seeds", "two-arms"):
        screen = await it.watch(run)
        for page in range(screen.panel().views):
            yield f"{run}, page {page}"
            await press("v")
    await press("a")
    yield "going on"


@pytest.fixture(scope="session")
def english(bank) -> dict[str, re.Pattern[str]]:
    """Messages of the catalogue that read differently in Chinese: their longest literal part as a pattern.

    Words that Chinese content has too (code, names, AUC) are left out.
    """
    folder = Path(locale.__file__).parent
    catalogue = gettext.translation("mtl_tui", folder, languages=["zh"])._catalog  # type: ignore[attr-defined]
    content = [*_zh(msgspec.to_builtins(bank)), *(line for lines in bank.listings.values() for line in lines)]
    content += [*_zh(msgspec.to_builtins(PAIRINGS)), *_zh(msgspec.to_builtins(TITLES)), *RECIPES, *PAIRINGS]
    content += ["enter esc tab space home end pgup pgdn ctrl+c ctrl+p shift+tab backspace learning_rate"]
    content += [msgspec.json.encode(list(RECIPES.values())).decode()]
    structs = (Features, Training, *(row for union in (Tasks, Network, Weighting) for row in rows(union).values()))
    content += [word for struct in structs for field in fields(struct) for word in (field.name, *field.choices)]
    chinese = " ".join([*content, *catalogue.values()])
    patterns = {}
    for message, translated in catalogue.items():
        part = max(re.split(r"\{\w+\}", message), key=len).strip() if message else ""
        if translated == message or not re.search("[A-Za-z]{2}", part):
            continue
        pattern = re.compile(rf"(?<![A-Za-z]){re.escape(part)}(?![A-Za-z])")
        if not pattern.search(chinese):
            patterns[message] = pattern
    assert len(patterns) > 100
    return patterns


def _zh(tree: object) -> list[str]:
    match tree:
        case {"zh": str(text), **_rest}:
            return [text]
        case dict():
            return [text for value in tree.values() for text in _zh(value)]
        case list() | tuple():
            return [text for value in tree for text in _zh(value)]
        case _:
            return []


def check_words(it, place: str, english: dict[str, re.Pattern[str]]) -> None:
    flat = re.sub(r"\s+", " ", it.text)
    left = [message for message, pattern in english.items() if pattern.search(flat)]
    assert not left, f"{place}: English in Chinese: {left}\n{it.text}"


def check_keys(it, place: str) -> None:
    """No key means two things here, and every meaning is a method of the screen or the app."""
    screen = it.app.screen
    contexts = screen.contexts()
    here = [binding for binding in bindings.BINDINGS if binding.context in contexts]
    for key in {key for binding in here for key in binding.keys} - LEAVING:
        meanings = {binding.action for binding in here if key in binding.keys}
        assert len(meanings) == 1, f"{place}: {key} means {meanings}"
    for binding in here:
        assert any(hasattr(each, f"do_{binding.action}") for each in (screen, it.app)), f"{place}: {binding}"


def check_footer(it, place: str) -> None:
    """Items stand apart, inside the window, help and back always among them; what is left out is in the palette.

    While a box has the keys no item names one that would be typed.
    """
    bar = it.app.screen.bar
    items = bar._items
    assert items and items[-1].end <= bar.size.width, place
    assert all(one.end < other.start for one, other in pairwise(items)), place
    shown = {item.binding.action for item in items}
    here = [each for each in bindings.active(it.app.screen.contexts()) if each.footer]
    if isinstance(it.app.screen.focused, Input | TextArea):
        here = [each for each in here if not each.keys or any(len(key) > 1 and key != "space" for key in each.keys)]
        assert all(len(item.binding.shown) != 1 for item in items), f"{place}: {shown}"
    wanted = {each.action for each in here}
    assert {"help", "back"} & wanted <= shown, f"{place}: {shown}"
    for grades in it.app.screen.query(KeyBar).filter("#grades"):
        assert not grades.display or not grades.size.width or len(grades._items) == 4, place
    assert wanted <= shown or "palette" in shown, f"{place}: {wanted - shown} cannot be clicked"


def check_lines(it, place: str) -> None:
    """Every line is as wide as the window: no character is cut in half, none pushes another out."""
    for line in it.lines:
        assert cell_len(line) == it.app.size.width, f"{place}: {line!r}"


@pytest.mark.parametrize(
    ("size", "settings", "colour"),
    [
        ((80, 24), {"language": "zh"}, True),
        ((140, 44), {"language": "zh", "theme": "light"}, True),
        ((80, 24), {"language": "en", "theme": "light"}, False),
        ((60, 16), {"language": "en"}, True),
    ],
    ids=["zh-80x24", "zh-140x44-light", "en-80x24-no-colour", "en-60x16"],
)
async def test_every_state(program, english, monkeypatch, size, settings, colour) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    places = []
    async with program(size=size, **settings) as it:
        async for place in walk(it):
            assert isinstance(it.app.screen, KeyScreen), place
            check_keys(it, place)
            check_footer(it, place)
            check_lines(it, place)
            if settings["language"] == "zh":
                check_words(it, place, english)
            places.append(place)
    assert len(places) == len(set(places)) >= 35


async def test_tab_reaches_every_item_of_the_footer_and_comes_round(program) -> None:
    seen = set()
    async with program(language="zh") as it:
        async for place in walk(it):
            screen = it.app.screen
            if (state := (type(screen), tuple(screen.contexts()))) in seen:
                continue
            seen.add(state)
            bar, wanted, reached = screen.bar, set(), set()
            bar.leave()
            for _ in range(60):
                wanted |= {binding.action for binding in bar._shown} if not _elsewhere(screen) else set()
                await it.pilot.press("tab")
                if bar.here is not None:
                    item = next(item for item in bar._items if item.place == bar.here)
                    reached.add(item.binding.action)
                elif reached:
                    break
            assert wanted <= reached, f"{place}: tab does not reach {wanted - reached}"


def _elsewhere(screen: KeyScreen) -> bool:
    return isinstance(screen, NotesScreen) and screen._reading


async def test_every_footer_item_can_be_clicked(program) -> None:
    async with program(language="zh") as it:
        screen = await it.ask("mmoe-idle-expert")
        await it.press("1")
        await click(it, "hand_in")
        assert screen.session.phase == "confidence"
        await click(it, "sure_1")
        assert screen.session.confidence == 1 and screen.session.phase == "graded"
        await click(it, "note")
        assert it.desk.store.in_note("question") == ["mmoe-idle-expert"]
        await click(it, "language")
        assert it.desk.settings.language == "en"
        await click(it, "grade_2", "#grades")
        assert it.desk.store.last_review("mmoe-idle-expert").grade == 2
        await click(it, "undo")
        assert it.desk.store.last_review("mmoe-idle-expert") is None


async def click(it, action: str, bar: str = "#keys") -> None:
    """Click the middle of an item."""
    item = next(item for item in it.app.screen.query_one(bar, KeyBar)._items if item.binding.action == action)
    await it.pilot.click(bar, offset=((item.start + item.end) // 2, 0))
    await it.pilot.pause()


async def test_a_two_way_item_goes_the_way_that_was_clicked(program) -> None:
    async with program(size=(140, 44)) as it:
        screen = await it.ask("mmoe-one-gate")
        it.desk.lab.pace = "1"
        await it.press("0", "t")
        await it.until(lambda: "live" in screen.contexts())
        item = next(item for item in screen.bar._items if item.binding.action == "pace")
        await it.pilot.click("#keys", offset=(item.start + 2, 0))
        await it.pilot.click("#keys", offset=(item.end - 1, 0))
        assert it.desk.lab.pace == "4"
        await it.pilot.click("#keys", offset=(item.start, 0))
        assert it.desk.lab.pace == "2"


async def test_no_size_breaks_a_screen_and_one_too_small_says_so(program) -> None:
    async with program(language="zh") as it:
        async for place in walk(it):
            if "live" not in place and place not in ("notes", "lab", "home, with answers", "ended, gates, cursor"):
                continue
            await it.resize(140, 44)
            check_lines(it, place)
            for width, height in ((58, 14), (20, 5)):
                await it.resize(width, height)
                assert it.shows("窗口太小"), f"{place} at {width}x{height}\n{it.text}"
            await it.resize(80, 24)
            check_lines(it, place)
            assert not it.shows("窗口太小")


async def test_help_lists_every_key_of_the_screen_beneath(program) -> None:
    async with program(size=(100, 60)) as it:
        screen = await it.ask("mmoe-one-gate")
        await it.press("0", "t")
        await it.until(lambda: "live" in screen.contexts())
        expected = [(binding.shown, binding.label) for binding in bindings.active(screen.contexts())]
        await it.press("?")
        assert len(expected) > 20
        for shown, label in expected:
            assert re.search(rf"^ +{re.escape(shown)} +{re.escape(label)}\s", it.text, re.MULTILINE), (shown, label)


async def test_the_palette_finds_and_runs_a_command(program) -> None:
    async with program(language="en") as it:
        await it.press(":")
        await it.until(lambda: it.shows("Type to find a command"))
        await it.press(*"setti")
        hits = it.app.screen.query_one(CommandList)
        await it.until(lambda: hits.option_count == 1 and hits.highlighted == 0)
        await it.press("enter")
        await it.until(lambda: it.shows("Kept in"))
        assert not isinstance(it.app.screen, SessionScreen)
