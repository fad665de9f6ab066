"""A run in words: how it is weighed, what was changed, why it is or is not judged."""

from typing import get_args

import pytest

from models import catalogue
from models.catalogue.weighting import Weighting
from models.events import Arm, Best, Diverged, Done, Error, Event, Gradients, Hello, Mark, State, Task, Text, Weights
from models.pairings import PAIRINGS
from mtl_tui import locale
from mtl_tui.flows import running
from mtl_tui.flows.closing import CAUSES, change, closing, divergence, failure
from mtl_tui.lab.record import RunRecord

TASKS = [Task(name, Text(name, name), "binary") for name in ("a", "b", "c")]


def arm(key: str = "A", weighting: str = "equal", balancing: str | None = None) -> Arm:
    return Arm(key, Text(key, key), "recipe", 10, 64, 0.01, [1.0, 1.0, 1.0], weighting, balancing)  # type: ignore[arg-type]


def run(*batch: Event, arms: list[Arm] | None = None, tasks: list[Task] = TASKS, **more: object) -> RunRecord:
    record = RunRecord()
    record.fold([Hello("run", 7, 100, 1, 1000, arms or [arm()], tasks, **more), *batch])  # type: ignore[arg-type]
    return record


def test_every_weighting_of_the_catalogue_has_a_name_for_people() -> None:
    assert set(running.WEIGHTINGS) == {catalogue.name(row) for row in get_args(Weighting)}


def test_it_is_said_of_what_the_weights_are_taken_and_whether_heads_have_them() -> None:
    gradients = running.weighed(run(arms=[arm(weighting="pcgrad", balancing="exact")]))
    assert gradients == "PCGrad, exact mode (all shared parameters); heads unweighted"
    losses = running.weighed(run(arms=[arm(weighting="dwa")]))
    assert losses == "DWA, by losses; heads weighted too"
    both = running.weighed(run(arms=[arm(), arm("B", "cagrad", "representation")]))
    assert both == "A equal weights; B CAGrad, representation mode (where tasks meet); heads unweighted"


def test_uncertainty_weighting_says_which_of_its_forms_holds() -> None:
    regression = Task("r", Text("r", "r"), "regression")
    binary = running.weighed(run(arms=[arm(weighting="uncertainty")]))
    mixed = running.weighed(run(arms=[arm(weighting="uncertainty")], tasks=[TASKS[0], regression]))
    assert "L/s^2 + log s" in binary and "L/(2 s^2)" not in binary
    assert "L/s^2 + log s" in mixed and "L/(2 s^2) + log s" in mixed


def test_rates_and_weights_follow_the_marks_of_their_arm() -> None:
    marks = [Mark(10, "learning_rate", 0.5), Mark(20, "learning_rate", 4.0, True, "B")]
    record = run(*marks, Mark(30, "task_weights", [1.0, 2.0, 0.5]), arms=[arm(), arm("B")])
    assert running.rates(record) == "learning rate 0.005/0.02"
    assert running.weights(record) == "weights 1:2:0.5"
    assert [change(record, mark) for mark in record.marks] == [
        "step 10: learning rate x0.5",
        "step 20: B learning rate x4",
        "step 30: weights 1:2:0.5",
    ]
    assert change(record, Mark(40, "extend", 25.0)) == "step 40: 25 steps more"


def test_the_pairs_that_conflict_most_come_first() -> None:
    cosine = [[1.0, 0.3, -0.6], [0.3, 1.0, 0.1], [-0.6, 0.1, 1.0]]
    record = run(Gradients("A", 0, 10, 10, "exact", ["a", "b", "c"], [1.0, 1.0, 1.0], cosine, 0.4))
    assert [pair[1:] for pair in running.worst_pairs(record, "A")] == [("a", "c"), ("b", "c"), ("a", "b")]
    assert running.conflicts(record, "A", None) == "gradient cosine -0.60 (a, c), conflicting steps 40 %"
    assert running.conflicts(record, "A", 5) == ""


def test_a_task_that_was_stopped_early_is_named_with_its_best_step() -> None:
    record = run(Best("A", 0, "a", 40, 0.5, stopped=True), Best("A", 0, "b", 60, 0.4))
    assert running.bests(record, stars=True) == "* lowest validation loss; a stopped, best at 40"
    seeds = run(Best("A", 0, "a", 40, 0.5), Best("A", 1, "a", 55, 0.5), replicas=2)
    assert running.bests(seeds, stars=False) == "" and running.best_steps(seeds, "A", "a") == "40-55"


def test_learned_weights_are_those_at_the_cursor() -> None:
    names = [task.name for task in TASKS]
    events = [Weights("A", 0, 10, names, [1.0, 1.0, 1.0]), Weights("A", 0, 20, names, [0.5, 2.0, 0.5])]
    record = run(*events, arms=[arm(weighting="dwa")])
    assert running.learned_weights(record, None) == "task weights now: a 0.50, b 2.00, c 0.50"
    assert running.learned_weights(record, 15) == "task weights now: a 1.00, b 1.00, c 1.00"
    assert running.learned_weights(run(*events), None) == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_cause_of_a_divergence_has_its_own_advice(language: str) -> None:
    with locale.speaking(language):  # type: ignore[arg-type]
        ends = [run(Error("nan", "", 12, "A", "a", 0.08, cause)) for cause in CAUSES]  # type: ignore[arg-type]
        said = {failure(record) for record in ends}
        alone = divergence(run(), Diverged("B", 0, "a", 12, 0.08, "loss_scale"))
    assert len(said) == len(CAUSES) and all("12" in text and "11" in text and "{" not in text for text in said)
    assert alone.startswith("B") and "11" in alone


def judged(*batch: Event) -> bool | None:
    """Whether a pairing's run with these events is judged: its numbers are as they should be."""
    pairing = PAIRINGS["listing1-softmax"]
    record = run(State("running"), *batch, Done(100, 1.0), arms=[arm(), arm("B")])
    for reading in pairing.readings:
        low, high = reading.range or (0.0, 0.0)
        record.metric(reading.arm, reading.metric, reading.task).add(100, (low + high) / 2)
    return closing(pairing, record)[1]


def test_a_run_that_a_person_changed_or_that_lost_an_arm_is_not_judged() -> None:
    assert judged() is True
    assert judged(Mark(10, "learning_rate", 0.5, planned=True, arm="A")) is True
    assert judged(Mark(10, "learning_rate", 0.5)) is None and judged(Mark(10, "extend", 25.0)) is None
    assert judged(Diverged("B", 0, "a", 12, 0.08, "learning_rate")) is None
