"""Draws the real screens as PNG files into docs/ (`make pictures`); needs Chromium and a font with Chinese.

python tests/pictures.py [NAME]...
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

from mtl_tui.app import MtlApp
from mtl_tui.config import Settings
from mtl_tui.flows.demo import LISTING, right_row
from mtl_tui.flows.desk import Desk
from mtl_tui.screens.session import SessionScreen

DOCS = Path(__file__).parents[1] / "docs"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FONTS = '"DejaVu Sans Mono", Menlo, "Noto Sans Mono CJK SC", "PingFang SC", monospace'
SVG = "{http://www.w3.org/2000/svg}"
CELL = 12.2
"""Width of a terminal cell in Rich's SVG, in its units."""

Play = Callable[[MtlApp, Pilot[None]], Awaitable[None]]


class Picture(NamedTuple):
    """`play` brings the freshly opened program to the screen to be drawn; `size` is in columns and rows."""

    name: str
    size: tuple[int, int]
    settings: Settings
    play: Play


async def home(app: MtlApp, pilot: Pilot[None]) -> None:
    """The first screen, nothing answered yet."""


def pairing(question: str) -> Play:
    """Play to the end of the run beside this question's explanation."""

    async def play(app: MtlApp, pilot: Pilot[None]) -> None:
        app.desk.guard_seconds = 0
        session = app.desk.session_of([question])
        await app.push_screen(SessionScreen(session))
        while session.phase == "asking":
            await pilot.press(*str(right_row(session) + 1), "enter")
        await pilot.press("3", "t")
        while app.desk.lab.record is None or app.desk.lab.live:
            await pilot.pause(0.2)

    return play


PICTURES = (
    Picture("home", (100, 30), Settings(language="zh", theme="dark"), home),
    Picture("pairing-zh", (140, 44), Settings(language="zh", theme="dark"), pairing(LISTING)),
    Picture("pairing-en", (140, 44), Settings(language="en", theme="light"), pairing(LISTING)),
)


def by_cells(svg: str) -> str:
    """Rich's SVG drawn as a terminal would: from local fonts only, every wide character two cells wide, no seams.

    Rich fetches a web font, stretches each piece of text to one cell per character, Chinese too, and clips its lines
    at the seam; glyphs of 21 units fill its lines of 24.4.
    """
    ET.register_namespace("", SVG.strip("{}"))
    root = ET.fromstring(svg)
    for style in root.iter(f"{SVG}style"):
        rules = re.sub(r"@font-face\s*{.*?}", "", style.text or "", flags=re.DOTALL)
        rules = re.sub(r"font-variant-east-asian:[^;]*;", "", rules).replace("font-size: 20px", "font-size: 21px")
        style.text = re.sub(r"font-family:\s*Fira Code[^;]*;", f"font-family: {FONTS};", rules)
    for text in root.iter(f"{SVG}text"):
        characters = text.text or ""
        if "textLength" not in text.attrib:
            continue
        text.attrib.pop("clip-path", None)
        if cell_len(characters) == len(characters):
            text.set("lengthAdjust", "spacingAndGlyphs")
            continue
        del text.attrib["textLength"]
        left = float(text.attrib["x"])
        places = [left + CELL * cell_len(characters[:index]) for index in range(len(characters))]
        text.set("x", " ".join(f"{place:.1f}" for place in places))
    return ET.tostring(root, encoding="unicode")


def write_png(svg: str, file: Path) -> None:
    """Render an SVG screenshot of Textual with Chromium. Exits with a sentence if none is installed."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"No Chromium found (tried: {', '.join(BROWSERS)}); install one, then run make pictures again.")
    width, height = (round(float(each)) for each in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(
            '<meta charset="utf-8"><style>body { margin: 0 } svg { display: block; width: 100vw }</style>' + svg,
            encoding="utf-8",
        )
        options = (
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"),
            *("--default-background-color=00000000", f"--window-size={width},{height}", f"--screenshot={file}"),
        )
        subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True, timeout=120)


def screenshot(app: App[None]) -> str:
    """The present screen as SVG."""
    return by_cells(app.export_screenshot())


async def draw(picture: Picture) -> None:
    """Open the program in a home of its own, play, and write the PNG."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MTL_TUI_HOME"] = folder
        app = MtlApp(Desk.open(picture.settings))
        async with app.run_test(size=picture.size) as pilot:
            await pilot.pause()
            await picture.play(app, pilot)
            await pilot.pause(0.3)
            svg = screenshot(app)
    file = DOCS / f"{picture.name}.png"
    write_png(svg, file)
    print(file)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    for picture in PICTURES:
        if not wanted or picture.name in wanted:
            asyncio.run(draw(picture))
