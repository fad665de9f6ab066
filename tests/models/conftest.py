from collections.abc import Callable, Mapping, Sequence

import pytest
import torch

from models import catalogue
from models.blocks.inputs import InputShape
from models.catalogue.networks import Network as Row
from models.events import Task
from models.networks import Network

torch.set_num_threads(1)

Build = Callable[..., Network]


@pytest.fixture
def build() -> Build:
    def of(
        row: Row,
        widths: Mapping[str, int],
        tasks: Sequence[Task],
        vocabularies: Mapping[str, tuple[int, ...]] | None = None,
    ) -> Network:
        network: Network = catalogue.builder(row)(row, InputShape(widths, vocabularies or {}), tasks)
        network.initialise(0)
        return network

    return of
