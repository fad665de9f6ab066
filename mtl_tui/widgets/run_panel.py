"""A run beside its explanation: the number to watch, page by page what is known of it, and what was seen at the end."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Digits

from models.pairings import PAIRINGS, Pairing
from mtl_tui.flows import running
from mtl_tui.flows.closing import closing, divergence, ended, failure, large_readings
from mtl_tui.flows.lab import Lab
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block, clip, width_of
from mtl_tui.widgets.chart import Chart
from mtl_tui.widgets.figures import Figure, Figures, numbered, shape
from mtl_tui.widgets.gates import GateStrip
from mtl_tui.widgets.numbers import tables
from mtl_tui.widgets.pages import Item, Page, columns, spread
from mtl_tui.widgets.prose import Prose

SMOOTHINGS = (0.0, 0.6, 0.9, 0.97)
TALL = 34
ROOMY = 60
"""Cells from which on a line has room for more than the least."""
DIGITS_WIDTH = 20
CHART_ROWS, TALL_CHART_ROWS = 5, 7


class RunPanel(Widget):
    """Shows what the lab has in front. It draws on its own 100 ms tick, never because an event arrived."""

    def __init__(self, lab: Lab, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lab = lab
        self.cursor: int | None = None
        self.log_scale = False
        self.view = 0
        self.smoothing = 2
        self._record: RunRecord | None = None
        self._drawn: object = None
        self._shape: object = None
        self._figures: Figures | None = None
        self._shown: list[Figure] = []
        self._pages: list[Page] = []

    def compose(self) -> ComposeResult:
        yield Prose(id="watch")
        yield Container(id="digits")
        yield Container(id="charts")
        yield GateStrip(id="gates")
        yield Prose(id="numbers")
        yield Prose(id="closing")
        yield Prose(id="legend")
        yield Prose(id="status")

    def on_mount(self) -> None:
        self.set_interval(0.1, self.tick)
        self.tick()

    def on_resize(self) -> None:
        self.view = 0
        self.retext()

    @property
    def pairing(self) -> Pairing | None:
        """The pairing that is run, None for a single recipe."""
        spec = self.lab.spec
        return PAIRINGS.get(spec.pairing) if spec is not None and spec.pairing else None

    def retext(self) -> None:
        """Write every word again, as after a change of language."""
        self._drawn = self._shape = None
        self.tick()

    def tick(self) -> None:
        """Draw if something has changed since the last time."""
        record = self.lab.record
        if record is None:
            return
        if record is not self._record:
            self._record, self._drawn, self._shape, self.cursor = record, None, None, None
            self.view = 0
        state = record.version, self.cursor, self.view, self.lab.silent
        if state == self._drawn and record.hello is not None:
            return
        self._drawn = state
        if record.hello is not None and shape(record) != self._shape:
            self._shape = shape(record)
            self._build(record)
        self._update(record)

    def move_cursor(self, by: int) -> None:
        """Move the cursor by points of the evaluation grid, or by ten."""
        record = self._record
        if record is None or record.hello is None:
            return
        here = record.step if self.cursor is None else self.cursor
        unit = max(record.steps // 100, 1)
        self.cursor = min(max(here + by * unit, 0), record.step)
        if self.cursor >= record.step and by > 0:
            self.cursor = None
        self.tick()

    def toggle_log(self) -> None:
        """Log or linear y axis."""
        self.log_scale = not self.log_scale
        self.retext()

    def next_smoothing(self) -> float:
        """Smooth the training loss less or more; returns the factor."""
        self.smoothing = (self.smoothing + 1) % len(SMOOTHINGS)
        self.retext()
        return SMOOTHINGS[self.smoothing]

    @property
    def views(self) -> int:
        """How many pages there are of what is known, in this window."""
        return len(self._pages)

    def next_view(self) -> None:
        """Go to the next page."""
        self.view = (self.view + 1) % max(self.views, 1)
        self.tick()

    def _build(self, record: RunRecord) -> None:
        """Make the charts of a run, as after its first events or a change of its length."""
        hello = record.hello
        assert hello is not None
        self._figures = Figures(record, self.pairing, self._overlay(record), SMOOTHINGS[self.smoothing])
        self._shown = list(self._figures.all())
        box = self.query_one("#charts", Container)
        charts = list(box.query(Chart))
        for chart in charts[len(self._shown) :]:
            chart.remove()
        new = [Chart() for _ in self._shown[len(charts) :]]
        box.mount(*new)
        length = record.steps * (max(arm.batch for arm in hello.arms) if self._figures.by_rows else 1)
        for figure, chart in zip(self._shown, charts + new, strict=False):
            chart.log_scale = self.log_scale and figure.rule is None
            chart.axis_label = say("rows") if self._figures.by_rows else say("step")
            chart.subject, chart.quantity = figure.subject, figure.quantity
            chart.bounds, chart.rule = figure.bounds, figure.rule
            chart.show(figure.curves, length)

    def _overlay(self, record: RunRecord) -> RunRecord | None:
        return self.lab.overlay if self.lab.overlay is not record else None

    def _update(self, record: RunRecord) -> None:
        self._write_watch(record)
        if self._figures is not None and record.hello is not None:
            self._figures.follow()
            found = tables(record, self.size.width, self.cursor)
            page = self._turn(record, found)
            self._draw(record, self._figures, page)
            self.query_one(GateStrip).show(record, _gates(record, page), self.cursor)
            shown = [found[item.place] for item in page if item.kind == "table"]
            self.query_one("#numbers", Prose).show([block for table in shown for block in table])
            self._write_legend(record, page)
            self._write_status(record, page)
        self._write_closing(record)

    def _turn(self, record: RunRecord, found: Sequence[Sequence[Block]]) -> Page:
        """Spread what is known over pages, and open the one in view."""
        rows = TALL_CHART_ROWS if self._tall else CHART_ROWS

        def charts(part: str) -> list[Item]:
            return [Item("chart", n, part, rows) for n, figure in enumerate(self._shown) if figure.part == part]

        gates = [Item("gate", n, "gates", len(history[-1].weights)) for n, history in enumerate(record.gates.values())]
        numbers = [Item("table", n, "numbers", len(table)) for n, table in enumerate(found)]
        parts = (charts("charts"), gates, charts("weights"), charts("conflict"), numbers)
        self._pages = spread(parts, self.size.width, self._room)
        self.view = min(self.view, max(len(self._pages) - 1, 0))
        page = self._pages[self.view] if self._pages else ()
        kinds = {item.kind for item in page}
        self.query_one("#charts").display = "chart" in kinds
        self.query_one(GateStrip).display = "gate" in kinds
        self.query_one("#numbers").display = "table" in kinds
        self.query_one("#closing").display = not page or any(item.part == "charts" for item in page)
        return page

    def _room(self, page: Page) -> int:
        """Rows that a page has, beside the words that stand on it."""
        judged = any(item.part == "charts" for item in page)
        if self.pairing is None:
            words = (6 if judged else 5) if self._tall else (4 if judged else 3)
        else:
            words = (14 if judged else 11) if self._tall else 8
        return self.size.height - words

    def _draw(self, record: RunRecord, figures: Figures, page: Page) -> None:
        box = self.query_one("#charts", Container)
        charts = list(box.query(Chart))
        shown = [item.place for item in page if item.kind == "chart"]
        in_row = columns(page, self.size.width)
        box.styles.grid_size_columns = in_row
        box.styles.grid_size_rows = max(-(-len(shown) // in_row), 1)
        for place, (figure, chart) in enumerate(zip(self._shown, charts, strict=False)):
            chart.display = place in shown
            if place not in shown:
                continue
            chart.axis = self._tall or place in shown[-in_row:]
            chart.cursor = self._x(record, self.cursor)
            chart.marks = [x for mark in record.marks if (x := self._x(record, mark.step)) is not None]
            chart.stars = figures.stars(figure) if figure.starred else []
            chart.styles.column_span = in_row if place == shown[-1] and len(shown) % in_row else 1
            chart.update()

    def _x(self, record: RunRecord, step: int | None) -> float | None:
        if step is None or record.hello is None:
            return None
        by_rows = self._figures is not None and self._figures.by_rows
        return float(step * max(arm.batch for arm in record.hello.arms) if by_rows else step)

    def _write_watch(self, record: RunRecord) -> None:
        pairing = self.pairing
        watch, digits = self.query_one("#watch", Prose), self.query_one("#digits", Container)
        if record.hello is None or pairing is None:
            watch.show([Block(_waiting(record), "quiet")] if record.hello is None else [])
            digits.display = False
            return
        groups = large_readings(pairing, lambda each: record.value(each.arm, each.metric, each.task, self.cursor))
        shown = [(tone, name, text) for tone, (name, parts) in enumerate(groups) for text in parts]
        digits.display = self._tall and len(shown) * DIGITS_WIDTH <= self.size.width
        blocks = [Block(say("Watch: {what}", what=pick(pairing.watch)), "head")]
        if digits.display:
            self._write_digits(digits, shown)
        else:
            blocks += [
                Block("  ".join(parts), f"tone-{tone}", lead=f"{name}  ", indent=width_of(name) + 2)
                for tone, (name, parts) in enumerate(groups)
            ]
        if self._tall and record.live:
            blocks.append(Block(say("Expected: {what}", what=pick(pairing.expected)), "quiet"))
        watch.show(blocks)

    def _write_digits(self, box: Container, texts: list[tuple[int, str, str]]) -> None:
        shown = list(box.query(Digits))
        if len(shown) != len(texts):
            box.remove_children()
            shown = [Digits() for _ in texts]
            box.mount(*shown)
        for digits, (tone, name, text) in zip(shown, texts, strict=True):
            digits.set_classes(f"tone-{tone}")
            digits.border_title = clip(name, 18)
            if digits.value != text:
                digits.update(text)

    def _write_closing(self, record: RunRecord) -> None:
        broken = [Block(divergence(record, event), "wrong") for event in record.diverged.values()]
        if record.live:
            blocks = broken
        elif self.pairing is not None:
            text, held = closing(self.pairing, record)
            blocks = [Block(text, "quiet" if held is None else "right" if held else "wrong")]
        else:
            blocks = [*broken, Block(failure(record) or ended(record), "quiet")]
        self.query_one("#closing", Prose).show(blocks)

    def _write_legend(self, record: RunRecord, page: Page) -> None:
        """What marks, bands and stars on this page are, and how tasks are weighed; a line each, in a small window the
        first two."""
        roomy = self._tall or self.size.width >= ROOMY
        parts, about = {item.part for item in page}, []
        if any(item.kind == "chart" for item in page):
            about.append(_newest(running.changes(record), self.size.width))
        if "conflict" in parts:
            about += [numbered(record), running.measured(record)]
        if parts & {"weights", "conflict"} or self._tall:
            about.append(running.weighed(record))
        if "charts" in parts:
            starred = any(item.kind == "chart" and self._shown[item.place].starred for item in page)
            about += [running.seeds(record), running.bests(record, stars=starred)]
        lines = [line for line in about if line]
        self.query_one("#legend", Prose).show(
            [Block(clip(line, self.size.width), "quiet") for line in (lines if roomy else lines[:2])]
        )

    def _write_status(self, record: RunRecord, page: Page) -> None:
        roomy = self.size.width >= ROOMY
        if silent := self.lab.silent:
            text = say("The training process has not answered for {n} s; x stops it, then t starts again.", n=silent)
            self.query_one("#status", Prose).show([Block(text, "wrong")])
            return
        parts = [running.rates(record), running.weights(record)]
        if record.live:
            parts.append(running.speed(self.lab, record, samples=roomy))
        if not record.state.saved:
            parts.append(say("NOT SAVED: the run folder cannot be written"))
        lines = ["  ".join(part for part in parts if part)]
        arms = record.hello.arms if record.hello else []
        if self._tall and len(arms) == 1 and not any(item.kind == "table" for item in page):
            arm = arms[0].key
            lines += [running.learned_weights(record, self.cursor), running.conflicts(record, arm, self.cursor)]
        self.query_one("#status", Prose).show([Block(line, "quiet") for line in lines if line])

    @property
    def _tall(self) -> bool:
        return self.size.height >= TALL


def _gates(record: RunRecord, page: Page) -> list[tuple[str, str]]:
    keys = list(record.gates)
    return [keys[item.place] for item in page if item.kind == "gate"]


def _newest(texts: Sequence[str], width: int) -> str:
    """What was changed: as many of the newest as fit on a line, in their order."""
    line = ""
    for text in reversed(texts):
        longer = f"{text}   {line}" if line else text
        if line and width_of(longer) + 2 > width:
            break
        line = longer
    return f"┊ {line}" if line else ""


def _waiting(record: RunRecord) -> str:
    trouble = failure(record)
    if trouble:
        return trouble
    return say("Starting the training process and loading the data; the first time takes a few seconds.")
