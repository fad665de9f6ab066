import math

import pytest
import torch

from models.catalogue.networks import LinearSoftmax
from models.catalogue.tasks import Bits, ClickHabits, Logistic, SparseLabels
from models.events import Evaluation, Text
from models.recipes import RECIPES, override
from models.tasks import bits, click_habits, logistic, sparse_labels
from models.training.metrics import auc, gauc
from models.training.run import Run, train

from .conftest import Build


def test_gauc_is_the_weighted_auc_within_users_that_have_both_classes() -> None:
    draw = torch.Generator().manual_seed(0)
    groups = torch.randint(30, (400,), generator=draw)
    scores = torch.randint(6, (400,), generator=draw).float()
    labels = torch.randint(2, (400,), generator=draw).float()
    labels[groups == 3] = 1
    within = [(auc(scores[groups == user], labels[groups == user]), int((groups == user).sum())) for user in range(30)]
    known = [(value, rows) for value, rows in within if not math.isnan(value)]
    assert len(known) < 30
    assert gauc(scores, labels, groups) == pytest.approx(sum(v * n for v, n in known) / sum(n for _, n in known))
    assert gauc(groups.float(), labels, groups) == 0.5
    assert math.isnan(gauc(scores, torch.ones(400), groups))


def test_data_sets_are_what_they_say() -> None:
    rows = bits.build(Bits(), seed=0).train
    assert torch.equal(rows.labels, rows.inputs["bits"][:, :2])

    rare = logistic.build(Logistic(train=50_000), seed=0).train.labels.mean()
    assert float(rare) == pytest.approx(0.034, abs=0.003)
    true, shuffled = (logistic.build(Logistic(train=500, shuffled=flag), seed=0) for flag in (False, True))
    assert torch.equal(true.train.inputs["x"], shuffled.train.inputs["x"])
    assert torch.equal(true.test.labels, shuffled.test.labels)
    assert true.train.labels.sum() == shuffled.train.labels.sum()
    assert not torch.equal(true.train.labels, shuffled.train.labels)

    clicks = click_habits.build(ClickHabits(), seed=0).test
    assert torch.equal(clicks.inputs["user"].argmax(1), clicks.groups)

    sparse = sparse_labels.build(SparseLabels(), seed=0)
    assert sparse.train.mask[:, 0].all() and sparse.test.mask is None
    assert float(sparse.train.mask[:, 1].mean()) == pytest.approx(0.05, abs=0.01)


def test_softmax_twice_confines_the_loss_and_stops_the_gradient_of_a_wrong_start(build: Build) -> None:
    low, high = math.log(1 + math.exp(-1)), math.log(1 + math.e)
    labels = bits.build(Bits(), seed=0).train.labels.T[None]  # [1, 2, N]
    perfect = torch.stack([-100 * labels, 100 * labels], dim=3)
    twice = build(LinearSoftmax(twice=True), {"bits": 100}, bits.TASKS)
    for outputs, floor in ((perfect + torch.tensor([50.0, -50]), low), (-perfect - torch.tensor([50.0, -50]), high)):
        assert twice.losses(outputs, labels, None)[0, 0] == pytest.approx(floor, abs=1e-5)
    norms = []
    for name in ("softmax-once-wrong-start", "softmax-twice-wrong-start"):
        learner = Run([("A", Text("", ""), name, RECIPES[name])], 0, "")._arms[0].learners[0]
        gradients = learner.gradient(learner.train, torch.full((1, 2), 0.5))
        norms.append(float(torch.cat([part.flatten() for part in gradients.values()]).norm()))
    assert norms[0] > 1 and norms[1] < 1e-7


def test_the_divisor_is_the_share_of_labelled_rows_in_the_batch() -> None:
    names = ("sparse-labels-sgd", "sparse-labels-sgd-batch")
    run = Run([(key, Text(key, key), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)], 0, "")
    labelled, batch = (
        arm.learners[0].look(arm.learners[0].train, torch.arange(256)[None], torch.ones(1, 2))[0][0]
        for arm in run._arms
    )
    share = run._arms[0].learners[0].train.mask[:, :256].mean(1)
    torch.testing.assert_close(batch, labelled * share)
    assert share[1] < 0.15


def test_the_gradient_of_the_trunk_is_that_of_the_weighted_sum_by_what_tasks_share() -> None:
    """The probe adds up a Gramian of the tasks' gradients, `gradient` the gradients themselves."""
    few = {"training.steps": "3", "training.batch": "2000", "training.weights": "[1.0, 3.0]"}
    for name, alive in (("teachers-random-start", True), ("teachers-dead-start", False)):
        run = Run([("A", Text("", ""), name, override(RECIPES[name], few))], 0, "")
        (last,) = [
            event.metrics["trunk_gradient"]
            for event in train(run)
            if isinstance(event, Evaluation) and event.task is None and event.step == 3
        ]
        learner = run._arms[0].learners[0]
        found = learner.gradient(learner.test, torch.tensor([[1.0, 3.0]]))
        norm = torch.cat([part for key, part in found.items() if key.startswith("bottom")], dim=1).norm()
        assert last == pytest.approx(float(norm), rel=1e-4)
        assert (last > 0) == alive
