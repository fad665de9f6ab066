"""What the simulated data sets say of themselves."""

import pytest
import torch

from models import catalogue
from models.catalogue.tasks import Auxiliary, Impressions, Sines, Tasks, Teachers, Unequal
from models.tasks import Dataset, Rows, joined


def build(row: Tasks, seed: int = 0) -> Dataset:
    return catalogue.builder(row)(row, seed)


@pytest.mark.parametrize("row", [Sines(), Teachers(), Impressions(), Auxiliary(), Unequal()], ids=catalogue.name)
def test_the_seed_decides_every_number(row: Tasks) -> None:
    first, again, other = build(row), build(row), build(row, 1)
    assert len(first.test) == row.test
    assert torch.equal(first.train.labels, again.train.labels)
    assert not torch.equal(first.train.labels, other.train.labels)


def test_sines_of_orthogonal_directions_are_unrelated_of_one_direction_equal() -> None:
    for cosine, low, high in ((0.0, -0.05, 0.05), (1.0, 0.95, 1.0)):
        labels = build(Sines(cosine=cosine)).train.labels
        assert low < torch.corrcoef(labels.T)[0, 1] < high
        torch.testing.assert_close(labels.var(0), torch.full((2,), 1.01), atol=0.05, rtol=0)


def test_a_unit_of_measurement_scales_one_target_and_nothing_else() -> None:
    plain, scaled = build(Teachers()).train, build(Teachers(scale_2=100)).train
    assert torch.equal(plain.inputs["x"], scaled.inputs["x"])
    assert torch.equal(plain.labels * torch.tensor([1.0, 100.0]), scaled.labels)
    torch.testing.assert_close(plain.labels.var(0), torch.full((2,), 1.09), atol=0.1, rtol=0)


def test_a_hidden_factor_makes_clickers_keener_than_others() -> None:
    for confounding, low, high in ((0.0, 0.8, 1.5), (1.0, 1.5, 3.0)):
        labels = build(Impressions(confounding=confounding)).test.labels
        clicked = labels[:, 0] > 0
        assert low < labels[clicked, 1].mean() / labels[:, 1].mean() < high
    train = build(Impressions()).train
    assert train.labels[train.mask == 0].sum() == 0
    assert torch.equal(train.mask[:, 1], train.labels[:, 0])


def test_other_units_change_the_auxiliary_tasks_and_not_the_main_one() -> None:
    same, other = build(Auxiliary()), build(Auxiliary(units="other"))
    for part in ("train", "test"):
        first, second = getattr(same, part), getattr(other, part)
        assert torch.equal(first.inputs["x"], second.inputs["x"])
        assert torch.equal(first.labels[:, 0], second.labels[:, 0])
        assert not torch.equal(first.labels[:, 1:], second.labels[:, 1:])


def test_few_labels_are_repeated_to_half_of_the_rows() -> None:
    for row, few in ((Auxiliary(), 100), (Unequal(), 100)):
        train = build(row).train
        main = train.mask[:, 0] > 0
        assert len(train) == 6000 and main.sum() == 3000
        assert len(train.inputs["x"][main].unique(dim=0)) == few
        assert torch.equal(train.mask[:, 1], (~main).float())


def test_joined_repeats_each_part_in_turn() -> None:
    parts = [Rows({"x": torch.arange(n).float()[:, None]}, torch.zeros(n, 1)) for n in (2, 5)]
    assert joined(parts).inputs["x"].flatten().tolist() == [0, 1, 0, 1, 0, 0, 1, 2, 3, 4]
