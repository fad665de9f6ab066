"""What a run has shown, in one sentence computed from the run: the numbers, and whether they are what was said."""

from __future__ import annotations

from collections.abc import Callable

from models.events import Diverged, Error, Mark
from models.pairings import Pairing, Reading, verdict
from mtl_tui import places
from mtl_tui.flows.lab import task_label
from mtl_tui.lab.link import Gone
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import later, pick, say

CAUSES = {
    "": later("Press t to run the same seed again, then - to halve the learning rate {rate}."),
    "learning_rate": later(
        "Probably the learning rate {rate}; press t to run the same seed again, then - to halve it."
    ),
    "loss_scale": later(
        "One task's loss is far larger than the others'; press t to run the same seed again, then w to weigh it less."
    ),
    "weights": later("Probably the task weights; press t to run the same seed again with smaller ones."),
    "data": later("The data hold a number that is not finite; look for infinite or missing values in them."),
}
"""Why a loss may have stopped being finite, and what to do next."""


def reading_text(reading: Reading, value: float | None) -> str:
    """A number of the run as people read it: signed where signs matter, short where it is tiny."""
    if value is None:
        return "-"
    if value == 0 and "%" not in reading.format:
        return "0"
    if abs(value) < 0.0005 and "%" not in reading.format:
        return f"{value:.0e}"
    return format(value, reading.format).replace("%", " %")


def arm_name(pairing: Pairing, key: str) -> str:
    """An arm's letter and name; one arm alone has its name only."""
    arm = next(arm for arm in pairing.arms if arm.key == key)
    return pick(arm.label) if len(pairing.arms) == 1 else f"{key} {pick(arm.label)}"


def large_readings(
    pairing: Pairing, value: Callable[[Reading], float | None], *, large: bool = True
) -> list[tuple[str, list[str]]]:
    """The numbers to watch: per arm its name and its readings, with their labels where there are several kinds."""
    readings = [reading for reading in pairing.readings if reading.large or not large]
    several = len({reading.label for reading in readings}) > 1
    one_large = len({reading.label for reading in readings if reading.large}) == 1
    groups: dict[str, list[str]] = {}
    for reading in readings:
        text = reading_text(reading, value(reading))
        plain = not several or (reading.large and one_large)
        groups.setdefault(reading.arm, []).append(text if plain else f"{pick(reading.label)} {text}")
    return [(arm_name(pairing, key), parts) for key, parts in groups.items()]


def closing(pairing: Pairing, record: RunRecord) -> tuple[str, bool | None]:
    """The closing sentences of an ended run, and whether the explanation came true (None: not to be judged)."""
    trouble = failure(record)
    if trouble:
        return trouble, None
    done = record.done
    if done is None:
        return "", None
    if done.stopped and not record.state.saved:
        return ended(record), None
    if done.stopped:
        return say(
            "Stopped at step {step}; what was trained is kept. A run cut short is not judged.", step=done.step
        ), None
    outcome = verdict(pairing, record.readings())
    seen = say("Seen in this run: {numbers}.", numbers=_numbers(pairing, record))
    if any(not mark.planned for mark in record.marks):
        changed = say("You changed the run on the way, so it is not judged.")
        return say("{seen} {ending}", seen=seen, ending=changed), None
    if record.diverged and not any(reading.metric == "diverged" for reading in pairing.readings):
        why = " ".join(divergence(record, event) for event in record.diverged.values())
        return say("{seen} {ending}", seen=seen, ending=say("{why} So this run is not judged.", why=why)), None
    if outcome.held:
        ending = say(
            "As the explanation says. This is one seed; {held} of {tried} test runs showed it.",
            held=pairing.shown[0],
            tried=pairing.shown[1],
        )
    elif pairing.exact:
        ending = say("This should hold exactly: that it does not is a fault of this program. Please report it.")
    else:
        ending = say(
            "NOT what the explanation says ({expected}). {ranges}One run proves neither side: t trains the next seed.",
            expected=pick(pairing.expected),
            ranges=_ranges(pairing),
        )
    return say("{seen} {ending}", seen=seen, ending=ending), outcome.held


def ended(record: RunRecord) -> str:
    """How a run that did not fail has ended, and whether it is kept; empty while it goes on."""
    done = record.done
    if done is None:
        return ""
    if not record.state.saved:
        return say("The run folder cannot be written; nothing of this run is kept.")
    if done.stopped:
        return say("Stopped at step {step}; the run is kept.", step=done.step)
    return say("Finished in {seconds} s; the run is kept.", seconds=f"{done.seconds:.1f}")


def failure(record: RunRecord) -> str:
    """What went wrong with a run, what to do; empty if nothing did."""
    match record.error:
        case Error(kind="nan") as error:
            return say(
                "Step {step}: the loss of {task} became NaN; stopped at {before}. {cause}",
                step=error.step,
                task=pick(task_label(record, error.task)),
                before=max(error.step - 1, 0),
                cause=say(CAUSES[error.cause], rate=f"{error.learning_rate:g}"),
            )
        case Error(kind="crash") as error:
            return say(
                "The training process failed at step {step} ({what}); the curves up to there are kept. {file} has "
                "more; press t to start again.",
                step=error.step,
                what=error.message,
                file=places.worker_log(),
            )
        case Error() as error:
            return error.message
        case None:
            pass
    if isinstance(record.gone, Gone):
        return say(
            "The training process is gone (out of memory?); your answers and the curves up to step {step} are safe. "
            "Press t to start again.",
            step=record.step,
        )
    return ""


def divergence(record: RunRecord, event: Diverged) -> str:
    """Why one arm of several has ended before the others."""
    return say(
        "{arm} ended at step {before}: the loss of {task} became NaN. {cause}",
        arm=event.arm,
        before=max(event.step - 1, 0),
        task=pick(task_label(record, event.task)),
        cause=say(CAUSES[event.cause], rate=f"{event.learning_rate:g}"),
    )


def change(record: RunRecord, mark: Mark) -> str:
    """What a mark in the charts stands for."""
    arm = f"{mark.arm} " if mark.arm is not None and record.hello and len(record.hello.arms) > 1 else ""
    if isinstance(mark.value, list):
        what = say("weights {weights}", weights=":".join(f"{weight:g}" for weight in mark.value))
    elif mark.kind == "extend":
        what = say("{n} steps more", n=f"{mark.value:g}")
    else:
        what = say("learning rate x{factor}", factor=f"{mark.value:g}")
    return say("step {step}: {what}", step=mark.step, what=f"{arm}{what}")


def _numbers(pairing: Pairing, record: RunRecord) -> str:
    groups = large_readings(pairing, lambda each: record.value(each.arm, each.metric, each.task), large=False)
    return say("; ").join(f"{name} {say(', ').join(parts)}" for name, parts in groups)


def _ranges(pairing: Pairing) -> str:
    parts = [
        say(
            "{name} between {low} and {high}",
            name=f"{arm_name(pairing, reading.arm)} {pick(reading.label)}",
            low=reading_text(reading, reading.range[0]),
            high=reading_text(reading, reading.range[1]),
        )
        for reading in pairing.readings
        if reading.range is not None and reading.large
    ]
    if not parts:
        return ""
    return say("In {tried} test runs: {ranges}. ", tried=pairing.shown[1], ranges=say(", ").join(parts))
