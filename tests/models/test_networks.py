import math

import pytest
import torch

from models import catalogue
from models.catalogue.networks import Mmoe, Network, Omoe, SharedBottom, SingleTask
from models.catalogue.tasks import Adult
from models.events import Task, Text
from models.recipes import RECIPES
from models.training.run import Run

TASKS = [Task(name, Text(name, name), kind) for name, kind in (("a", "binary"), ("b", "regression"), ("c", "binary"))]


def build(row: Network, seed: int = 0):
    network = catalogue.builder(row)(row, {"numbers": 3, "categories": 4}, TASKS)
    network.initialise(seed)
    return network


@pytest.mark.parametrize("row", [SingleTask(), SharedBottom(tower=(5,)), Omoe(), Mmoe(expert=(6, 5))], ids=str)
def test_one_output_per_task(row: Network) -> None:
    network = build(row)
    x = network.arrange({"numbers": torch.randn(11, 3), "categories": torch.randn(11, 4)})
    outputs = network(*x)
    assert outputs.shape == (11, 3)
    predictions = network.predict(outputs)
    torch.testing.assert_close(predictions[:, 1], outputs[:, 1])
    torch.testing.assert_close(predictions[:, 0], torch.sigmoid(outputs[:, 0]))


def test_gates_share_out_exactly_one() -> None:
    x = torch.randn(50, 7)
    one, per_task = build(Omoe()).gates(x), build(Mmoe()).gates(x)
    for gates in (one, per_task):
        assert gates.shape == (3, 50, 4)
        torch.testing.assert_close(gates.sum(-1), torch.ones(3, 50))
    assert torch.equal(one[0], one[2])
    assert not torch.equal(per_task[0], per_task[2])


def test_mmoe_is_the_formula_of_the_paper() -> None:
    network = build(Mmoe(experts=2, expert=(4,), tower=(3,)))
    x = torch.randn(5, 7)
    experts = [torch.relu(x @ w.T) for w in network.experts.weight[0]]
    for k in range(3):
        gate = torch.softmax(x @ network.gate.weight[0][k].T, dim=1)
        mixed = sum(gate[:, i : i + 1] * experts[i] for i in range(2))
        y = torch.relu(mixed @ network.tower.weight[0][k].T) @ network.tower.weight[1][k].T
        torch.testing.assert_close(network(x)[:, k], y[:, 0])


def test_without_sharing_a_task_moves_only_its_own_parameters() -> None:
    single, shared = build(SingleTask()), build(SharedBottom())
    x = torch.randn(9, 7)
    for network in (single, shared):
        network(x)[:, 0].sum().backward()
    assert single.bottom.weight[0].grad[0].abs().sum() > 0
    assert single.bottom.weight[0].grad[1].abs().sum() == 0
    assert shared.bottom.weight[0].grad.abs().sum() > 0


def test_weights_have_variance_one_over_fan_in() -> None:
    weight = build(SharedBottom(hidden=(400,))).bottom.weight[0].detach()
    assert weight.abs().max() <= math.sqrt(3 / 7)
    assert weight.var() == pytest.approx(1 / 7, rel=0.1)


def test_losses_skip_rows_without_a_label() -> None:
    network = build(SharedBottom())
    outputs, labels = torch.randn(6, 3), torch.ones(6, 3)
    mask = torch.tensor([[1.0, 1, 0]] * 3 + [[0.0, 1, 0]] * 3)
    losses = network.losses(outputs, labels, mask)
    half = network.losses(outputs[:3], labels[:3], None)
    assert losses[0] == pytest.approx(half[0].item())
    assert losses[2] == 0


def test_arms_start_from_equal_values_where_shapes_agree() -> None:
    names = ("adult-shared-bottom", "adult-single")
    run = Run([(key, Text(key, key), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)], 3, "")
    shared, single = (arm.network for arm in run._arms)
    for layer in range(2):
        assert torch.equal(shared.bottom.weight[layer][0], single.bottom.weight[layer][0])
    assert torch.equal(shared.tower.weight[0], single.tower.weight[0])

    names = ("listing1-printed", "listing1-corrected")
    run = Run([(key, Text(key, key), name, RECIPES[name]) for key, name in zip("AB", names, strict=True)], 3, "")
    printed, corrected = (arm.network for arm in run._arms)
    assert torch.equal(printed.items, corrected.items)


def test_parameter_counts_of_the_census_recipes() -> None:
    counts = {}
    for row in (SharedBottom(), SingleTask()):
        network = catalogue.builder(row)(row, {"numbers": 5, "categories": 89}, TASKS[:2])
        counts[catalogue.name(row)] = sum(p.numel() for p in network.parameters())
    assert counts == {"shared-bottom": 3602, "single-task": 7170}
    assert Adult().train == 32_000
