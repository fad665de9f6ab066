from collections.abc import Callable

import pytest
import torch

from models.catalogue.networks import Transformer
from models.catalogue.tasks import Histories
from models.networks import Network
from models.tasks import histories
from models.tasks.histories import TASKS

from .conftest import Build


@pytest.fixture
def network(build: Build) -> Callable[..., Network]:
    return lambda **settings: build(Transformer(**settings), {}, TASKS, {"history": (21,) * 12})


def test_labels_ask_for_order_and_counts() -> None:
    rows = histories.build(Histories(shortest=1, train=500, test=64), seed=0).train
    for history, (order, counts) in zip(rows.inputs["history"].tolist(), rows.labels.tolist(), strict=True):
        events = [event for event in history if event]
        assert history == events + [0] * (12 - len(events))
        kinds = [event % 4 for event in events]
        last = [max((place for place, kind in enumerate(kinds) if kind == which), default=-1) for which in (0, 1)]
        assert order == (last[0] > last[1])
        assert counts == (kinds.count(2) > kinds.count(3))


def test_without_positions_order_is_invisible(network: Callable[..., Network]) -> None:
    history = histories.build(Histories(train=64), seed=1).train.inputs["history"][None]
    reversed_history = history.flip(2)
    blind, seeing = network(positions=False), network()
    torch.testing.assert_close(blind(history), blind(reversed_history))
    assert (seeing(history) - seeing(reversed_history)).abs().mean() > 0.01


def test_masked_padding_changes_nothing_and_an_empty_history_is_finite(network: Callable[..., Network]) -> None:
    history = histories.build(Histories(shortest=1, train=64), seed=2).train.inputs["history"][None]
    padded = torch.nn.functional.pad(history, (0, 20))
    torch.testing.assert_close(network()(history), network()(padded))
    assert (network(mask=False)(history) - network(mask=False)(padded)).abs().mean() > 0.01
    assert network()(torch.zeros(1, 2, 12, dtype=torch.long)).isfinite().all()


def test_one_softmax_is_a_categorical_cross_entropy_with_a_floor(network: Callable[..., Network]) -> None:
    model = network(head="one-softmax")
    outputs = torch.randn(1, 2, 50, 1)
    torch.testing.assert_close(model.predict(outputs).sum(1), torch.ones(1, 50))
    both, neither = torch.ones(1, 2, 50), torch.zeros(1, 2, 50)
    assert model.losses(outputs, both, None).sum() > 2 * torch.tensor(2.0).log()
    assert model.losses(outputs, neither, None).sum() == 0
    one = torch.nn.functional.one_hot(torch.arange(50) % 2).float().T
    expected = torch.nn.functional.cross_entropy(outputs[0, :, :, 0].T, one.argmax(0))
    torch.testing.assert_close(model.losses(outputs, one[None], None).sum(), expected)
