import pytest
import torch

from models.catalogue.networks import SharedBottom
from models.networks.shared_bottom import SharedBottom as Network
from models.recipe import RecipeError
from models.recipes import RECIPES, override
from models.tasks.teachers import TASKS
from models.training.conflict import conflicting_gradients, harmful_updates
from models.training.run import Run
from models.training.legacy import Equal, Pcgrad, task_gradients

torch.set_num_threads(1)


def pcgrad(*trunk: torch.Tensor) -> Pcgrad:
    return Pcgrad(trunk, torch.Generator().manual_seed(0))


def test_pcgrad_projects_on_the_originals() -> None:
    gradients = torch.tensor([[1.0, 0.0], [-10.0, 10.0]])
    torch.testing.assert_close(pcgrad().combine(gradients), torch.tensor([0.5, 10.5]))
    assert torch.equal(gradients, torch.tensor([[1.0, 0.0], [-10.0, 10.0]]))
    agreeing = gradients.abs()
    assert torch.equal(pcgrad().combine(agreeing), agreeing.sum(0))


def test_of_two_tasks_none_is_hurt_of_four_some_are() -> None:
    source = torch.Generator().manual_seed(0)
    hurt = {
        count: sum(
            bool((g @ pcgrad().combine(g) < -1e-9).any())
            for g in torch.randn(500, count, 5, generator=source, dtype=torch.float64)
        )
        for count in (2, 4)
    }
    assert hurt[2] == 0 < hurt[4]


def test_pcgrad_leaves_the_towers_to_their_tasks() -> None:
    grads = {}
    for name in ("equal", "pcgrad"):
        network = Network(SharedBottom(hidden=(3,)), {"x": 4}, TASKS)
        network.initialise(0)
        with torch.no_grad():
            network.tower.weight[0][1] = network.tower.weight[0][0]
        x = torch.randn(20, 4, generator=torch.Generator().manual_seed(1))
        losses = network.losses(network(x), torch.stack([x[:, 0], -5 * x[:, 0]], dim=1), None)
        raw = task_gradients(losses, network.trunk())
        assert raw[0] @ raw[1] < 0
        (Equal() if name == "equal" else pcgrad(*network.trunk())).backward(losses)
        grads[name] = {key: value.grad for key, value in network.named_parameters()}
    for key, gradient in grads["equal"].items():
        assert torch.equal(gradient, grads["pcgrad"][key]) == key.startswith("tower")


def test_shares_count_batches_of_the_held_out_rows() -> None:
    (arm,) = Run([("A", TASKS[0].label, "one-unit-sum", RECIPES["one-unit-sum"])], 0, "test")._arms
    rows, network = arm.test, arm.network
    conflicting = hurt = 0
    for start in range(0, 31 * 64, 64):
        part = slice(start, start + 64)
        losses = arm.weights * network.losses(network(rows.inputs["x"][part]), rows.labels[part], None)
        one, two = task_gradients(losses, network.trunk())
        conflicting += int(one @ two < 0)
        hurt += int(min((one + two) @ one, (one + two) @ two) < 0)
    assert 0 < hurt <= conflicting < 31
    assert conflicting_gradients(arm) == pytest.approx(conflicting / 31)
    assert harmful_updates(arm) == pytest.approx(hurt / 31)


@pytest.mark.parametrize(
    ("recipe", "settings", "words"),
    [
        ("adult-single", {"training.weighting.name": "pcgrad"}, "PCGrad needs parameters that tasks share"),
        ("adult-single", {"training.probes": "harmful_updates"}, "harmful_updates needs parameters that tasks share"),
        ("adult-single", {"training.probes": "expert_distance"}, "expert_distance needs experts"),
        ("sines-mmoe", {"network.name": "esmm"}, "needs two binary tasks"),
    ],
)
def test_what_a_network_lacks_is_said(recipe: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        Run([("A", TASKS[0].label, recipe, override(RECIPES[recipe], settings))], 0, "test")
