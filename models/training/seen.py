"""One replica of an arm, as metrics and probes look at it."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from models import catalogue
from models.recipe import Recipe
from models.seeding import generator
from models.tasks import Dataset, Rows
from models.training.learner import Learner, Table
from models.training.weighting import Weighting


class Seen:
    """Replica `index` of a learner, trained on `dataset` from `seed`.

    `history` holds the held-out losses of the evaluations so far, [., T], `predictions` those of the last one, [n, T];
    `steps` where those evaluations were.
    """

    def __init__(self, learner: Learner, index: int, dataset: Dataset, seed: int) -> None:
        self.learner, self.index, self.dataset, self.seed = learner, index, dataset, seed
        self.recipe: Recipe = learner.recipe
        self.weights = torch.ones(learner.tasks)
        self.history: list[list[float]] = []
        self.steps: list[int] = []
        self.predictions = torch.empty(0)
        self.initial_experts = [part.clone() for part in self.experts()]

    @property
    def test(self) -> Rows:
        """The held-out rows."""
        return self.dataset.test

    def predict(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Probabilities (binary) or values (regression) for some rows, [n, T]."""
        network, s = self.learner.network, self.learner.replicas
        with torch.inference_mode():
            columns = [column.expand(s, *column.shape) for column in network.arrange(inputs)]
            return network.predict(network(*columns))[self.index].T

    def held_out(self, part: slice | Tensor) -> Tensor:
        """Losses on a part of the held-out rows (a slice, or True where a row belongs to it) as one batch, [T]."""
        return self._losses(self.learner.test, part)

    def fitted(self, part: slice = slice(None)) -> Tensor:
        """Losses on training rows as one batch, [T]."""
        return self._losses(self.learner.train, part)

    def slopes(self) -> tuple[Tensor, Tensor]:
        """Derivatives of the sum of the tasks' losses on all training rows by their outputs, times n, and the labels;
        [T, n] both."""
        network, (columns, labels, mask) = self.learner.network, self.learner.train.all()
        with torch.no_grad():
            outputs = network(*columns)
        losses = network.losses(outputs.requires_grad_(), labels, mask)[self.index].sum()
        slopes = torch.autograd.grad(losses, outputs)[0][self.index].squeeze(2)
        return slopes * slopes.shape[1], labels[self.index]

    def experts(self) -> list[Tensor]:
        """Parameters of the experts, [E, .] each."""
        s = self.learner.replicas
        parts = self.learner.network.expert_parameters()
        return [part.detach().view(s, len(part) // s, -1)[self.index] for part in parts]

    def expert_gradients(self) -> list[Tensor]:
        """Gradient of the objective on the held-out rows, as `experts`."""
        learner = self.learner
        found = learner.gradient(learner.test, self.weights.expand(learner.replicas, -1) * learner.used)
        names = {id(parameter): name for name, parameter in learner.parameters.named}
        return [
            found[names[id(part)]][self.index].view(len(part) // learner.replicas, -1)
            for part in learner.network.expert_parameters()
        ]

    def gates(self) -> Tensor | None:
        """Weight that each task's gate gives each expert on the held-out rows, [T, n, E]."""
        with torch.inference_mode():
            gates = self.learner.network.gates(*self.learner.test.all()[0])
        return None if gates is None else gates[self.index]

    def gramians(self) -> tuple[Tensor, Tensor]:
        """Losses [B, T] and Gramians [B, T, T] of the tasks' gradients of what they share, on the held-out rows in B
        batches of training size."""
        learner = self.learner
        batch = min(self.recipe.training.batch, len(self.test))
        losses, gramians = [], []
        for start in range(0, len(self.test) - batch + 1, batch):
            rows = torch.arange(start, start + batch).expand(learner.replicas, -1)
            loss, gramian = learner.look(learner.test, rows, self.weights.expand(learner.replicas, -1))
            losses.append(loss[self.index])
            gramians.append(gramian[self.index])
        return torch.stack(losses), torch.stack(gramians)

    def fresh_weighting(self) -> Weighting:
        """The weighting of the recipe as at its start, for one replica, with chance of its own."""
        row = self.recipe.training.weighting
        weighting: Weighting = catalogue.builder(row)(
            row, 1, self.learner.network.binary, [generator(self.seed, "probe weighting")]
        )
        return weighting

    def _losses(self, table: Table, part: slice | Tensor) -> Tensor:
        columns, labels, mask = table.all()
        with torch.inference_mode():
            outputs = self.learner.network(*(column[:, part] for column in columns))
            known = None if mask is None else mask[:, :, part]
            return self.learner.network.losses(outputs, labels[:, :, part], known)[self.index]
