"""Loss weightings against the equations of their papers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest
import torch
from torch import Tensor

from models import catalogue
from models.catalogue.row import Row
from models.catalogue.weighting import Dwa, Equal, Famo, Gls, GradNorm, ImtlL, Rlw, Stch, Uncertainty
from models.seeding import generator
from models.training.weighting import Weighting
from models.training.weighting.learned import Learned

torch.set_num_threads(1)

ROWS: list[Row] = [
    *(Equal(), Uncertainty(), Uncertainty(start="first-loss"), Dwa(period=3), Rlw(), Gls()),
    *(ImtlL(), Stch(), GradNorm(), Famo()),
]
every = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{catalogue.name(row)}-{getattr(row, 'start', '')}")


def make(row: Row, tasks: int = 2, seeds: Sequence[int] = (0,), binary: Sequence[bool] | None = None) -> Any:
    kinds = torch.tensor(binary or [False] * tasks)
    return catalogue.builder(row)(row, len(seeds), kinds, [generator(seed, "weighting") for seed in seeds])


def batches(steps: int, tasks: int, seeds: Sequence[int] = (0,)) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Falling losses, the Gramian of their gradients, and the losses after the step."""
    sources = [torch.Generator().manual_seed(seed) for seed in seeds]
    for step in range(steps):
        losses = torch.stack([torch.rand(tasks, generator=s) * 0.98**step + 0.1 for s in sources])
        jacobian = torch.stack([torch.randn(tasks, 5, generator=s, dtype=torch.float64) for s in sources])
        yield losses, jacobian @ jacobian.mT, losses * torch.stack([torch.rand(tasks, generator=s) for s in sources])


def advance(weighting: Weighting, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
    losses, gramian, after = batch
    weights = weighting.weights(losses, gramian if weighting.needs == "last-layer" else None)
    if weighting.after:
        weighting.after_step(after)
    return weights


def assert_same_state(one: Weighting, other: Weighting) -> None:
    for name, value in one.state().items():
        assert torch.equal(value, other.state()[name]), name


@every
def test_replicas_do_not_see_each_other(row: Row) -> None:
    seeds, kinds = (3, 4, 5), (True, False, False)
    together = make(row, 3, seeds, kinds)
    alone = [make(row, 3, (seed,), kinds) for seed in seeds]
    singles = [batches(12, 3, (seed,)) for seed in seeds]
    for batch in batches(12, 3, seeds):
        apart = torch.cat([advance(one, next(single)) for one, single in zip(alone, singles, strict=True)])
        torch.testing.assert_close(advance(together, batch), apart, rtol=1e-5, atol=1e-7)


@every
def test_a_resumed_run_goes_on_bit_for_bit_in_either_mode(row: Row) -> None:
    seeds = (1, 2)
    modes: list[type[AbstractContextManager[Any]]] = [torch.inference_mode, torch.no_grad]
    whole, first, second = make(row, 2, seeds), make(row, 2, seeds), make(row, 2, (8, 9))
    for step, batch in enumerate(batches(20, 2, seeds)):
        with modes[step % 2]():
            expected = advance(whole, batch)
        if step == 10:
            second.load({name: value.clone() for name, value in first.state().items()})
        with torch.inference_mode():
            assert torch.equal(advance(second if step >= 10 else first, batch), expected)
    assert_same_state(whole, second)


@every
def test_a_task_without_rows_is_left_out(row: Row) -> None:
    """Its loss is 0 in all batches: all numbers stay finite, and the others are trained."""
    weighting = make(row, 3)
    for losses, gramian, after in batches(8, 3):
        present = torch.tensor([1.0, 0.0, 1.0])
        mask = present.double().unsqueeze(1) * present.double()
        weights = advance(weighting, (losses * present, gramian * mask, after * present))
        assert weights.isfinite().all()
        assert weights[0, 0] + weights[0, 2] > 0.5
    if isinstance(weighting, Learned) and not isinstance(row, GradNorm | Famo):
        assert weighting.numbers[0, 1] == 0


def test_adam_is_that_of_torch() -> None:
    weighting = make(Famo(learning_rate=0.1, decay=0.01), 3)
    numbers = torch.zeros(1, 3, requires_grad=True)
    adam = torch.optim.Adam([numbers], lr=0.1, weight_decay=0.01)
    for gradient, _, losses in batches(30, 3):
        weighting.descend(gradient - 0.3, losses)
        numbers.grad = gradient - 0.3
        adam.step()
    torch.testing.assert_close(weighting.numbers, numbers.detach())


def test_uncertainty_settles_at_its_closed_forms() -> None:
    """sigma^2 = L for a regression, 2 L for a binary task; so the weights are 1 / (2 L) in both."""
    losses = torch.tensor([[0.04, 0.6]])
    weighting = make(Uncertainty(learning_rate=0.05), binary=(False, True))
    torch.testing.assert_close(weighting.weights(losses, None), torch.tensor([[0.5, 1.0]]))
    for _ in range(600):
        weighting.weights(losses, None)
    metrics = weighting.metrics()
    torch.testing.assert_close(metrics["sigma"] ** 2, losses * torch.tensor([1.0, 2.0]), rtol=1e-3, atol=0)
    torch.testing.assert_close(metrics["weight"], 1 / (2 * losses), rtol=1e-3, atol=0)


def test_uncertainty_starts_where_it_would_settle_for_the_first_loss() -> None:
    weighting = make(Uncertainty(start="first-loss"), 3, binary=(False, True, False))
    first = torch.tensor([[100.0, 0.5, 0.0]])
    torch.testing.assert_close(weighting.weights(first, None)[:, :2], 1 / (2 * first[:, :2]))
    assert weighting.numbers[0, 0].item() == pytest.approx(math.log(100.0))
    late = torch.tensor([[100.0, 0.5, 4.0]])
    assert weighting.weights(late, None)[0, 2].item() == pytest.approx(1 / 8)


@pytest.mark.parametrize("row", [Uncertainty(), ImtlL()], ids=catalogue.name)
def test_learned_scales_follow_the_gradient_of_their_objective(row: Uncertainty | ImtlL) -> None:
    weighting = make(row, binary=(True, False))
    numbers = torch.zeros(1, 2, requires_grad=True)
    adam = torch.optim.Adam([numbers], lr=row.learning_rate)
    for losses, _, _ in batches(20, 2):
        weighting.weights(losses, None)
        if isinstance(row, Uncertainty):
            sigma = (numbers / 2).exp()
            terms = losses / (torch.tensor([1.0, 2.0]) * sigma**2) + sigma.log()
        else:
            terms = numbers.exp() * losses - numbers
        adam.zero_grad()
        terms.sum().backward()
        adam.step()
        torch.testing.assert_close(weighting.numbers, numbers.detach())


def test_imtl_l_is_uncertainty_weighting_of_regressions_at_twice_the_weight() -> None:
    imtl, uncertainty = make(ImtlL()), make(Uncertainty())
    for losses, _, _ in batches(200, 2):
        torch.testing.assert_close(imtl.weights(losses, None), 2 * uncertainty.weights(losses, None), rtol=1e-4, atol=0)


def test_imtl_l_brings_scaled_losses_to_1() -> None:
    losses = torch.tensor([[0.1, 5.0]])
    weighting = make(ImtlL(learning_rate=0.05))
    for _ in range(600):
        weights = weighting.weights(losses, None)
    torch.testing.assert_close(weights * losses, torch.ones(1, 2), rtol=1e-3, atol=0)


def test_dwa_on_a_worked_example() -> None:
    """Mean losses of two steps (2, 2), (2, 1), (1, 1): r = (1, 0.5), then (0.5, 1); 2 softmax((0.5, 0.25))."""
    weighting = make(Dwa(period=2, temperature=2.0))
    seen = [weighting.weights(torch.tensor([pair]), None) for pair in ((1.0, 3.0), (3.0, 1.0), (1.0, 0.5), (3.0, 1.5))]
    assert all(torch.equal(weights, torch.ones(1, 2)) for weights in seen)
    for _ in range(2):
        torch.testing.assert_close(weighting.weights(torch.ones(1, 2), None), torch.tensor([[1.12435, 0.87565]]))
    torch.testing.assert_close(weighting.weights(torch.ones(1, 2), None), torch.tensor([[0.87565, 1.12435]]))


def test_dwa_remembers_a_task_through_a_period_without_rows() -> None:
    weighting = make(Dwa(period=1))
    for pair in ((2.0, 2.0), (1.0, 0.0), (1.0, 1.0)):
        weighting.weights(torch.tensor([pair]), None)
    torch.testing.assert_close(weighting.weights(torch.ones(1, 2), None), torch.tensor([[1.12435, 0.87565]]))


def test_dwa_is_blind_to_the_scale_of_a_loss() -> None:
    plain, scaled = make(Dwa(period=2)), make(Dwa(period=2))
    for losses, _, _ in batches(9, 2):
        weights = plain.weights(losses, None)
        torch.testing.assert_close(weights, scaled.weights(losses * torch.tensor([1.0, 1000.0]), None))
    assert not torch.equal(weights, torch.ones(1, 2))


def test_rlw_sums_to_the_number_of_tasks_and_repeats_by_seed() -> None:
    losses = torch.ones(2, 3)
    one, again = make(Rlw(), 3, (1, 2)), make(Rlw(), 3, (1, 2))
    draws = [one.weights(losses, None) for _ in range(4)]
    for draw in draws:
        torch.testing.assert_close(draw.sum(1), torch.full((2,), 3.0))
        assert torch.equal(draw, again.weights(losses, None))
    assert len({tuple(row) for draw in draws for row in draw.tolist()}) == 8


def test_gls_is_the_gradient_of_the_geometric_mean() -> None:
    losses = torch.tensor([[0.2, 3.0, 40.0], [1.0, 1e-3, 0.7]], requires_grad=True)
    mean = losses.prod(1) ** (1 / 3)
    (gradient,) = torch.autograd.grad(mean.sum(), losses)
    weighting = make(Gls(), 3, (0, 1))
    torch.testing.assert_close(weighting.weights(losses.detach(), None), gradient)


@pytest.mark.parametrize("mu", [0.01, 0.1, 10.0])
def test_stch_is_the_gradient_of_a_smooth_maximum(mu: float) -> None:
    losses = torch.tensor([[0.2, 0.7, 0.4], [5.0, 1.0, 4.9]], requires_grad=True)
    smooth = mu * (losses / mu).logsumexp(1)
    (gradient,) = torch.autograd.grad(smooth.sum(), losses)
    weighting = make(Stch(mu=mu), 3, (0, 1))
    torch.testing.assert_close(weighting.weights(losses.detach(), None), gradient, rtol=1e-4, atol=1e-6)


def test_gradnorm_follows_the_gradient_with_the_target_held_constant() -> None:
    """Losses L_i = g_i . x of known gradients g_i, so that G_i = |w_i g_i| is left to autograd."""
    row = GradNorm(alpha=1.5, learning_rate=0.05)
    weighting = make(row, 3)
    w = torch.ones(3, requires_grad=True)
    adam = torch.optim.Adam([w], lr=row.learning_rate)
    first = None
    for losses, gramian, _ in batches(25, 3):
        first = losses[0] if first is None else first
        used = weighting.weights(losses, gramian)
        torch.testing.assert_close(used[0], w.detach())
        norms = (w.double() * gramian[0].diagonal().sqrt()).float()
        inverse_rate = losses[0] / first
        target = (norms.mean() * (inverse_rate / inverse_rate.mean()) ** row.alpha).detach()
        adam.zero_grad()
        (norms - target).abs().sum().backward()
        adam.step()
        with torch.no_grad():
            w.clamp_(min=0).mul_(3 / w.sum())
        assert weighting.numbers.sum().item() == pytest.approx(3, abs=1e-5)
    assert weighting.numbers.std() > 0.05


def test_gradnorm_takes_means_over_the_tasks_of_the_batch() -> None:
    """Norms 1 and 1.3 beside a task without rows: the target is 1.15, so one weight rises and the other falls."""
    weighting = make(GradNorm(), 3)
    lengths = torch.tensor([[1.0, 0.0, 1.3]], dtype=torch.float64)
    weighting.weights(torch.tensor([[1.0, 0.0, 1.0]]), lengths.diag_embed() ** 2)
    torch.testing.assert_close(weighting.numbers, torch.tensor([[1.025, 1.0, 0.975]]))


def test_gradnorm_evens_out_gradient_norms_at_alpha_0() -> None:
    weighting = make(GradNorm(alpha=0.0, learning_rate=0.005))
    gramian = torch.tensor([[[1.0, 0.2], [0.2, 9.0]]], dtype=torch.float64)
    for _ in range(400):
        weights = weighting.weights(torch.ones(1, 2), gramian)
    torch.testing.assert_close(weights, torch.tensor([[1.5, 0.5]]), rtol=0, atol=0.02)


def test_gradnorm_weights_stay_at_or_above_0() -> None:
    weighting = make(GradNorm(learning_rate=0.5))
    gramian = torch.tensor([[[1e-8, 0.0], [0.0, 1e8]]], dtype=torch.float64)
    seen = torch.cat([weighting.weights(torch.ones(1, 2), gramian) for _ in range(30)])
    assert seen.min() == 0
    torch.testing.assert_close(seen.sum(1), torch.full((30,), 2.0))


def test_famo_weighs_as_the_gradient_of_the_log_losses() -> None:
    weighting = make(Famo(), 3)
    for batch in batches(9, 3):
        advance(weighting, batch)
    losses = torch.tensor([[0.2, 3.0, 40.0]], requires_grad=True)
    objective = (weighting.numbers.softmax(1) * losses.log()).sum()
    (gradient,) = torch.autograd.grad(objective, losses)
    weights = weighting.weights(losses.detach(), None)
    torch.testing.assert_close(weights, gradient / gradient.sum())


def test_famo_moves_its_logits_by_the_change_of_the_log_losses() -> None:
    row = Famo(learning_rate=0.1, decay=0.01)
    weighting = make(row, 3)
    logits = torch.zeros(1, 3, requires_grad=True)
    adam = torch.optim.Adam([logits], lr=row.learning_rate, weight_decay=row.decay)
    for losses, _, after in batches(20, 3):
        weighting.weights(losses, None)
        weighting.after_step(after)
        adam.zero_grad()
        (logits.softmax(1) * (losses.log() - after.log())).sum().backward()
        adam.step()
        torch.testing.assert_close(weighting.numbers, logits.detach(), rtol=1e-4, atol=1e-5)


def test_famo_lowers_all_log_losses_at_one_rate() -> None:
    """Descent on e^x and e^(3 y): the log losses fall by z_1 and 9 z_2 times one factor, so z settles at (0.9, 0.1)."""
    weighting, slopes, point = make(Famo(decay=0.0)), torch.tensor([1.0, 3.0]), torch.zeros(2)
    falls = []
    for _ in range(300):
        losses = (slopes * point).exp()
        point = point - 0.005 * weighting.weights(losses.unsqueeze(0), None)[0] * slopes * losses
        weighting.after_step((slopes * point).exp().unsqueeze(0))
        falls.append(losses.log() - slopes * point)
    assert falls[0][1] > 8 * falls[0][0] > 0
    torch.testing.assert_close(falls[-1][0], falls[-1][1], rtol=0.05, atol=0)
    torch.testing.assert_close(weighting.numbers.softmax(1), torch.tensor([[0.9, 0.1]]), rtol=0, atol=0.01)
