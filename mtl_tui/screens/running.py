"""The keys of a run, the same wherever a run is on screen."""

from __future__ import annotations

from models.events import Checkpoint
from mtl_tui.lab.folder import RunFolderError
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import KeyScreen
from mtl_tui.typeset import Block
from mtl_tui.widgets.prose import Prose
from mtl_tui.widgets.run_panel import RunPanel

WEIGHT_STEPS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0)


class RunScreen(KeyScreen):
    """A screen with a run panel. `trains` names what `t` starts, None if nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._weights: list[float] | None = None
        self._turned = 0
        self._footer_state: object = None
        self._saving: tuple[RunRecord, Checkpoint | None] | None = None

    def trains(self) -> str | None:
        """The pairing or recipe that `t` trains here."""
        return None

    def panel(self) -> RunPanel:
        """The panel that shows the run."""
        return self.query_one(RunPanel)

    def panel_open(self) -> bool:
        """A run is on screen."""
        return self.mtl.desk.lab.record is not None

    def run_contexts(self) -> tuple[str, ...]:
        """The contexts of a run that hold now, the nearest first."""
        lab = self.mtl.desk.lab
        contexts: list[str] = []
        if self.panel_open() and lab.record is not None:
            if not lab.record.live:
                contexts.append("ended")
            elif lab.replaying:
                contexts.append("replay")
            else:
                contexts += ["paused", "live"] if lab.paused else ["live"]
            contexts.append("run")
            if self.panel().views > 1:
                contexts.append("views")
        elif lab.live:
            contexts.append("elsewhere")
        if self.trains() is not None:
            contexts.insert(0, "trainable")
        return tuple(contexts)

    @property
    def weighing(self) -> bool:
        """The task weights are being changed: their keys come before all others."""
        return self._weights is not None

    def on_mount(self) -> None:
        self.set_interval(0.2, self._follow)

    def _follow(self) -> None:
        """The footer changes by itself when a run pauses or ends; what was asked for is said once it is saved."""
        if self._saving is not None:
            record, before = self._saving
            if record.checkpoint is not None and record.checkpoint != before:
                self._saving, saved = None, record.checkpoint
                self.notify(say("Saved at step {step}: {file}", step=saved.step, file=saved.file))
        state = (self.run_contexts(), self.mtl.desk.lab.run)
        if state != self._footer_state:
            self._footer_state = state
            self.refresh_keys()

    async def do_train(self) -> None:
        name = self.trains()
        lab = self.mtl.desk.lab
        if name is None:
            return
        if lab.live:
            self.notify(say("A run is live; x stops it, then t starts another."))
            return
        try:
            await lab.start(name)
        except OSError as error:
            self.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")
            return
        self.panel().retext()

    def do_pause(self) -> None:
        self.mtl.desk.lab.pause()

    def do_step(self) -> None:
        self.mtl.desk.lab.step()

    async def do_stop(self) -> None:
        lab = self.mtl.desk.lab
        if lab.silent:
            await lab.abandon()
        else:
            lab.stop()

    async def do_extend(self) -> None:
        """Longer, while it is live; once it has ended, on from its last checkpoint."""
        lab = self.mtl.desk.lab
        if lab.live:
            lab.extend()
            self.notify(say("{n} steps more.", n=lab.quarter), timeout=3)
            return
        if lab.record is not None and lab.record.used_up:
            self.notify(say("Every task was stopped early; a longer run would change nothing."))
            return
        at = lab.record.checkpoint.step if lab.record is not None and lab.record.checkpoint is not None else 0
        try:
            more = await lab.resume()
        except OSError as error:
            self.notify(say("The training process cannot be started: {why}.", why=error.strerror), severity="error")
            return
        except RunFolderError as error:
            self.notify(str(error), severity="error")
            return
        if more is None:
            self.notify(say("This run was not saved, so it cannot go on; t trains it anew."))
        elif more:
            self.notify(say("It goes on from step {step}, {n} steps longer.", step=at, n=more), timeout=3)
        else:
            self.notify(say("It goes on from step {step} to its end.", step=at), timeout=3)
        self.panel().retext()

    def do_save(self) -> None:
        record = self.mtl.desk.lab.record
        self._saving = (record, record.checkpoint) if record is not None else None
        self.mtl.desk.lab.save()

    def do_pace(self, key: str) -> None:
        self.mtl.desk.lab.change_pace(-1 if key == "<" else 1)

    def do_learning_rate(self, key: str) -> None:
        self.mtl.desk.lab.scale_learning_rate(0.5 if key == "-" else 2.0)

    def do_cursor(self, key: str) -> None:
        self.panel().move_cursor({"left": -1, "right": 1, "[": -10, "]": 10}[key or "left"])

    def do_strip(self) -> None:
        self.panel().next_view()

    def do_log(self) -> None:
        self.panel().toggle_log()

    def do_smooth(self) -> None:
        self.notify(say("smoothing {factor}", factor=self.panel().next_smoothing()), timeout=2)

    def do_full(self) -> None:
        self.toggle_class("-full")

    def do_overlay(self) -> None:
        """Lay an earlier run under the charts, at every press an older one, at last none."""
        lab, desk = self.mtl.desk.lab, self.mtl.desk
        earlier = desk.earlier_runs(lab.spec.name if lab.spec else "", lab.run)
        if not earlier:
            self.notify(say("There is no earlier run of this."))
            return
        place = earlier.index(lab.overlay_run) + 1 if lab.overlay_run in earlier else 0
        run = earlier[place] if place < len(earlier) else ""
        try:
            lab.load_overlay(run)
        except RunFolderError as error:
            self.notify(str(error), severity="error")
        said = say("beneath, dim: {run}", run=run) if run else say("no earlier run beneath")
        self.notify(said, timeout=3)
        self.panel().retext()

    async def do_replay(self) -> None:
        lab = self.mtl.desk.lab
        if lab.spec is None:
            return
        try:
            await lab.replay(lab.spec.name, lab.run, lab.pace)
        except RunFolderError as error:
            self.notify(str(error), severity="error")
        self.panel().retext()

    def do_weights(self) -> None:
        record = self.mtl.desk.lab.record
        if record is None or record.hello is None or len(record.hello.tasks) < 2:
            self.notify(say("One task has no weights to set."))
            return
        changed = [mark.value for mark in record.marks if isinstance(mark.value, list)]
        self._weights, self._turned = list(changed[-1] if changed else record.hello.arms[0].weights), 0
        self._show_weights()

    def do_weight_task(self, key: str) -> None:
        by = -1 if key == "up" else 1
        self._turned = min(max(self._turned + by, 0), len(self._weights or ()) - 1)
        self._show_weights()

    def do_weights_apply(self) -> None:
        if self._weights is not None:
            self.mtl.desk.lab.set_task_weights(self._weights)
        self.do_weights_close()

    def do_weights_close(self) -> None:
        self._weights = None
        self._show_weights()

    def do_weight_turn(self, key: str) -> None:
        if self._weights is None:
            return
        by = -1 if key == "left" else 1
        now = self._weights[self._turned]
        near = min(range(len(WEIGHT_STEPS)), key=lambda index: abs(WEIGHT_STEPS[index] - now))
        self._weights[self._turned] = WEIGHT_STEPS[min(max(near + by, 0), len(WEIGHT_STEPS) - 1)]
        self._show_weights()

    def _show_weights(self) -> None:
        box = self.query_one("#weights", Prose)
        record = self.mtl.desk.lab.record
        if self._weights is None or record is None or record.hello is None:
            box.show([])
            return
        parts = [
            f"[{pick(task.label)} {weight:g}]" if index == self._turned else f" {pick(task.label)} {weight:g} "
            for index, (task, weight) in enumerate(zip(record.hello.tasks, self._weights, strict=True))
        ]
        box.show([Block(say("Task weights: {weights}", weights=" ".join(parts)), "pick")])
