import math
from pathlib import Path

import pytest
import torch

from models import events
from models.events import Done, Error, Evaluation, Event, Gates, Hello, Metrics, Text
from models.recipe import RecipeError
from models.recipes import RECIPES, override
from models.tasks import DataError, adult
from models.training.metrics import auc
from models.training.run import Run, train

torch.set_num_threads(1)


def run_of(*names: str, seed: int = 0, **settings: str) -> Run:
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    arms = [
        (key, Text(name, name), name, override(RECIPES[name], dotted)) for key, name in zip("ABCD", names, strict=False)
    ]
    return Run(arms, seed, "test")


def lasting(run: Run, marks=()) -> list[Event]:
    return [event for event in train(run, marks) if not isinstance(event, Done)]


SHORT = {"training__steps": "30", "training__evaluations": "4"}


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
        live += run.step()
    again = lasting(run_of("adult-shared-bottom", **SHORT), marks)
    assert [e for e in again if isinstance(e, Evaluation)] == [e for e in live if isinstance(e, Evaluation)]
    assert marks == [e for e in again if isinstance(e, events.Mark)]
    assert [e for e in lasting(run_of("adult-shared-bottom", **SHORT)) if isinstance(e, Evaluation)] != [
        e for e in live if isinstance(e, Evaluation)
    ]
    with pytest.raises(ValueError, match="2 task weights"):
        run.set_task_weights([1.0])


def test_a_loss_that_explodes_ends_the_run_at_the_step_before() -> None:
    run = run_of("adult-single", "adult-shared-bottom", training__optimizer="sgd", **SHORT)
    run.set_learning_rate(1e33)
    fallen: list[Event] = []
    while not run.done:
        before = [[p.clone() for p in arm.network.parameters()] for arm in run._arms]
        fallen = run.step()
    (error,) = fallen
    assert isinstance(error, Error) and error.kind == "nan"
    assert (error.arm, error.task, error.step) == ("A", "income", run.now + 1)
    assert error.learning_rate == pytest.approx(3e30)
    for arm, parameters in zip(run._arms, before, strict=True):
        assert all(map(torch.equal, arm.network.parameters(), parameters))
    assert all(math.isfinite(loss) for block in run.flush() for loss in block.loss)
    with pytest.raises(RuntimeError):
        run.step()


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
        forward = arm.forward
        monkeypatch.setattr(arm, "forward", lambda rows, step, f=forward: (seen.append(rows), f(rows, step))[1])
    run.step()
    small, large = seen
    assert (len(small), len(large)) == (64, 512)
    assert torch.equal(small, large[:64])


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
