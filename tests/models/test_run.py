import math
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from models import events
from models.events import Best, Diverged, Done, Error, Evaluation, Event, Gates, Hello, Mark, Metrics, Text
from models.recipe import RecipeError
from models.recipes import RECIPES, override
from models.tasks import DataError, adult
from models.training import checkpoint
from models.training.checkpoint import CheckpointError
from models.training.metrics import auc
from models.training.run import Run, train

torch.set_num_threads(1)


def run_of(*names: str, seed: int = 0, marks: Sequence[Mark] = (), **settings: str) -> Run:
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    arms = [
        (key, Text(name, name), name, override(RECIPES[name], dotted)) for key, name in zip("ABCD", names, strict=False)
    ]
    return Run(arms, seed, "test", marks=marks)


def lasting(run: Run) -> list[Event]:
    return [event for event in train(run) if not isinstance(event, Done)]


SHORT = {"training__steps": "30", "training__evaluations": "4"}
FEW = {"training.steps": "30", "training.evaluations": "4"}


def test_a_run_repeats_bit_for_bit() -> None:
    first = lasting(run_of("adult-mmoe", "adult-omoe", **SHORT))
    assert first == lasting(run_of("adult-mmoe", "adult-omoe", **SHORT))
    assert first != lasting(run_of("adult-mmoe", "adult-omoe", seed=1, **SHORT))


def test_an_arm_trains_the_same_alone_and_beside_another() -> None:
    beside = [e for e in lasting(run_of("adult-mmoe", "adult-single", **SHORT)) if getattr(e, "arm", "") == "A"]
    alone = [e for e in lasting(run_of("adult-mmoe", **SHORT)) if getattr(e, "arm", "") == "A"]
    assert beside == alone


def test_events_come_in_order_and_survive_json() -> None:
    stream = lasting(run_of("adult-mmoe", training__window="5", **SHORT))
    hello, *rest = stream
    assert isinstance(hello, Hello) and hello.steps == 30 and hello.rows == 32_000
    assert [e.step for e in rest if isinstance(e, Evaluation) and e.task == "income"] == [0, 10, 20, 30]
    ends = {block.step: len(block.loss) for block in rest if isinstance(block, Metrics) and block.task == "income"}
    assert ends == {5: 2, 15: 2, 25: 2}
    for gates in (event for event in rest if isinstance(event, Gates)):
        assert sum(gates.weights) == pytest.approx(1, abs=1e-5) and 0 <= gates.entropy <= 1 + 1e-6
    assert [events.decode(events.encode(event)) for event in stream] == stream


def test_interventions_recorded_as_marks_repeat_the_run() -> None:
    run = run_of("adult-shared-bottom", **SHORT)
    live: list[Event] = [run.hello, *run.begin()]
    marks = []
    while not run.done:
        if run.now == 7:
            marks.append(run.set_learning_rate(0.5))
        if run.now == 12:
            marks.append(run.set_task_weights([1.0, 0.0]))
        live += run.advance(1)
        if run.now == 30 and run.done:
            marks.append(run.extend(10))
    again = lasting(run_of("adult-shared-bottom", marks=marks, **SHORT))
    assert [e.step for e in again if isinstance(e, Evaluation)][-1] == 40
    assert [e for e in again if isinstance(e, Evaluation)] == [e for e in live if isinstance(e, Evaluation)]
    assert marks == [e for e in again if isinstance(e, events.Mark)]
    assert [e for e in lasting(run_of("adult-shared-bottom", **SHORT)) if isinstance(e, Evaluation)] != [
        e for e in live if isinstance(e, Evaluation)
    ]
    with pytest.raises(ValueError, match="2 task weights"):
        run.set_task_weights([1.0])


def test_a_loss_that_explodes_ends_the_run_at_the_step_before() -> None:
    run = run_of("adult-single", training__optimizer="sgd", **SHORT)
    run.set_learning_rate(1e33)
    values = run._arms[0].learners[0].parameters.values
    fallen: list[Event] = []
    while not run.done:
        before = values.clone()
        fallen = run.advance(1)
    (error,) = fallen
    assert isinstance(error, Error) and error.kind == "nan"
    assert (error.arm, error.task, error.step, error.cause) == ("A", "income", run.now + 1, "learning_rate")
    assert error.learning_rate == pytest.approx(3e30)
    assert torch.equal(values, before)
    assert all(math.isfinite(loss) for block in run.flush() for loss in block.loss)
    with pytest.raises(RuntimeError):
        run.advance(1)


def test_of_two_arms_one_may_explode_and_the_other_goes_on() -> None:
    run = Run(
        [
            (
                "A",
                Text("", ""),
                "",
                override(
                    RECIPES["adult-single"], {"training.optimizer": "sgd", **FEW, "training.learning_rate": "100"}
                ),
            ),
            ("B", Text("", ""), "", override(RECIPES["adult-single"], FEW)),
        ],
        0,
        "test",
    )
    run.set_learning_rate(1e30)
    run._arms[1].factor = 1.0
    stream = list(train(run))
    (gone,) = [event for event in stream if isinstance(event, Diverged)]
    assert gone.arm == "A" and isinstance(stream[-1], Done) and stream[-1].step == 30
    assert {event.arm for event in stream if isinstance(event, Evaluation) and event.step == 30} == {"B"}


def test_a_saved_run_goes_on_exactly(tmp_path: Path) -> None:
    settings = {"training__weighting__name": "uncertainty", "training__replicas": "2", **SHORT}
    whole = lasting(run_of("adult-mmoe", **settings))
    begun = run_of("adult-mmoe", **settings)
    begun.begin()
    for _ in range(13):
        begun.advance(1)
    begun.flush()
    checkpoint.save(begun, tmp_path, offset=7)
    resumed = run_of("adult-mmoe", **settings)
    assert checkpoint.load(resumed, tmp_path) == 7
    rest: list[Event] = []
    while not resumed.done:
        rest += resumed.advance(1)
    assert rest == [e for e in whole if getattr(e, "step", 0) > 13 and not isinstance(e, Metrics)]

    other = run_of("adult-mmoe", **settings, training__batch="64")
    with pytest.raises(CheckpointError, match="another recipe"):
        checkpoint.load(other, tmp_path)
    with pytest.raises(CheckpointError, match="missing"):
        checkpoint.load(other, tmp_path / "none")
    (tmp_path / checkpoint.FILE).write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="broken"):
        checkpoint.load(other, tmp_path)


def test_replicas_are_the_single_runs_of_their_seeds() -> None:
    together = lasting(run_of("adult-mmoe", training__replicas="3", **SHORT))
    for replica in range(3):
        alone = lasting(run_of("adult-mmoe", seed=replica, **SHORT))
        one = [e.metrics["loss"] for e in alone if isinstance(e, Evaluation)]
        same = [e.metrics["loss"] for e in together if isinstance(e, Evaluation) and e.replica == replica]
        assert same == pytest.approx(one, rel=1e-4)
    spread = [block for block in together if isinstance(block, Metrics)]
    assert all(len(block.spread) == len(block.loss) for block in spread)
    assert together[0].arms[0].replicas == "batched"


def test_an_arm_stops_each_task_by_itself_and_keeps_its_best() -> None:
    run = run_of("unequal-labels", training__patience="4")
    stream = lasting(run)
    stops = {e.task: e for e in stream if isinstance(e, Best) and e.stopped}
    assert stops["few"].step < 100
    evaluations = [e for e in stream if isinstance(e, Evaluation) and e.task == "few" and e.step <= 150]
    assert stops["few"].loss == pytest.approx(min(e.metrics["loss"] for e in evaluations), rel=1e-6)
    kept = run.best()["A-few"]
    assert set(kept) == {name for name, _ in run._arms[0].learners[0].parameters.named}


def test_the_training_loss_is_that_of_every_task_where_rows_are_labelled_for_one() -> None:
    stream = lasting(run_of("unequal-labels", training__steps="20", training__evaluations="2"))
    (few, many) = (e.metrics for e in stream if isinstance(e, Evaluation) and e.task and e.step == 20)
    assert 0.1 < few["train_loss"] < few["loss"] and many["train_loss"] > 0.1


def test_a_run_can_be_made_longer() -> None:
    run = run_of("adult-shared-bottom", **SHORT)
    while not run.done:
        run.advance(1)
    mark = run.extend(15)
    assert (mark.kind, mark.value, run.done) == ("extend", 15.0, False)
    steps = [e.step for _ in range(15) for e in run.advance(1) if isinstance(e, Evaluation) and e.task == "income"]
    assert run.done and steps == [40, 45]


def test_uncertainty_finds_sigma_squared_of_twice_the_loss() -> None:
    stream = lasting(
        run_of(
            "adult-shared-bottom",
            training__weighting__name="uncertainty",
            training__steps="600",
            training__evaluations="2",
            training__weighting__learning_rate="0.05",
        )
    )
    last = [event for event in stream if isinstance(event, Evaluation)][-2:]
    for event in last:
        assert event.metrics["sigma"] ** 2 == pytest.approx(2 * event.metrics["loss"], rel=0.15)


def test_smaller_batches_are_the_first_rows_of_the_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("listing1-corrected-batch-64", "listing1-corrected-batch-512")
    seen: list[torch.Tensor] = []
    for arm in run._arms:
        monkeypatch.setattr(arm, "train", lambda batches, step: seen.extend(batches))
    run.advance(1)
    small, large = seen
    assert (small.shape, large.shape) == ((1, 64), (1, 512))
    assert torch.equal(small, large[:, :64])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"features__inputs": "numbrs"}, "no input numbrs"),
        ({"training__weights": "1,2,3"}, "3 numbers; adult has 2 tasks"),
        ({"network__name": "listing1-printed"}, "needs the input items"),
        ({"training__probes": "shuffle_users"}, "needs the input users"),
    ],
)
def test_a_recipe_that_does_not_fit_its_data_says_so(settings: dict[str, str], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        run_of("adult-mmoe", **settings)


def test_features_choose_what_the_network_sees() -> None:
    run = run_of("adult-mmoe", features__inputs="numbers")
    assert run.hello.arms[0].parameters < run_of("adult-mmoe").hello.arms[0].parameters


def test_a_missing_or_broken_data_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is missing; install mtl-tui again"):
        adult.read(tmp_path / "adult.npz")
    whole = adult.FILE.read_bytes()
    for content in (b"", b"not an archive", whole[: len(whole) // 2], whole[:5000] + bytes(2000) + whole[7000:]):
        (tmp_path / "adult.npz").write_bytes(content)
        with pytest.raises(DataError, match="is broken"):
            adult.read(tmp_path / "adult.npz")


def test_census_labels_are_the_published_shares() -> None:
    *_, labels = adult.read()
    assert labels.shape == (48_842, 2)
    assert labels.sum(0).tolist() == [11_687, 16_117]


def test_auc_counts_ties_half() -> None:
    assert auc(torch.tensor([0.1, 0.4, 0.4, 0.9]), torch.tensor([0.0, 0, 1, 1])) == 0.875
    assert auc(torch.zeros(4), torch.tensor([0.0, 1, 0, 1])) == 0.5
    assert math.isnan(auc(torch.zeros(3), torch.ones(3)))
