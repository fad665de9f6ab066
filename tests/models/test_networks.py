"""What every network has in common: outputs, losses, initial values; and the formula of MMoE."""

import math

import pytest
import torch

from models.catalogue.networks import Constant, Mmoe, Network, Omoe, SharedBottom, SingleTask
from models.catalogue.tasks import Adult
from models.events import Task, Text
from models.recipes import RECIPES
from models.training.run import Run

from .conftest import Build

TASKS = [Task(name, Text(name, name), kind) for name, kind in (("a", "binary"), ("b", "regression"), ("c", "binary"))]
WIDTHS = {"numbers": 3, "categories": 4}


@pytest.mark.parametrize(
    "row", [Constant(), SingleTask(), SharedBottom(tower=(5,)), Omoe(), Mmoe(expert=(6, 5))], ids=str
)
def test_one_output_per_task(row: Network, build: Build) -> None:
    network = build(row, WIDTHS, TASKS)
    (x,) = network.arrange({"numbers": torch.randn(11, 3), "categories": torch.randn(11, 4)})
    outputs = network(x[None])
    assert x.shape == (11, 7) and outputs.shape == (1, 3, 11, 1)
    predictions = network.predict(outputs)
    torch.testing.assert_close(predictions[:, 1], outputs[:, 1, :, 0])
    torch.testing.assert_close(predictions[:, ::2], torch.sigmoid(outputs[:, ::2, :, 0]))


def test_ids_come_first_and_each_column_has_vectors_of_its_own(build: Build) -> None:
    network = build(SharedBottom(), {"x": 2}, TASKS, {"user": (3,), "item": (4, 5)})
    inputs = {"x": torch.randn(6, 2), "user": torch.full((6, 1), 2), "item": torch.tensor([[0, 4]]).expand(6, -1)}
    ids, numbers = (column[None] for column in network.arrange(inputs))
    x = network.inputs(ids, numbers)
    assert x.shape == (1, 1, 6, 3 * 8 + 2) and network.inputs.table.shape == (12, 8)
    torch.testing.assert_close(x[0, 0, 0, :24], network.inputs.table[[2, 3, 11]].flatten())
    assert torch.equal(x[0, 0, :, 24:], inputs["x"])


def test_one_gate_stands_for_all_tasks_and_a_gate_per_task_for_its_own(build: Build) -> None:
    x = torch.randn(1, 50, 7)
    one, per_task = (build(row, WIDTHS, TASKS).gates(x)[0] for row in (Omoe(), Mmoe()))
    assert one.shape == per_task.shape == (3, 50, 4)
    assert torch.equal(one[0], one[2])
    assert not torch.equal(per_task[0], per_task[2])
    assert build(SharedBottom(), WIDTHS, TASKS).gates(x) is None


def test_mmoe_is_the_formula_of_the_paper(build: Build) -> None:
    network = build(Mmoe(experts=2, expert=(4,), tower=(3,)), WIDTHS, TASKS)
    x = torch.randn(5, 7)
    experts = [torch.relu(x @ w.T) for w in network.experts.weight[0]]
    for k in range(3):
        gate = torch.softmax(x @ network.gate.weight[0][k].T, dim=1)
        mixed = sum(gate[:, i : i + 1] * experts[i] for i in range(2))
        y = torch.relu(mixed @ network.tower.weight[0][k].T) @ network.tower.weight[1][k].T
        torch.testing.assert_close(network(x[None])[0, k], y)


def test_weights_have_variance_one_over_fan_in(build: Build) -> None:
    network = build(SharedBottom(hidden=(400,)), WIDTHS, TASKS)
    weight = network.bottom.weight[0].detach()
    assert weight.abs().max() <= math.sqrt(3 / 7)
    assert weight.var() == pytest.approx(1 / 7, rel=0.1)
    assert not network.bottom.bias[0].any()


def test_losses_skip_rows_without_a_label_and_derivatives_are_theirs(build: Build) -> None:
    network = build(SharedBottom(), WIDTHS, TASKS)
    outputs, labels = torch.randn(1, 3, 6, 1, requires_grad=True), torch.ones(1, 3, 6)
    mask = torch.tensor([[[1.0] * 3 + [0] * 3, [1] * 6, [0] * 6]])
    losses = network.losses(outputs, labels, mask)
    half = network.losses(outputs[:, :, :3], labels[:, :, :3], None)
    assert losses[0, 0].item() == pytest.approx(half[0, 0].item())
    assert losses[0, 2] == 0
    weights = torch.tensor([[1.0, 3, 2]])
    (expected,) = torch.autograd.grad((losses * weights).sum(), outputs)
    torch.testing.assert_close(network.derivatives(outputs.detach(), labels, mask, weights), expected)


def test_arms_start_from_equal_values_where_shapes_agree() -> None:
    names = ("adult-shared-bottom", "adult-single")
    run = Run([(key, Text(key, key), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)], 3, "")
    shared, single = (arm.learners[0].network for arm in run._arms)
    for layer in range(2):
        assert torch.equal(shared.bottom.weight[layer][0], single.bottom.weight[layer][0])
    assert torch.equal(shared.tower.weight[0], single.tower.weight[0])

    names = ("listing1-printed", "listing1-corrected")
    run = Run([(key, Text(key, key), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)], 3, "")
    printed, corrected = (arm.learners[0].network for arm in run._arms)
    items = printed.linear.weight[0].shape[2]
    assert torch.equal(printed.linear.weight[0], corrected.linear.weight[0][..., :items])


def test_parameter_counts_of_the_census_recipes(build: Build) -> None:
    counts = [
        sum(p.numel() for p in build(row, {"numbers": 5, "categories": 89}, TASKS[:2]).parameters())
        for row in (SharedBottom(), SingleTask())
    ]
    assert counts == [3602, 7170]
    assert Adult().train == 32_000
