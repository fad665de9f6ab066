import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.training.metrics import auc, calibration, gauc, log_loss, rmse

SCORED = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 3)), min_size=2, max_size=40)


def by_pairs(rows: list[tuple[int, int, int]]) -> float:
    """AUC by comparing every positive with every negative."""
    positives, negatives = ([score for score, label, _ in rows if label == which] for which in (1, 0))
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p in positives for n in negatives]
    return sum(wins) / len(wins) if wins else math.nan


def columns(rows: list[tuple[int, int, int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    scores, labels, groups = (torch.tensor(column) for column in zip(*rows, strict=True))
    return scores.float() / 5, labels.float(), groups


@given(SCORED)
def test_auc_is_the_share_of_pairs_in_order_ties_counting_half(rows: list[tuple[int, int, int]]) -> None:
    scores, labels, _ = columns(rows)
    assert auc(scores, labels) == pytest.approx(by_pairs(rows), nan_ok=True)


@given(SCORED)
def test_gauc_weighs_the_auc_of_each_group_by_its_rows(rows: list[tuple[int, int, int]]) -> None:
    within = [[row for row in rows if row[2] == group] for group in range(4)]
    known = [(by_pairs(group), len(group)) for group in within if group and not math.isnan(by_pairs(group))]
    expected = sum(value * size for value, size in known) / sum(size for _, size in known) if known else math.nan
    assert gauc(*columns(rows)) == pytest.approx(expected, nan_ok=True)


def test_log_loss_is_finite_where_a_probability_is_0_or_1() -> None:
    sure_and_right, sure_and_wrong = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    labels = torch.tensor([1.0, 0.0])
    assert log_loss(sure_and_right, labels) == pytest.approx(0, abs=1e-6)
    assert log_loss(sure_and_wrong, labels) == pytest.approx(-math.log(1e-7))
    half = torch.full((2,), 0.5)
    assert log_loss(half, labels) == pytest.approx(math.log(2))


def test_calibration_and_rmse_on_a_worked_example() -> None:
    assert calibration(torch.tensor([0.2, 0.4]), torch.tensor([0.0, 1.0])) == pytest.approx(0.6)
    assert math.isnan(calibration(torch.tensor([0.2]), torch.tensor([0.0])))
    assert rmse(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 2.0])) == pytest.approx(math.sqrt(4.5))
