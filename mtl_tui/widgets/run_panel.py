"""A run beside its explanation: the number to watch, charts of every task, gates, and what was seen at the end."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Digits

from models import events
from models.pairings import PAIRINGS, Pairing
from models.pairings import Chart as ChartSpec
from mtl_tui.flows.closing import closing, ended, failure, large_readings
from mtl_tui.flows.lab import METRICS, Lab
from mtl_tui.lab.record import TRAIN, Key, RunRecord, Series, Smooth
from mtl_tui.locale import pick, say
from mtl_tui.typeset import Block, clip, width_of
from mtl_tui.widgets.chart import Chart
from mtl_tui.widgets.gates import GateStrip
from mtl_tui.widgets.plot import Curve, number
from mtl_tui.widgets.prose import Prose

SMOOTHINGS = (0.0, 0.6, 0.9, 0.97)
MAXIMUM_CHARTS = 4
TALL = 34
DIGITS_WIDTH = 20
TWO_COLUMNS = 72
WORDS_HEIGHT = 8
CHART_HEIGHT = 5


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
        self._drawn = -1
        self._hello: events.Hello | None = None
        self._smooth: dict[Key, Smooth] = {}

    def compose(self) -> ComposeResult:
        yield Prose(id="watch")
        yield Container(id="digits")
        yield Container(id="charts")
        yield GateStrip(id="gates")
        yield Prose(id="closing")
        yield Prose(id="status")

    def on_mount(self) -> None:
        self.set_interval(0.1, self.tick)
        self.tick()

    def on_resize(self) -> None:
        self.view = 0
        self._arrange()
        self._drawn = -1

    @property
    def pairing(self) -> Pairing | None:
        """The pairing that is run, None for a single recipe."""
        spec = self.lab.spec
        return PAIRINGS.get(spec.pairing) if spec is not None and spec.pairing else None

    def retext(self) -> None:
        """Write every word again, as after a change of language."""
        self._drawn = -1
        self._hello = None
        self.tick()

    def tick(self) -> None:
        """Draw if something has changed since the last time."""
        record = self.lab.record
        if record is None:
            return
        if record is not self._record:
            self._record, self._drawn, self._hello, self.cursor = record, -1, None, None
            self.view = 0
            self._smooth = {}
        if record.version == self._drawn and record.hello is not None:
            return
        self._drawn = record.version
        if record.hello is not self._hello and record.hello is not None:
            self._hello = record.hello
            self._build(record)
        self._update(record)

    def move_cursor(self, by: int) -> None:
        """Move the cursor by points of the evaluation grid, or by ten."""
        record = self._record
        if record is None or record.hello is None:
            return
        steps = record.hello.steps
        here = record.step if self.cursor is None else self.cursor
        unit = max(steps // 100, 1)
        self.cursor = min(max(here + by * unit, 0), record.step)
        if self.cursor >= record.step and by > 0:
            self.cursor = None
        self._drawn = -1
        self.tick()

    def toggle_log(self) -> None:
        """Log or linear y axis."""
        self.log_scale = not self.log_scale
        self._hello = None
        self.retext()

    def next_smoothing(self) -> float:
        """Smooth the training loss less or more; returns the factor."""
        self.smoothing = (self.smoothing + 1) % len(SMOOTHINGS)
        self._smooth = {}
        self.retext()
        return SMOOTHINGS[self.smoothing]

    @property
    def views(self) -> int:
        """How many views the run has in this window: pages of charts, and the gates where they do not fit beside."""
        return len(self._pages()) + (self._has_gates and not self._tall)

    def next_view(self) -> None:
        """Go to the next page of charts, or to the gates."""
        self.view = (self.view + 1) % max(self.views, 1)
        self._arrange()
        self._drawn = -1
        self.tick()

    def _specs(self, record: RunRecord) -> tuple[ChartSpec, ...]:
        pairing = self.pairing
        if pairing is not None:
            return pairing.charts[:MAXIMUM_CHARTS]
        tasks = record.hello.tasks if record.hello else []
        losses = [ChartSpec("loss", task.name) for task in tasks]
        scores = [ChartSpec("auc", task.name) for task in tasks if task.kind == "binary"]
        return tuple((losses + scores)[:MAXIMUM_CHARTS])

    def _build(self, record: RunRecord) -> None:
        hello = record.hello
        assert hello is not None
        charts = self.query_one("#charts", Container)
        specs = self._specs(record)
        have = list(charts.query(Chart))
        for chart in have[len(specs) :]:
            chart.remove()
        new = [Chart() for _ in specs[len(have) :]]
        charts.mount(*new)
        have += new
        sizes = {arm.batch for arm in hello.arms}
        by_rows = len(sizes) > 1
        for spec, chart in zip(specs, have, strict=False):
            curves, ends = self._curves(record, spec, by_rows)
            chart.log_scale = self.log_scale
            chart.axis_label = say("rows") if by_rows else say("step")
            length = hello.steps * max(sizes) if by_rows else hello.steps
            chart.title = self._title(record, spec)
            chart.show(curves, length, ends)
        self._arrange()

    def _curves(self, record: RunRecord, spec: ChartSpec, by_rows: bool) -> tuple[list[Curve], dict[int, str]]:
        hello = record.hello
        assert hello is not None
        several = len(hello.arms) > 1
        solid: list[Curve] = []
        dotted: list[Curve] = []
        ends: dict[int, str] = {}
        earlier = self.lab.overlay
        if earlier is not None and earlier.hello is not None and earlier is not record:
            for arm in earlier.hello.arms:
                key = (arm.key, spec.metric, spec.task)
                if key in earlier.series:
                    solid.append(Curve(earlier.series[key], 3, dim=True, scale=arm.batch if by_rows else 1))
        for tone, arm in enumerate(hello.arms):
            scale = arm.batch if by_rows else 1
            key = (arm.key, spec.metric, spec.task)
            series = record.series.setdefault(key, Series())
            if several:
                if spec.metric == TRAIN and SMOOTHINGS[self.smoothing]:
                    series = self._smoothed(key, series)
                curve = Curve(series, tone, dotted=bool(tone % 2), scale=scale)
                (dotted if curve.dotted else solid).append(curve)
                ends[tone] = arm.key
                continue
            if spec.metric == "loss":
                train = (arm.key, TRAIN, spec.task)
                raw = record.series.setdefault(train, Series())
                if SMOOTHINGS[self.smoothing]:
                    solid.append(Curve(raw, tone, dim=True, scale=scale))
                    raw = self._smoothed(train, raw)
                solid.append(Curve(raw, tone, scale=scale))
            dotted.append(Curve(series, tone + 1, dotted=True, scale=scale))
        return solid + dotted, ends

    def _smoothed(self, key: Key, raw: Series) -> Series:
        smooth = self._smooth.get(key)
        if smooth is None:
            smooth = self._smooth[key] = Smooth(raw, SMOOTHINGS[self.smoothing])
        return smooth

    def _title(self, record: RunRecord, spec: ChartSpec) -> str:
        metric = say(METRICS.get(spec.metric, spec.metric))
        task = ""
        if spec.task is not None and record.hello is not None:
            task = next((pick(each.label) for each in record.hello.tasks if each.name == spec.task), spec.task)
        if spec.metric not in METRICS and self.pairing is not None:
            metric = next(
                (
                    pick(each.label)
                    for each in self.pairing.readings
                    if (each.metric, each.task) == (spec.metric, spec.task)
                ),
                metric,
            )
        return f"{task}  {metric}".strip()

    def _update(self, record: RunRecord) -> None:
        for smooth in self._smooth.values():
            smooth.follow()
        self._write_watch(record)
        for chart in self.query(Chart):
            chart.cursor = self._x(record, self.cursor)
            chart.marks = [x for mark in record.marks if (x := self._x(record, mark.step)) is not None]
            chart.readout = self._readout(record, chart)
            chart.update()
        self.query_one(GateStrip).show(record, self.cursor)
        self._write_closing(record)
        self._write_status(record)

    def _x(self, record: RunRecord, step: int | None) -> float | None:
        if step is None or record.hello is None:
            return None
        sizes = {arm.batch for arm in record.hello.arms}
        return float(step * max(sizes) if len(sizes) > 1 else step)

    def _readout(self, record: RunRecord, chart: Chart) -> str:
        hello = record.hello
        if hello is None:
            return ""
        values = {curve.tone: chart.value_at_cursor(curve) for curve in chart.curves if not curve.dim}
        if len(hello.arms) > 1:
            return "  ".join(f"{arm.key} {_number(values.get(tone))}" for tone, arm in enumerate(hello.arms))
        if 0 not in values:
            return say("val {value}", value=_number(values.get(1)))
        return say("train {train} val {value}", train=_number(values[0]), value=_number(values.get(1)))

    def _write_watch(self, record: RunRecord) -> None:
        pairing = self.pairing
        watch, digits = self.query_one("#watch", Prose), self.query_one("#digits", Container)
        if record.hello is None or pairing is None:
            watch.show([Block(self._waiting(record), "quiet")] if record.hello is None else [])
            digits.display = False
            return
        tall = self._tall
        groups = large_readings(pairing, lambda each: self._value(record, each.arm, each.metric, each.task))
        shown = [(tone, name, text) for tone, (name, parts) in enumerate(groups) for text in parts]
        digits.display = tall and len(shown) * DIGITS_WIDTH <= self.size.width
        blocks = [Block(say("Watch: {what}", what=pick(pairing.watch)), "head")]
        if digits.display:
            self._write_digits(digits, shown)
        else:
            blocks += [
                Block("  ".join(parts), f"tone-{tone}", lead=f"{name}  ", indent=width_of(name) + 2)
                for tone, (name, parts) in enumerate(groups)
            ]
        if tall and record.live:
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

    def _value(self, record: RunRecord, arm: str, metric: str, task: str | None) -> float | None:
        series = record.series.get((arm, metric, task))
        if series is None:
            return None
        return series.last if self.cursor is None else series.at(self.cursor)

    def _write_closing(self, record: RunRecord) -> None:
        closing_box = self.query_one("#closing", Prose)
        pairing = self.pairing
        if record.live:
            closing_box.show([])
            return
        if pairing is not None:
            text, held = closing(pairing, record)
            kind = "quiet" if held is None else "right" if held else "wrong"
            closing_box.show([Block(text, kind)])
            return
        closing_box.show([Block(failure(record) or ended(record), "quiet")])

    def _write_status(self, record: RunRecord) -> None:
        hello = record.hello
        if hello is None:
            return
        state, lab = record.state, self.lab
        parts = [self._rates(record), self._weights(record)]
        if record.live:
            pace = say("full speed") if lab.pace == "full" else f"{lab.pace}x"
            parts.append(
                say("paused")
                if state.phase == "paused"
                else say("{n} steps/s <{pace}>", n=f"{state.speed:.0f}", pace=pace)
            )
        if not state.saved:
            parts.append(say("NOT SAVED: the run folder cannot be written"))
        if record.marks and self.size.width >= 60:
            parts.append(say("dashed: what you changed"))
        self.query_one("#status", Prose).show([Block("  ".join(part for part in parts if part), "quiet")])

    def _rates(self, record: RunRecord) -> str:
        assert record.hello is not None
        factor = 1.0
        for mark in record.marks:
            if mark.kind == "learning_rate" and isinstance(mark.value, float | int):
                factor *= mark.value
        rates = sorted({arm.learning_rate * factor for arm in record.hello.arms})
        return say("learning rate {rate}", rate="/".join(f"{rate:g}" for rate in rates))

    def _weights(self, record: RunRecord) -> str:
        assert record.hello is not None
        changed = [mark.value for mark in record.marks if mark.kind == "task_weights"]
        weights = changed[-1] if changed else record.hello.arms[0].weights
        if not isinstance(weights, list) or len(weights) < 2:
            return ""
        return say("weights {weights}", weights=":".join(f"{weight:g}" for weight in weights))

    def _waiting(self, record: RunRecord) -> str:
        trouble = failure(record)
        if trouble:
            return trouble
        return say("Starting the training process and loading the data; the first time takes a few seconds.")

    def _arrange(self) -> None:
        box = self.query_one("#charts", Container)
        pages = self._pages()
        gates = self._has_gates and (self._tall or self.view >= len(pages))
        shown = pages[self.view] if self.view < len(pages) else pages[0] if self._tall and pages else []
        columns = 2 if len(shown) > 2 and self.size.width >= TWO_COLUMNS else 1
        box.styles.grid_size_columns = columns
        box.styles.grid_size_rows = max(-(-len(shown) // columns), 1)
        for chart in box.query(Chart):
            chart.display = chart in shown
            chart.axis = self._tall or chart in shown[-columns:]
        self.query_one(GateStrip).display = gates
        self.query_one("#closing", Prose).display = bool(shown) or not gates

    @property
    def _tall(self) -> bool:
        return self.size.height >= TALL

    @property
    def _has_gates(self) -> bool:
        return self._record is not None and bool(self._record.gates)

    def _pages(self) -> list[list[Chart]]:
        """The charts in groups that fit the window at once."""
        charts = list(self.query(Chart))
        columns = 2 if len(charts) > 2 and self.size.width >= TWO_COLUMNS else 1
        fit = max((self.size.height - WORDS_HEIGHT) // CHART_HEIGHT, 1) * columns
        return [charts[start : start + fit] for start in range(0, len(charts), fit)]


def _number(value: float | None) -> str:
    return "-" if value is None else number(value)
