"""What the data sets say of themselves."""

import pytest
import torch

from models import catalogue
from models.catalogue.tasks import (
    Adult,
    Auxiliary,
    ColdItems,
    Impressions,
    LateLabels,
    ManyIds,
    Rare,
    Reviews,
    Sines,
    Tasks,
    Teachers,
    TwoDirections,
    Unequal,
    Uniform,
)
from models.tasks import Dataset, Rows, joined


def build(row: Tasks, seed: int = 0) -> Dataset:
    return catalogue.builder(row)(row, seed)


SIMULATED = [
    *(Sines(), TwoDirections(), Teachers(), Impressions(), LateLabels(), Auxiliary(), Unequal(), Rare(), ManyIds()),
    *(ColdItems(), Uniform(train=5_000)),
]


@pytest.mark.parametrize("row", SIMULATED, ids=catalogue.name)
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


def test_conflicting_teachers_read_the_shared_units_against_each_other() -> None:
    labels = {
        relation: build(Teachers(relation=relation, noise_1=0, noise_2=0)).test.labels
        for relation in ("independent", "conflicting", "opposite")
    }
    assert torch.equal(labels["independent"][:, 0], labels["conflicting"][:, 0])
    assert torch.corrcoef(labels["conflicting"].T)[0, 1] < torch.corrcoef(labels["independent"].T)[0, 1] - 0.2
    assert torch.equal(labels["opposite"][:, 1], -labels["opposite"][:, 0])


def test_an_opposite_auxiliary_task_is_minus_the_main_one_but_for_its_noise() -> None:
    same, opposite = (build(Auxiliary(tasks=1, units=units, auxiliary_rows=5_000)) for units in ("same", "opposite"))
    assert [task.name for task in opposite.tasks] == ["main", "auxiliary-1"]
    assert torch.equal(same.test.labels[:, 0], opposite.test.labels[:, 0])
    assert (opposite.test.labels.sum(1)).std().item() == pytest.approx(0.3 * 2**0.5, rel=0.05)


def test_two_directions_need_four_units() -> None:
    data = build(TwoDirections(noise=0))
    x, y = data.train.inputs["x"], data.train.labels
    slopes = torch.linalg.lstsq(x, y).solution
    assert abs(torch.corrcoef(y.T)[0, 1]) < 0.05 and abs(torch.cosine_similarity(*slopes.T, dim=0)) < 0.1
    assert 0.02 < (y - x @ slopes).var() < 0.3


def test_late_labels_are_missed_the_more_the_slower_they_come() -> None:
    for delay, low, high in ((0.01, 0.9, 1.1), (3.0, 0.5, 0.7), (30.0, 0.05, 0.2)):
        data = build(LateLabels(delay=delay))
        assert low < data.train.labels.mean() / data.test.labels.mean() < high
    plain, timed = build(LateLabels()), build(LateLabels(days=True))
    assert torch.equal(plain.train.labels[:, 0], timed.train.labels[:, 0])
    seen = timed.train.labels[:, 0] > 0
    assert (
        timed.train.labels[:, 1].max() < 7 and timed.train.labels[seen, 1].mean() < timed.train.labels[~seen, 1].mean()
    )


def test_dropped_negatives_raise_the_odds_of_a_label_by_their_share_and_leave_the_truth() -> None:
    kept, whole = build(Rare(train=20_000)), build(Rare(train=20_000, kept=1))
    odds = [rows.labels.mean() / (1 - rows.labels.mean()) for rows in (kept.train, whole.train)]
    assert len(kept.train) == 20_000 and 9 < odds[0] / odds[1] < 11
    assert torch.equal(kept.test.labels, whole.test.labels)


def test_many_ids_says_the_same_twice() -> None:
    data = build(ManyIds())
    assert torch.equal(data.train.inputs["number"], data.train.inputs["id"] / 100 - 1)
    assert data.vocabularies == {"id": (200,)} and data.train.inputs["id"].max() == 199


def test_cold_items_are_in_no_training_row_and_their_text_tells() -> None:
    warm, cold = build(ColdItems()), build(ColdItems(held_out="cold"))
    assert torch.equal(warm.train.labels, cold.train.labels)
    trained = set(warm.train.inputs["item"].flatten().tolist())
    assert trained == set(warm.test.inputs["item"].flatten().tolist()) == set(range(160))
    assert set(cold.test.inputs["item"].flatten().tolist()) == set(range(160, 200))
    known = torch.stack([warm.train.inputs["text"][warm.train.inputs["item"][:, 0] == item][0] for item in range(160)])
    assert torch.linalg.svdvals(known - known.mean(0))[3] > 1.2 * torch.linalg.svdvals(known - known.mean(0))[4]


def test_uniform_has_the_size_that_is_asked_for_and_something_to_learn() -> None:
    data = build(Uniform(train=20_000, fields=3, vocabulary=50, numbers=2, tasks=4))
    ids = data.train.inputs["ids"]
    assert ids.shape == (20_000, 3) and data.train.inputs["numbers"].shape == (20_000, 2)
    assert (
        data.vocabularies == {"ids": (50, 50, 50)} and len(data.tasks) == 4 and ids.unique().tolist() == list(range(50))
    )
    shares = torch.stack([data.train.labels[ids[:, 0] == value].mean(0) for value in range(50)])  # [50, 4]
    assert (shares.std(0) > 0.1).all() and (torch.corrcoef(shares.T) > 0.1).all()
    assert "numbers" not in build(Uniform(train=64, test=64, numbers=0)).train.inputs


def test_raw_census_numbers_are_those_of_the_questionnaire() -> None:
    raw, standardised = (build(Adult(numbers=numbers)).train.inputs["numbers"] for numbers in ("raw", "standardised"))
    assert raw[:, 0].min() == 17 and raw[:, 5].max() > 1_000_000
    torch.testing.assert_close((raw - raw.mean(0)) / raw.std(0), standardised)


def test_reviews_without_a_text_are_left_out_and_a_label_is_no_input() -> None:
    everything = build(Reviews(train=18_000, test=4_641))
    assert everything.train.labels.shape == (18_000, 3) and set(everything.train.inputs) == {"text", "age"}
    labels = torch.cat([everything.train.labels, everything.test.labels])
    assert labels[:, [0, 2]].sum(0).tolist() == [18_540, 10_048]
    assert torch.corrcoef(labels.T)[0, 1] > 0.7
    inputs = build(Reviews(tasks=("recommended",))).train.inputs
    assert inputs["kind"].shape == (18_000, 3) and inputs["text"].var(0).mean() == pytest.approx(1, abs=0.01)


def test_few_recommendations_stand_beside_all_ratings() -> None:
    tasks = ("recommended", "rating")
    data, shuffled = (build(Reviews(tasks=tasks, labels=50, shuffled=each)) for each in (False, True))
    assert data.train.mask is not None
    known = data.train.mask[:, 0] > 0
    assert len(data.train.inputs["text"][known].unique(dim=0)) == 50
    assert torch.equal(data.train.mask[:, 1], (~known).float()) and known.sum() == (~known).sum() == 18_000
    assert torch.equal(data.test.labels, shuffled.test.labels)
    before, after = data.train.labels[~known], shuffled.train.labels[~known]
    assert torch.equal(before[:, 1].sort().values, after[:, 1].sort().values)
    assert torch.corrcoef(torch.stack([before[:, 0], after[:, 1]]))[0, 1] < 0.05
    assert len(build(Reviews(tasks=tasks[:1], labels=50)).train) == 50
