"""Gate utilisation as a heat strip: a row per arm, task and expert, time from left to right, then the last weight."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from models.events import Gates
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import pick, say
from mtl_tui.typeset import clip, fill, width_of

RAMP = " ⠂⠆⠇⡇⣇⣧⣷⣿"
NAME = 12
Gate = tuple[str, str]
"""Arm and task."""


class GateStrip(Widget):
    """Rows of density cells; entropy is 1 where a gate is even and 0 where one expert has all."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"gates--heat", "gates--text"}
    DEFAULT_CSS = "GateStrip { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = ""
        self._rows: list[tuple[str, list[float], str]] = []
        self._columns = 0
        self._asked: tuple[RunRecord, Sequence[Gate], int | None] | None = None

    def on_resize(self) -> None:
        if self._asked is not None:
            self.show(*self._asked)

    def show(self, record: RunRecord, gates: Sequence[Gate], cursor: int | None) -> None:
        """Draw these gates as they stand, or as they stood at the cursor."""
        self._asked = record, gates, cursor
        if not gates or record.hello is None:
            return
        steps, seed = record.steps, record.hello.seed
        title = say("gate utilisation, seed {n}", n=seed) if record.replicas > 1 else say("gate utilisation")
        tail = width_of(_tail(0.0, 0.0))
        count = self._columns = max(self.size.width - NAME - tail, 8)
        rows: list[tuple[str, list[float], str]] = []
        labels = {task.name: pick(task.label) for task in record.hello.tasks}
        several = len(record.hello.arms) > 1
        for arm, task in gates:
            history = record.gates[arm, task]
            at = [event.step for event in history]
            here = history[-1] if cursor is None else history[max(bisect.bisect_right(at, cursor) - 1, 0)]
            shown = count * min(record.step, steps) // steps
            sampled = [history[max(bisect.bisect_right(at, column * steps // count) - 1, 0)] for column in range(shown)]
            name = f"{arm} {labels.get(task, task)}" if several else labels.get(task, task)
            rows += _rows(name, here, sampled)
        if (rows, title) != (self._rows, self._title):
            layout = len(rows) != len(self._rows)
            self._rows, self._title = rows, title
            self.refresh(layout=layout)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows) + 1 if self._rows else 0

    def render_line(self, y: int) -> Strip:
        text = self.get_component_rich_style("gates--text")
        heat = self.get_component_styles("gates--heat")
        strongest = len(RAMP) - 1
        colours = [heat.background.blend(heat.color, 0.25 + 0.75 * level / strongest) for level in range(len(RAMP))]
        shades = [Style.from_color(colour.rich_color, text.bgcolor) for colour in colours]
        width = self.size.width
        if y == 0:
            title = fill(self._title, say("entropy 1 even, 0 one"), width)
            return Strip([Segment(title, text)]).adjust_cell_length(width, text)
        if y > len(self._rows):
            return Strip.blank(width, text)
        name, weights, tail = self._rows[y - 1]
        levels = [min(round(weight * (len(RAMP) - 1) + 0.35), len(RAMP) - 1) for weight in weights]
        cells = [Segment(RAMP[level], shades[level]) for level in levels]
        cells.append(Segment(" " * (self._columns - len(levels)), text))
        return Strip([Segment(name, text), *cells, Segment(tail, text)]).simplify().adjust_cell_length(width, text)


def _rows(title: str, here: Gates, sampled: list[Gates]) -> list[tuple[str, list[float], str]]:
    rows = []
    for expert, weight in enumerate(here.weights):
        name = clip(title, NAME - 4) if expert == 0 else ""
        name += " " * (NAME - 3 - width_of(name)) + f"E{expert + 1} "
        tail = _tail(weight, here.entropy if expert == 0 else None)
        rows.append((name, [event.weights[expert] for event in sampled], tail))
    return rows


def _tail(weight: float, entropy: float | None) -> str:
    said = "  " + say("entropy {value}", value=f"{entropy:.2f}") if entropy is not None else ""
    return f" {weight:.2f}{said}"
