"""Gradient balancing against first principles: optimality, equations and guarantees, on gradients as training has them
and as it has them at its worst."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torchjd.aggregation import AlignedMTLWeighting, GradVacWeighting, IMTLGWeighting, MGDAWeighting, PCGradWeighting

from models import catalogue
from models.catalogue import weighting as rows
from models.training.balancing import aligned, cagrad, fairgrad, gradvac, imtl_g, mgda, nash, pcgrad, sdmgrad, upgrad
from models.training.balancing.quadratic import nonnegative
from models.training.weighting import Combiner, Weighting

EXACT = 1e-6
Jacobian = np.ndarray  # [T, P], exact enough as long double
Draw = np.random.Generator


def scaled(draw: Draw, tasks: int) -> Jacobian:
    sizes = draw.permutation(np.logspace(-4, 4, tasks))
    unit = draw.standard_normal((tasks, tasks + 2))
    return unit / np.linalg.norm(unit, axis=1, keepdims=True) * sizes[:, None]


def with_second(multiple: float, noise: float = 0.0) -> Callable[[Draw, int], Jacobian]:
    def make(draw: Draw, tasks: int) -> Jacobian:
        jacobian = draw.standard_normal((tasks, tasks + 2))
        jacobian[1] = multiple * jacobian[0] + noise * draw.standard_normal(tasks + 2)
        return jacobian

    return make


def with_last(multiple: float) -> Callable[[Draw, int], Jacobian]:
    def make(draw: Draw, tasks: int) -> Jacobian:
        jacobian = draw.standard_normal((tasks, tasks + 2))
        jacobian[-1] = multiple * jacobian[:-1].sum(0)
        return jacobian

    return make


def with_zero_row(draw: Draw, tasks: int) -> Jacobian:
    jacobian = draw.standard_normal((tasks, tasks + 2))
    jacobian[draw.integers(tasks)] = 0
    return jacobian


HELPFUL: dict[str, Callable[[Draw, int], Jacobian]] = {
    "well-scaled": lambda draw, tasks: draw.standard_normal((tasks, tasks + 2)),
    "ill-scaled": scaled,
    "nearly parallel": with_second(2.0, noise=1e-3),
    "nearly opposite": with_second(-2.0, noise=1e-3),
    "equal": with_second(1.0),
    "rank-deficient": with_last(1.0),
    "one zero": with_zero_row,
}
"""Some update helps every task."""
STATIONARY = {"opposite": with_second(-3.0), "balanced": with_last(-1.0)}
"""A convex combination of the gradients is 0: no update helps every task."""
ALL = HELPFUL | STATIONARY


def cases(family: str, most: int = 8) -> Iterator[tuple[Jacobian, list[list[float]]]]:
    """Jacobians of a family with their Gramians, three of each number of tasks."""
    for tasks in range(2, most + 1):
        for seed in range(3):
            jacobian = ALL[family](np.random.default_rng([seed, tasks]), tasks).astype(np.longdouble)
            yield jacobian, (jacobian @ jacobian.T).astype(float).tolist()


def lengths(jacobian: Jacobian) -> np.ndarray:
    return np.sqrt((jacobian**2).sum(1))


def alive(jacobian: Jacobian, weights: Sequence[float]) -> tuple[Jacobian, np.ndarray]:
    """The gradients that are not zero and their weights; the others have weight 0."""
    array = np.array(weights)
    assert np.isfinite(array).all()
    kept = lengths(jacobian) > 0
    assert not array[~kept].any()
    return jacobian[kept], array[kept].astype(np.longdouble)


@pytest.mark.parametrize("family", ALL)
def test_mgda_is_the_shortest_vector_of_the_hull(family: str) -> None:
    for jacobian, gramian in cases(family):
        j, w = alive(jacobian, mgda.solve(gramian))
        d = w @ j
        assert w.min() >= 0 and w.sum() == pytest.approx(1)
        length = math.sqrt(d @ d)
        if family in STATIONARY:
            assert length < 1e-7 * lengths(j).min()
        else:
            assert (j @ d - d @ d >= -EXACT * lengths(j) * length).all()


@pytest.mark.parametrize("family", ALL)
def test_upgrad_harms_no_task(family: str) -> None:
    for jacobian, gramian in cases(family):
        j, w = alive(jacobian, upgrad.solve(gramian))
        d = w @ j
        assert (j @ d >= -EXACT * lengths(j) * max(math.sqrt(d @ d), EXACT * lengths(j).max())).all()


@pytest.mark.parametrize("family", ALL)
def test_upgrad_is_the_mean_of_projections_on_the_dual_cone(family: str) -> None:
    for jacobian, gramian in cases(family, most=5):
        j, w = alive(jacobian, upgrad.solve(gramian))
        unit = (j / lengths(j)[:, None]).astype(float)
        wanted = sum(lengths(j)[i] * projection(unit, i) for i in range(len(j))) / len(j)
        assert np.abs(w @ j - wanted).max() <= EXACT * lengths(j).max()


def projection(unit: np.ndarray, task: int) -> np.ndarray:
    """The nearest point to a gradient that harms no task: the best over all sets of tasks that it may just not harm."""
    best, nearest = np.zeros(unit.shape[1]), math.inf
    for chosen in range(2 ** len(unit)):
        held = unit[[bool(chosen >> t & 1) for t in range(len(unit))]]
        point = unit[task] - np.linalg.pinv(held, rcond=1e-7) @ (held @ unit[task])
        far = float(np.linalg.norm(point - unit[task]))
        if (unit @ point >= -1e-9).all() and far < nearest:
            best, nearest = point, far
    return best


@pytest.mark.parametrize("family", ALL)
def test_nonnegative_program_meets_its_optimality_conditions(family: str) -> None:
    for jacobian, _ in cases(family):
        unit = (jacobian / np.maximum(lengths(jacobian), 1e-300)[:, None]).astype(float)
        cosines = unit @ unit.T
        for b in (*-cosines, cosines.sum(0)):
            x = np.array(nonnegative(cosines.tolist(), b.tolist()))
            slope = b - cosines @ x
            assert x.min() >= 0 and slope.max() <= 1e-6 and np.abs(slope @ x) <= 1e-6 * max(1, x.max())


@pytest.mark.parametrize("c", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("family", ALL)
def test_cagrad_helps_the_worst_off_most_within_the_ball(family: str, c: float) -> None:
    for jacobian, gramian in cases(family):
        j, w = alive(jacobian, cagrad.solve(gramian, c))
        g0, d = j.mean(0), w @ j
        radius, off = c * math.sqrt(g0 @ g0), math.sqrt((d - g0) @ (d - g0))
        added = w - 1 / len(w)
        assert added.min() >= -1e-12 and off <= radius * (1 + EXACT) + 1e-12 * lengths(j).max()
        if radius < 1e-9 * lengths(j).max():
            continue
        point = added / added.sum() @ j
        bound = point @ g0 + radius * math.sqrt(point @ point)  # no d in the ball does better for all
        worst = (j @ d).min()
        if bound - worst <= EXACT * (abs(worst) + math.sqrt((d @ d) * (point @ point))):
            assert off == pytest.approx(radius, rel=EXACT)
        else:
            assert family in STATIONARY and (j @ d >= -EXACT * lengths(j) * math.sqrt(d @ d)).all()


@pytest.mark.parametrize("family", ALL)
def test_imtl_g_projects_equally(family: str) -> None:
    for jacobian, gramian in cases(family):
        j, w = alive(jacobian, imtl_g.solve(gramian))
        projections = j @ (w @ j) / lengths(j)
        assert w.sum() == pytest.approx(1)
        allowed = EXACT * abs(projections).max() + 1e-12 * (abs(w) * lengths(j)).sum()
        assert projections.max() - projections.min() <= allowed


def test_imtl_g_has_no_weights_where_they_would_sum_to_zero() -> None:
    unit = np.array([[1, 0, 0], [0, 1, 0], [2 / 3, 2 / 3, 1 / 3]])
    x = np.linalg.solve(unit @ unit.T, np.ones(3))
    jacobian = np.array([1, 1, -x[2] / (x[0] + x[1])])[:, None] * unit
    assert imtl_g.solve((jacobian @ jacobian.T).tolist()) == [0, 0, 0]


@pytest.mark.parametrize("family", HELPFUL)
def test_nash_meets_its_equation(family: str) -> None:
    for jacobian, gramian in cases(family):
        j, a = alive(jacobian, nash.solve(gramian))
        assert np.abs(a * (j @ (a @ j)) - 1).max() <= EXACT and a.min() > 0


@pytest.mark.parametrize("alpha", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("family", HELPFUL)
def test_fairgrad_meets_its_equation(family: str, alpha: float) -> None:
    for jacobian, gramian in cases(family):
        j, a = alive(jacobian, fairgrad.solve(gramian, alpha))
        assert np.abs((j @ (a @ j)) * a ** (1 / alpha) - 1).max() <= EXACT and a.min() > 0


@pytest.mark.parametrize("family", STATIONARY)
def test_bargaining_ends_where_no_update_helps_every_task(family: str) -> None:
    for _, gramian in cases(family):
        assert not any(nash.solve(gramian)) and not any(fairgrad.solve(gramian, 2.0))


@pytest.mark.parametrize("family", ALL)
def test_aligned_gradients_are_orthogonal_and_as_long_as_the_smallest_component(family: str) -> None:
    for jacobian, gramian in cases(family):
        j, w = alive(jacobian, aligned.solve(gramian))
        left, singular, right = np.linalg.svd(j.astype(float), full_matrices=False)
        rank = len(j) - (family in ("equal", "rank-deficient", "opposite", "balanced"))
        wanted = singular[rank - 1] * left[:, :rank].mean(0) @ right[:rank]
        assert np.abs(w @ j - wanted).max() <= EXACT * singular[rank - 1]


@pytest.mark.parametrize("family", ALL)
def test_pcgrad_projects_copies_on_the_originals_of_the_others(family: str) -> None:
    for jacobian, gramian in cases(family):
        orders = pcgrad.drawn(len(jacobian), torch.Generator().manual_seed(0))
        copies = jacobian.copy()
        for i, order in enumerate(orders):
            assert sorted({*order, i}) == list(range(len(jacobian)))
            for j in order:
                inner = copies[i] @ jacobian[j]
                if j != i and inner < -1e-18 * lengths(jacobian)[i] * lengths(jacobian)[j]:
                    copies[i] -= inner / (jacobian[j] @ jacobian[j]) * jacobian[j]
        before = [row.copy() for row in gramian]
        j, w = alive(jacobian, pcgrad.solve(gramian, orders))
        assert np.abs(w @ j - copies.sum(0)).max() <= EXACT * lengths(j).max() and gramian == before


@pytest.mark.parametrize("family", ALL)
def test_gradvac_turns_copies_to_targets_that_move(family: str) -> None:
    for jacobian, gramian in cases(family, most=4):
        tasks, decay = len(jacobian), 0.3
        orders = pcgrad.drawn(tasks, torch.Generator().manual_seed(0))
        targets = [[0.4] * tasks for _ in range(tasks)]
        moved, norms = np.full((tasks, tasks), 0.4), lengths(jacobian)
        copies = jacobian.copy()
        for i, order in enumerate(orders):
            for j in order:
                size = math.sqrt(copies[i] @ copies[i])
                if j == i or not norms[i] or not norms[j] or size < 1e-6 * norms[i]:
                    continue
                cosine = np.clip(copies[i] @ jacobian[j] / size / norms[j], -1, 1)
                if cosine < 0.4:
                    away = copies[i] - cosine * size * jacobian[j] / norms[j]
                    copies[i] = away + math.sqrt(away @ away) * 0.4 / math.sqrt(1 - 0.4**2) * jacobian[j] / norms[j]
                moved[i, j] += decay * (cosine - 0.4)
        j, w = alive(jacobian, gradvac.solve(gramian, targets, decay, orders))
        assert np.abs(w @ j - copies.sum(0)).max() <= EXACT * lengths(j).max()
        assert np.abs(np.array(targets) - moved).max() <= EXACT


SOLVERS: dict[str, Callable[[list[list[float]]], list[float]]] = {
    "mgda": mgda.solve,
    "upgrad": upgrad.solve,
    "cagrad": lambda gramian: cagrad.solve(gramian, 0.5),
    "imtl-g": imtl_g.solve,
    "nash": nash.solve,
    "fairgrad": lambda gramian: fairgrad.solve(gramian, 2.0),
    "aligned": aligned.solve,
}


@pytest.mark.parametrize("name", SOLVERS)
def test_the_order_of_the_tasks_does_not_matter(name: str) -> None:
    for family in HELPFUL:
        for jacobian, gramian in cases(family, most=5):
            order = np.random.default_rng(0).permutation(len(jacobian))
            first = np.array(SOLVERS[name](gramian)) @ jacobian
            second = np.array(SOLVERS[name](np.array(gramian)[order][:, order].tolist())) @ jacobian[order]
            allowed = 1e-5 * math.sqrt(first @ first) + 1e-12 * lengths(jacobian).max()
            assert np.abs(first - second).max() <= allowed


@pytest.mark.parametrize("name", SOLVERS)
def test_all_zero_gives_all_zero(name: str) -> None:
    for tasks in range(1, 9):
        assert SOLVERS[name]([[0.0] * tasks for _ in range(tasks)]) == [0.0] * tasks


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda tasks: st.integers(1, 4).flatmap(lambda p: arrays(int, (tasks, p), elements=st.integers(-2, 2)))
    )
)
def test_exact_dependences_of_any_kind(whole: np.ndarray) -> None:
    jacobian = whole.astype(np.longdouble)
    gramian = (whole @ whole.T).astype(float).tolist()
    weights = {name: alive(jacobian, solver(gramian)) for name, solver in SOLVERS.items()}
    j = weights["mgda"][0]
    if not len(j):
        return
    update = {name: w @ j for name, (_, w) in weights.items()}
    hull = math.sqrt(update["mgda"] @ update["mgda"])
    assert (j @ update["mgda"] >= hull**2 - 1e-9).all() and (j @ update["upgrad"] >= -1e-9).all()
    for name, alpha in (("nash", 1.0), ("fairgrad", 2.0)):
        a = weights[name][1]
        assert a.any() == (hull > 1e-6)
        assert not a.any() or np.abs(j @ update[name] * a ** (1 / alpha) - 1).max() <= EXACT
    projections = j @ update["imtl-g"] / lengths(j)
    assert projections.max() - projections.min() <= 1e-9 * (1 + np.abs(weights["imtl-g"][1]).max())
    g0 = j.mean(0)
    off = update["cagrad"] - g0
    assert off @ off <= 0.25 * (g0 @ g0) + 1e-9 and (j @ update["cagrad"]).min() >= (j @ g0).min() - 1e-9


def test_what_is_left_of_two_gradients_in_exact_opposition() -> None:
    left = {name: np.array(solver([[4.0, -2.0], [-2.0, 1.0]])) @ [2.0, -1.0] for name, solver in SOLVERS.items()}
    assert left == pytest.approx(dict.fromkeys(SOLVERS, 0.0) | {"cagrad": 0.25, "aligned": 0.5})
    assert np.array(pcgrad.solve([[4.0, -2.0], [-2.0, 1.0]], [[1], [0]])) @ [2.0, -1.0] == pytest.approx(0)


def torch_gramian(tasks: int, seed: int) -> torch.Tensor:
    jacobian = torch.randn(tasks, tasks + 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return jacobian @ jacobian.T


@pytest.mark.parametrize("tasks", [2, 3, 5])
def test_agrees_with_torchjd_on_well_scaled_gradients(tasks: int) -> None:
    for seed in range(3):
        gramian = torch_gramian(tasks, seed)
        ours = gramian.tolist()
        w, theirs = (
            torch.tensor(mgda.solve(ours), dtype=torch.float64),
            MGDAWeighting(epsilon=1e-9, max_iters=1_000)(gramian),
        )
        assert -1e-12 <= (theirs @ gramian @ theirs - w @ gramian @ w) / gramian.trace() <= 1e-3
        assert IMTLGWeighting()(gramian).tolist() == pytest.approx(imtl_g.solve(ours), rel=EXACT)
        assert AlignedMTLWeighting()(gramian).tolist() == pytest.approx(aligned.solve(ours), rel=EXACT)
        torch.manual_seed(seed)
        orders = [torch.randperm(tasks).tolist() for _ in range(tasks)]
        torch.manual_seed(seed)
        assert PCGradWeighting()(gramian).tolist() == pytest.approx(pcgrad.solve(ours, orders), rel=EXACT)
        moving, targets = GradVacWeighting(beta=0.3), [[0.0] * tasks for _ in range(tasks)]
        for step in range(3):
            torch.manual_seed(step)
            others = [[j for j in range(tasks) if j != i] for i in range(tasks)]
            orders = [[each[k] for k in torch.randperm(tasks - 1).tolist()] for each in others]
            torch.manual_seed(step)
            assert moving(gramian).tolist() == pytest.approx(gradvac.solve(ours, targets, 0.3, orders), rel=EXACT)


BALANCERS = [
    rows.Mgda(),
    rows.Pcgrad(),
    rows.GradVac(decay=0.5),
    rows.Cagrad(),
    rows.ImtlG(),
    rows.NashMtl(),
    rows.AlignedMtl(),
    rows.Upgrad(),
    rows.FairGrad(),
    rows.GradDrop(leak=0.1),
    rows.Sdmgrad(),
]


def build(row: rows.Weighting, replicas: int, tasks: int, seed: int = 0) -> Weighting:
    sources = [torch.Generator().manual_seed(seed + replica) for replica in range(replicas)]
    built: Weighting = catalogue.builder(row)(row, replicas, torch.ones(tasks, dtype=torch.bool), sources)
    return built


def update(weighting: Weighting, jacobian: torch.Tensor) -> torch.Tensor:
    """What a step follows, [S, T, P] -> [S, P]."""
    if isinstance(weighting, Combiner):
        return weighting.combine(jacobian)
    weights = weighting.weights(torch.ones(jacobian.shape[:2]), jacobian.double() @ jacobian.double().transpose(1, 2))
    assert weights.dtype == torch.float64
    return torch.einsum("st,stp->sp", weights, jacobian.double()).float()


@pytest.mark.parametrize("row", BALANCERS, ids=catalogue.name)
def test_replicas_do_not_touch_each_other_and_a_resumed_run_goes_on(row: rows.Weighting) -> None:
    draw = torch.Generator().manual_seed(1)
    jacobians = [torch.randn(3, 4, 6, generator=draw) for _ in range(4)]
    together, alone = build(row, 3, 4), [build(row, 1, 4, seed) for seed in range(3)]
    resumed = build(row, 3, 4, seed=7)
    for step, jacobian in enumerate(jacobians):
        if step == 2:
            resumed.load({name: value.clone() for name, value in together.state().items()})
        followed = update(together, jacobian)
        assert followed.isfinite().all() and followed.any()
        each = torch.cat([update(one, jacobian[replica, None]) for replica, one in enumerate(alone)])
        torch.testing.assert_close(followed, each, rtol=1e-4, atol=1e-5)
        if step >= 2:
            assert torch.equal(update(resumed, jacobian), followed)


@pytest.mark.parametrize("row", BALANCERS, ids=catalogue.name)
def test_gradients_that_are_zero_or_not_finite(row: rows.Weighting) -> None:
    weighting = build(row, 2, 3)
    assert not update(weighting, torch.zeros(2, 3, 5)).any()
    jacobian = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(0))
    jacobian[1, 2, 1] = math.inf
    assert not update(weighting, jacobian)[1].isfinite().all()
    assert update(build(row, 2, 3), jacobian)[0].isfinite().all()


def test_pcgrad_draws_its_orders_anew() -> None:
    weighting = build(rows.Pcgrad(), 1, 4)
    jacobian = torch.randn(1, 4, 3, generator=torch.Generator().manual_seed(0))
    assert len({tuple(update(weighting, jacobian)[0].tolist()) for _ in range(20)}) > 1


def test_graddrop_passes_one_sign_with_the_probability_of_its_purity() -> None:
    entries = torch.tensor([[3.0, -1.0, 2.0, 0.0], [-1.0, -2.0, 1.0, 0.0], [2.0, 1.0, 0.0, 0.0]])
    jacobian = entries.repeat(1, 5_000)[None]
    passed = build(rows.GradDrop(), 1, 3).combine(jacobian).view(-1, 4)
    assert set(passed[:, 0].tolist()) == {5.0, -1.0} and set(passed[:, 1].tolist()) == {1.0, -3.0}
    assert (passed[:, 2] == 3).all() and not passed[:, 3].any()
    purity = 0.5 * (1 + entries.sum(0) / entries.abs().sum(0))[:2]
    torch.testing.assert_close((passed[:, :2] > 0).float().mean(0), purity, rtol=0, atol=0.03)
    leaky = build(rows.GradDrop(leak=1.0), 1, 3).combine(jacobian)
    torch.testing.assert_close(leaky, jacobian.sum(1))


def test_sdmgrad_comes_to_the_shortest_regularised_vector() -> None:
    for tasks in range(2, 9):
        gramian = torch_gramian(tasks, seed=tasks)
        start = [1.0] + [0.0] * (tasks - 1)
        w = torch.tensor(sdmgrad.descend(gramian.tolist(), start, 0.3, 1.0, 20_000), dtype=torch.float64)
        gains = gramian @ (w + 0.3 / tasks)
        assert w.min() >= 0 and float(w.sum()) == pytest.approx(1)
        assert (gains >= w @ gains - EXACT * gramian.trace()).all()
    weighting = build(rows.Sdmgrad(regularisation=0.0, iterations=5_000), 1, 3)
    jacobian = torch.randn(1, 3, 5, generator=torch.Generator().manual_seed(3))
    jacobian[0, 1] = 0
    shortest = torch.tensor(mgda.solve((jacobian[0] @ jacobian[0].T).tolist())) @ jacobian[0]
    torch.testing.assert_close(weighting.combine(jacobian)[0], shortest, rtol=0, atol=1e-5)
