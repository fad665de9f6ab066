"""A tower for the user and one for the item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from models.blocks.inputs import Inputs, InputShape
from models.blocks.local import Local
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class _Product(Local):
    """Vectors [S, T, N, d] of users and of items -> their inner products plus a bias per task, [S, T, N, 1]."""

    batched = True
    apart = True

    def __init__(self, tasks: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.empty(tasks))

    def compute(self, *inputs: Tensor) -> Tensor:
        users, items = inputs
        product: Tensor = (users * items).sum(3, keepdim=True)
        return product + self.bias.view(*product.shape[:2], 1, 1)


class TwoTower(Network):
    """y_k = p_k(user) . q_k(item) + b_k: what is known of the user and of the item meets only in an inner product.

    Po-Sen Huang et al., Learning Deep Structured Semantic Models for Web Search using Clickthrough Data, CIKM 2013, who
    take the cosine of the two vectors. Without hidden layers and on ids alone it factorises the matrix of users and
    items. Raises RecipeError unless `user` names inputs and leaves some for the item.
    """

    def __init__(self, config: catalogue.TwoTower, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        there = [*shape.widths, *shape.vocabularies]
        if not set(config.user) < set(there):
            raise RecipeError(
                f"network.user names {', '.join(config.user)}; name some, not all, of the inputs {', '.join(there)}."
            )
        self.inputs, self.items = (_side(shape, config.user, ours) for ours in (True, False))
        self.user, self.item = (
            Mlps(len(tasks), (side.width, *config.hidden, config.vector), config.activation)
            for side in (self.inputs, self.items)
        )
        self.product = _Product(len(tasks))

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """The columns of the user, then those of the item."""
        return super().arrange(inputs) + self.items.arrange(inputs)

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        users = self.user(self.inputs(*columns[: self.inputs.columns]))  # [S, T, N, d]
        items = self.item(self.items(*columns[self.inputs.columns :]))  # [S, T, N, d]
        y: Tensor = self.product(users, items)
        return y


def _side(shape: InputShape, user: Sequence[str], ours: bool) -> Inputs:
    widths = {name: width for name, width in shape.widths.items() if (name in user) == ours}
    vocabularies = {name: sizes for name, sizes in shape.vocabularies.items() if (name in user) == ours}
    return Inputs(InputShape(widths, vocabularies, shape.embedding))
