"""A run in words, as they stand under its charts: rates, weights, speed, how tasks are weighed, what was changed."""

from __future__ import annotations

import statistics

from models.events import Arm
from mtl_tui.flows.closing import change
from mtl_tui.flows.lab import Lab, task_label
from mtl_tui.lab.record import CONFLICTING, WEIGHT, Key, RunRecord
from mtl_tui.locale import later, pick, say

WEIGHTINGS = {
    "equal": later("equal weights"),
    "uncertainty": later("uncertainty weighting"),
    "dwa": "DWA",
    "rlw": "RLW",
    "gls": "GLS",
    "imtl-l": "IMTL-L",
    "stch": "STCH",
    "gradnorm": "GradNorm",
    "famo": "FAMO",
    "mgda": "MGDA",
    "pcgrad": "PCGrad",
    "gradvac": "GradVac",
    "cagrad": "CAGrad",
    "imtl-g": "IMTL-G",
    "nash": "Nash-MTL",
    "aligned": "Aligned-MTL",
    "upgrad": "UPGrad",
    "fairgrad": "FairGrad",
    "graddrop": "GradDrop",
    "sdmgrad": "SDMGrad",
}
"""The catalogue's weightings as people call them."""
MODES = {
    "exact": later("exact mode (all shared parameters)"),
    "representation": later("representation mode (where tasks meet)"),
}
FORMS = {
    "binary": later("L/s^2 + log s (binary)"),
    "regression": later("L/(2 s^2) + log s (regression)"),
}
"""Both forms of uncertainty weighting: which one holds depends on the kind of task."""


def weighed(record: RunRecord) -> str:
    """How the tasks are weighed, arm by arm."""
    assert record.hello is not None
    arms = record.hello.arms
    if len({(arm.weighting, arm.balancing) for arm in arms}) == 1:
        return _weighed(record, arms[0])
    return say("; ").join(f"{arm.key} {_weighed(record, arm)}" for arm in arms)


def measured(record: RunRecord) -> str:
    """Of what the gradients in the charts are taken; empty where the weighting of every arm says so itself."""
    assert record.hello is not None
    if all(arm.balancing for arm in record.hello.arms):
        return ""
    modes = sorted(set(record.measured.values()))
    return say("gradients: {mode}", mode=say(", ").join(say(MODES[mode]) for mode in modes))


def seeds(record: RunRecord) -> str:
    """What line and band are in a run of several seeds; empty for one."""
    hello = record.hello
    if hello is None or hello.replicas < 2:
        return ""
    what = say("line: mean, dots: one standard deviation each way")
    if all(arm.replicas == "batched" for arm in hello.arms):
        return say("{n} seeds trained together; {what}", n=hello.replicas, what=what)
    return say("{n} seeds trained in turn; {what}", n=hello.replicas, what=what)


def bests(record: RunRecord, *, stars: bool) -> str:
    """What the stars are, where there are any, and which tasks early stopping has ended."""
    parts = [say("* lowest validation loss")] if stars and record.best else []
    for (arm, task), found in record.best.items():
        if found and all(best.stopped for best in found.values()):
            name = pick(task_label(record, task))
            several = record.hello is not None and len(record.hello.arms) > 1
            steps = best_steps(record, arm, task)
            parts.append(say("{task} stopped, best at {step}", task=f"{arm} {name}" if several else name, step=steps))
    return say("; ").join(parts)


def best_steps(record: RunRecord, arm: str, task: str) -> str:
    """The step, or the range over seeds, at which a task's held-out loss was lowest; empty if it is not known."""
    steps = [best.step for best in record.best.get((arm, task), {}).values()]
    if not steps:
        return ""
    return f"{min(steps)}" if min(steps) == max(steps) else f"{min(steps)}-{max(steps)}"


def changes(record: RunRecord) -> list[str]:
    """What the marks in the charts stand for, one by one."""
    return [change(record, mark) for mark in record.marks]


def worst_pairs(record: RunRecord, arm: str) -> list[Key]:
    """Pairs of tasks by their mean gradient cosine over the run, the lowest first."""
    means = {
        key: statistics.fmean(finite)
        for key, series in record.cosines.items()
        if key[0] == arm and (finite := [value for value in series.values if value == value])
    }
    return sorted(means, key=lambda key: means[key])


def conflicts(record: RunRecord, arm: str, step: int | None) -> str:
    """The lowest cosine between two tasks' gradients, and the share of conflicting steps; empty if neither is known."""
    share = record.signal(arm, CONFLICTING, None, step)
    pairs = worst_pairs(record, arm)
    if share is None or not pairs:
        return ""
    cosine = record.cosines[pairs[0]].at(step)
    text = f"{round(cosine, 2) + 0.0:.2f}" if cosine is not None else "-"
    if len(pairs) > 1:
        text = say("{cosine} ({pair})", cosine=text, pair=pair_name(record, pairs[0]))
    return say("gradient cosine {cosine}, conflicting steps {share} %", cosine=text, share=f"{100 * share:.0f}")


def pair_name(record: RunRecord, pair: Key) -> str:
    """Two tasks by their names."""
    return say(", ").join(pick(task_label(record, task)) for task in pair[1:])


def rates(record: RunRecord) -> str:
    """The learning rates as they were changed."""
    assert record.hello is not None
    rates = []
    for arm in record.hello.arms:
        rate = arm.learning_rate
        for mark in record.marks:
            if mark.kind == "learning_rate" and mark.arm in (None, arm.key) and isinstance(mark.value, float | int):
                rate *= mark.value
        rates.append(f"{rate:g}")
    return say("learning rate {rate}", rate="/".join(dict.fromkeys(rates)))


def weights(record: RunRecord) -> str:
    """The task weights that the person or the recipe has set."""
    assert record.hello is not None
    shown = []
    for arm in record.hello.arms:
        changed = [mark.value for mark in record.marks if mark.kind == "task_weights" and mark.arm in (None, arm.key)]
        now = changed[-1] if changed else arm.weights
        if isinstance(now, list) and len(now) > 1:
            shown.append(":".join(f"{weight:g}" for weight in now))
    return say("weights {weights}", weights="/".join(dict.fromkeys(shown))) if shown else ""


def learned_weights(record: RunRecord, step: int | None) -> str:
    """What the gradients are multiplied by now; empty unless there is one arm, whose weighting says so."""
    assert record.hello is not None
    if len(record.hello.arms) > 1 or record.hello.arms[0].weighting == "equal":
        return ""
    values = [
        f"{pick(task.label)} {value:.2f}"
        for task in record.hello.tasks
        if (value := record.signal(record.hello.arms[0].key, WEIGHT, task.name, step)) is not None
    ]
    return say("task weights now: {weights}", weights=say(", ").join(values)) if values else ""


def speed(lab: Lab, record: RunRecord, *, samples: bool) -> str:
    """Steps a second, and rows a second where there is room; or that the run is paused."""
    state = record.state
    if state.phase == "paused":
        return say("paused")
    pace = say("full speed") if lab.pace == "full" else f"{lab.pace}x"
    if samples and state.samples:
        rows = f"{state.samples:,.0f}"
        return say("{n} steps/s, {rows} samples/s <{pace}>", n=f"{state.speed:.0f}", rows=rows, pace=pace)
    return say("{n} steps/s <{pace}>", n=f"{state.speed:.0f}", pace=pace)


def _weighed(record: RunRecord, arm: Arm) -> str:
    name = say(WEIGHTINGS.get(arm.weighting, arm.weighting))
    if arm.balancing is not None:
        return say("{name}, {mode}; heads unweighted", name=name, mode=say(MODES[arm.balancing]))
    if arm.weighting == "equal":
        return name
    if arm.weighting == "uncertainty" and record.hello is not None:
        kinds = {task.kind for task in record.hello.tasks}
        forms = say(", ").join(say(form) for kind, form in FORMS.items() if kind in kinds)
        return say("{name}, {forms}; heads weighted too", name=name, forms=forms)
    return say("{name}, by losses; heads weighted too", name=name)
