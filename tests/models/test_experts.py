import pytest
import torch
from torch.nn import functional

from models.catalogue.networks import Esmm, Mmoe
from models.events import Evaluation, Gates, Text
from models.recipes import RECIPES, override
from models.tasks import impressions, sines
from models.training.run import Run, train

from .conftest import Build

WIDTHS = {"x": 6}


def x(rows: int = 40) -> torch.Tensor:
    return torch.randn(1, rows, 6, generator=torch.Generator().manual_seed(0))


def test_top_1_routes_each_row_to_the_expert_its_gate_prefers(build: Build) -> None:
    soft, hard = (build(row, WIDTHS, sines.TASKS) for row in (Mmoe(), Mmoe(routing="top-1")))
    gates = soft.gates(x())[0]
    preferred = gates.argmax(-1)
    assert torch.equal(hard.gates(x())[0], functional.one_hot(preferred, 4).float())
    experts = hard.experts(x()[:, None])[0]
    alone = gates.max(-1).values[..., None] * experts[preferred, torch.arange(40)]
    torch.testing.assert_close(hard(x()), hard.tower(alone[None]))


def test_an_expert_that_no_row_is_routed_to_gets_no_gradient() -> None:
    for name, moved in (("sines-idle-soft", True), ("sines-idle-top-1", False)):
        learner = Run([("A", Text("", ""), name, RECIPES[name])], 0, "")._arms[0].learners[0]
        found = learner.gradient(learner.test, torch.ones(1, 2))
        gradient = found["experts.weight.0"].view(4, -1)
        assert bool((gradient[-1] != 0).any()) == moved
        assert (gradient[0] != 0).any()


def test_equal_experts_start_equal_and_their_gates_are_even(build: Build) -> None:
    network = build(Mmoe(initial="equal"), WIDTHS, sines.TASKS)
    experts = network.experts(x()[:, None])[0]
    assert torch.equal(experts[0], experts[3])
    torch.testing.assert_close(network.gates(x()), torch.full((1, 2, 40, 4), 0.25))


def test_esmm_learns_conversion_through_the_product_only(build: Build) -> None:
    network = build(Esmm(), WIDTHS, impressions.TASKS)
    labels = torch.tensor([[1.0, 1, 0, 0], [1, 0, 0, 1]])[None]
    outputs = network(x(4)).detach().requires_grad_()
    click, conversion = network.predict(outputs)[0]
    expected = functional.binary_cross_entropy(click * conversion, torch.tensor([1.0, 0, 0, 0]))
    losses = network.losses(outputs, labels, None)[0]
    torch.testing.assert_close(losses[1], expected)
    assert torch.autograd.grad(losses[0], outputs, retain_graph=True)[0][:, 1].abs().sum() == 0
    assert (torch.autograd.grad(losses[1], outputs)[0] != 0).all()


def test_esmm_gradient_at_an_unclicked_impression(build: Build) -> None:
    network = build(Esmm(), WIDTHS, impressions.TASKS)
    outputs = torch.logit(torch.tensor([0.2, 0.3])).view(1, 2, 1, 1).requires_grad_()
    network.losses(outputs, torch.zeros(1, 2, 1), None)[0, 1].backward()
    assert outputs.grad[0, 1].item() == pytest.approx(0.0447, abs=5e-5)


def test_gates_of_the_idle_expert_are_sent_and_agree_with_its_use() -> None:
    names = ("sines-idle-soft", "sines-idle-top-1")
    few = {"training.steps": "5", "training.evaluations": "2"}
    arms = [(key, Text(name, name), name, override(RECIPES[name], few)) for key, name in zip("AB", names, strict=True)]
    events = list(train(Run(arms, 0, "test")))
    for arm in "AB":
        gates = [event for event in events if isinstance(event, Gates) and event.arm == arm and event.step == 5]
        (probed,) = (e for e in events if isinstance(e, Evaluation) and e.arm == arm and e.step == 5 and not e.task)
        assert len(gates) == 2
        use = sum(event.weights[-1] for event in gates) / 2
        assert use == pytest.approx(probed.metrics["last_expert_use"], rel=1e-3)
        assert (use == 0) == (arm == "B")
