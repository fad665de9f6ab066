"""One arm of a run: a recipe's network, its optimiser and its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from models import catalogue
from models.events import Error, Evaluation, Event, Gates, Metrics
from models.networks import Network
from models.recipe import Recipe, RecipeError, Training
from models.tasks import Dataset, Rows
from models.training.metrics import METRICS
from models.training.probes import NEEDS, PROBES
from models.training.weighting import Equal, Uncertainty

OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}


class Arm:
    """A network in training. `forward` and `update` are the two halves of a step, so that a run can look at the losses
    of all its arms before any of them moves.

    Raises RecipeError if recipe and data do not fit together.
    """

    def __init__(self, key: str, recipe: Recipe, dataset: Dataset, seed: int) -> None:
        training = recipe.training
        self.key, self.recipe, self.seed, self.tasks = key, recipe, seed, dataset.tasks
        names = _inputs(recipe, dataset)
        self.train, self.test = _select(dataset.train, names), _select(dataset.test, names)
        build = catalogue.builder(recipe.network)
        self.network: Network = build(recipe.network, {name: dataset.widths()[name] for name in names}, dataset.tasks)
        self.network.initialise(seed)
        self._columns = self.network.arrange(self.train.inputs)
        self._test_columns = self.network.arrange(self.test.inputs)
        self.weights = torch.tensor(training.weights or [1.0] * len(self.tasks))
        self._optimizer = OPTIMIZERS[training.optimizer](
            self.network.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay, fused=True
        )
        self._weighting = (
            Uncertainty(self.network.binary, training.uncertainty_learning_rate)
            if training.weighting == "uncertainty"
            else Equal()
        )
        self.factor = 1.0
        self._losses = torch.empty(0)
        self._unsent: list[Tensor] = []
        self._sent = 0
        self._due = _evaluation_steps(training)

    @property
    def parameters(self) -> int:
        """Number of trained numbers of the network."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    def learning_rate(self, step: int) -> float:
        """The rate of step 1, 2, ...: base times the person's factor, times (1 + cos(pi (step - 1) / steps)) / 2."""
        training = self.recipe.training
        rate = training.learning_rate * self.factor
        if training.schedule == "cosine":
            rate *= (1 + math.cos(math.pi * (step - 1) / training.steps)) / 2
        return rate

    def forward(self, rows: Tensor, step: int) -> Error | None:
        """Losses on training rows [batch]; an Error if one is not finite. No parameter moves."""
        mask = None if self.train.mask is None else self.train.mask[rows]
        outputs = self.network(*(column[rows] for column in self._columns))
        self._losses = self.network.losses(outputs, self.train.labels[rows], mask)
        if math.isfinite(self._losses.detach().sum().item()):
            return None
        finite = self._losses.isfinite().tolist()
        task = self.tasks[finite.index(False) if False in finite else 0].name
        rate = self.learning_rate(step)
        message = f"Step {step}: the loss of {task} in arm {self.key} is no longer finite (learning rate {rate:.4g})."
        return Error("nan", message, step, self.key, task, rate)

    def update(self, step: int) -> None:
        """Backward and one step of the optimiser, for the losses of the last `forward`."""
        for group in self._optimizer.param_groups:
            group["lr"] = self.learning_rate(step)
        self._optimizer.zero_grad()
        self._weighting.backward(self.weights * self._losses)
        self._optimizer.step()
        self._weighting.step()
        self._unsent.append(self._losses.detach())

    def predict(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Probabilities (binary) or values (regression) [N, T]."""
        with torch.no_grad():
            return self.network.predict(self.network(*self.network.arrange(inputs)))

    def held_out(self, part: slice) -> Tensor:
        """Losses on a part of the held-out rows, taken as one batch, [T]."""
        mask = None if self.test.mask is None else self.test.mask[part]
        with torch.no_grad():
            outputs = self.network(*(column[part] for column in self._test_columns))
            return self.network.losses(outputs, self.test.labels[part], mask)

    def evaluate(self, step: int) -> list[Event]:
        """Metrics, gates and probes on the held-out rows, if an evaluation is due after this step."""
        if step not in self._due:
            return []
        predictions = self.predict(self.test.inputs)
        losses = self.held_out(slice(None)).tolist()
        learned = self._weighting.metrics() or [{} for _ in self.tasks]
        events: list[Event] = []
        for k, task in enumerate(self.tasks):
            known = slice(None) if self.test.mask is None else self.test.mask[:, k] > 0
            guess, label = predictions[known, k], self.test.labels[known, k]
            metrics = {name: metric(guess, label) for name, metric in METRICS[task.kind].items()}
            events.append(Evaluation(self.key, 0, task.name, step, {"loss": losses[k], **metrics, **learned[k]}))
        if self.recipe.training.probes:
            probed: dict[str, float | None] = {name: PROBES[name](self) for name in self.recipe.training.probes}
            events.append(Evaluation(self.key, 0, None, step, probed))
        return events + self._gates(step)

    def flush(self, window: int) -> list[Metrics]:
        """Mean training losses of the windows completed since the last flush, one block per task."""
        count = len(self._unsent) // window
        if not count:
            return []
        means = torch.stack(self._unsent[: count * window]).view(count, window, -1).mean(1)  # [count, T]
        del self._unsent[: count * window]
        first, self._sent = self._sent + window, self._sent + count * window
        return [Metrics(self.key, 0, task.name, first, means[:, k].tolist()) for k, task in enumerate(self.tasks)]

    def _gates(self, step: int) -> list[Event]:
        with torch.no_grad():
            gates = self.network.gates(*self._test_columns)
        if gates is None:
            return []
        mean = gates.mean(1)  # [T, E]
        entropy = torch.special.entr(mean).sum(1) / math.log(mean.shape[1])
        return [
            Gates(self.key, 0, task.name, step, mean[k].tolist(), float(entropy[k]))
            for k, task in enumerate(self.tasks)
        ]


def _evaluation_steps(training: Training) -> set[int]:
    gaps = training.evaluations - 1
    return {round(index * training.steps / gaps) for index in range(gaps + 1)}


def _select(rows: Rows, names: Sequence[str]) -> Rows:
    return Rows({name: rows.inputs[name] for name in names}, rows.labels, rows.mask)


def _inputs(recipe: Recipe, dataset: Dataset) -> list[str]:
    """Names of the inputs that the network sees, in the order of the data set, once they are known to suffice."""
    there = dataset.train.inputs
    data, network = catalogue.name(recipe.tasks), catalogue.name(recipe.network)
    for name in recipe.features.inputs:
        if name not in there:
            raise RecipeError(f"{data} has no input {name}; features.inputs may hold {', '.join(there)}.")
    names = [name for name in there if not recipe.features.inputs or name in recipe.features.inputs]
    needs = {f"Network {network}": catalogue.builder(recipe.network).needs}
    needs |= {f"Probe {probe}": NEEDS.get(probe, ()) for probe in recipe.training.probes}
    for who, wanted in needs.items():
        for name in wanted:
            if name not in names:
                raise RecipeError(f"{who} needs the input {name}, which is not among {', '.join(names)} of {data}.")
    weights = recipe.training.weights
    if weights and len(weights) != len(dataset.tasks):
        raise RecipeError(f"training.weights has {len(weights)} numbers; {data} has {len(dataset.tasks)} tasks.")
    return names
