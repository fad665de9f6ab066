import pytest
import torch

from models.recipe import RecipeError
from models.recipes import RECIPES, override
from models.tasks.teachers import TASKS
from models.training.conflict import conflicting_gradients, harmful_updates
from models.training.learner import Learner
from models.training.run import Run

torch.set_num_threads(1)


def learner_of(recipe: str, **settings: str) -> Learner:
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    return Run([("A", TASKS[0].label, recipe, override(RECIPES[recipe], dotted))], 0, "test")._arms[0].learners[0]


def test_a_gradient_weighting_leaves_the_towers_to_their_tasks() -> None:
    rows, moved = torch.arange(64)[None], {}
    for name in ("equal", "mgda"):
        learner = learner_of("adult-shared-bottom", training__weighting__name=name)
        learner.steps([rows], [0.0], torch.ones(1, 2))
        moved[name] = {key: learner.parameters.gradient[part].clone() for key, part in learner.parameters.parts.items()}
    assert not torch.allclose(learner.used, torch.ones(1, 2))
    for key, gradient in moved["equal"].items():
        assert torch.allclose(gradient, moved["mgda"][key], atol=1e-7) == key.startswith("tower")


def test_a_loss_weighting_weighs_the_towers_too() -> None:
    learner = learner_of("adult-shared-bottom", training__weights="1,3")
    plain = learner.gradient(learner.test, torch.ones(1, 2))["tower.weight.0"].clone()
    weighed = learner.gradient(learner.test, torch.tensor([[1.0, 3.0]]))["tower.weight.0"]
    torch.testing.assert_close(weighed.view(2, -1), plain.view(2, -1) * torch.tensor([[1.0], [3.0]]))


def test_shares_count_batches_of_the_held_out_rows() -> None:
    (arm,) = Run([("A", TASKS[0].label, "one-unit-sum", RECIPES["one-unit-sum"])], 0, "test")._arms
    (seen,) = arm.seen
    rows, network = seen.test, arm.learners[0].network
    trunk = [parameter.detach().clone().requires_grad_() for parameter in network.bottom.parameters()]
    w, b = trunk
    conflicting = hurt = 0
    for start in range(0, 31 * 64, 64):
        part = slice(start, start + 64)
        hidden = torch.tanh(rows.inputs["x"][part] @ w[0].T + b[0])
        outputs = torch.stack([hidden @ network.tower.weight[0][k].T for k in range(2)])[None]
        losses = seen.weights * network.losses(outputs, rows.labels[part].T[None], None)[0]
        one, two = (
            torch.cat([g.flatten() for g in torch.autograd.grad(loss, trunk, retain_graph=True)]) for loss in losses
        )
        conflicting += int(one @ two < 0)
        hurt += int(min((one + two) @ one, (one + two) @ two) < 0)
    assert 0 < hurt <= conflicting < 31
    assert conflicting_gradients(seen) == pytest.approx(conflicting / 31)
    assert harmful_updates(seen) == pytest.approx(hurt / 31)


@pytest.mark.parametrize(
    ("recipe", "settings", "words"),
    [
        ("adult-single", {"training.weighting.name": "pcgrad"}, "pcgrad needs parameters that tasks share"),
        ("adult-single", {"training.probes": "harmful_updates"}, "harmful_updates needs parameters that tasks share"),
        ("adult-single", {"training.probes": "expert_distance"}, "expert_distance needs experts"),
        ("rare-clicks-linear", {"training.probes": "above_click"}, "above_click needs two tasks; logistic has one"),
        ("sines-mmoe", {"network.name": "esmm"}, "needs two binary tasks"),
        ("sines-mmoe", {"network.name": "division"}, "needs two binary tasks"),
        ("impressions-esmm", {"network.name": "dfm"}, "needs a conversion and the days waited for it"),
    ],
)
def test_what_a_network_lacks_is_said(recipe: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        Run([("A", TASKS[0].label, recipe, override(RECIPES[recipe], settings))], 0, "test")
