import pytest
import torch
from torch.nn import functional

from models import catalogue
from models.catalogue.networks import Esmm, Mmoe
from models.events import Evaluation, Gates, Text
from models.recipes import RECIPES, override
from models.tasks import impressions, sines
from models.training.run import Run, train

torch.set_num_threads(1)


def build(row: Mmoe | Esmm, tasks=sines.TASKS):
    network = catalogue.builder(row)(row, {"x": 6}, tasks)
    network.initialise(0)
    return network


def x(rows: int = 40) -> torch.Tensor:
    return torch.randn(rows, 6, generator=torch.Generator().manual_seed(0))


def test_top_1_routes_each_row_to_the_expert_its_gate_prefers() -> None:
    soft, hard = build(Mmoe()), build(Mmoe(routing="top-1"))
    preferred = soft.gates(x()).argmax(-1)
    assert torch.equal(hard.gates(x()), functional.one_hot(preferred, 4).float())
    alone = soft.gates(x()).max(-1).values[..., None] * hard.experts(x())[preferred, torch.arange(40)]
    torch.testing.assert_close(hard(x()), hard.tower(alone).squeeze(2).T)


def test_an_expert_that_no_row_is_routed_to_gets_no_gradient() -> None:
    for routing, moved in (("soft", True), ("top-1", False)):
        network = build(Mmoe(initial="idle", routing=routing))
        network(x()).sum().backward()
        gradient = network.experts.weight[0].grad
        assert bool((gradient[-1] != 0).any()) == moved
        assert (gradient[0] != 0).any()


def test_equal_experts_start_equal_and_their_gates_are_even() -> None:
    network = build(Mmoe(initial="equal"))
    assert torch.equal(network.experts(x())[0], network.experts(x())[3])
    torch.testing.assert_close(network.gates(x()), torch.full((2, 40, 4), 0.25))


def test_esmm_learns_conversion_through_the_product_only() -> None:
    network = build(Esmm(), impressions.TASKS)
    labels = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    outputs = network(x(4))
    click, conversion = network.predict(outputs).T
    expected = functional.binary_cross_entropy(click * conversion, torch.tensor([1.0, 0, 0, 0]))
    losses = network.losses(outputs, labels, None)
    torch.testing.assert_close(losses[1], expected)
    assert torch.autograd.grad(losses[0], outputs, retain_graph=True)[0][:, 1].abs().sum() == 0
    assert (torch.autograd.grad(losses[1], outputs)[0] != 0).all()


def test_esmm_gradient_at_an_unclicked_impression() -> None:
    network = build(Esmm(), impressions.TASKS)
    outputs = torch.logit(torch.tensor([[0.2, 0.3]])).requires_grad_()
    network.losses(outputs, torch.zeros(1, 2), None)[1].backward()
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
