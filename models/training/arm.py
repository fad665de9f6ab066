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
from models.seeding import generator
from models.tasks import Dataset, Rows
from models.training.metrics import METRICS, gauc
from models.training.probes import EXPERTS, NEEDS, PROBES, TASK_PROBES, TRUNK
from models.training.legacy import Equal, Pcgrad, Uncertainty

OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}


class Arm:
    """A network in training. `forward` and `update` are the two halves of a step, so that a run can look at the losses
    of all its arms before any of them moves. `history` holds the held-out losses of the evaluations so far,
    [., T], `predictions` those of the last one, [N, T].

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
        self.initial_experts = [parameter.detach().clone() for parameter in self.network.expert_parameters()]
        self._columns = self.network.arrange(self.train.inputs)
        self._test_columns = self.network.arrange(self.test.inputs)
        self.weights = torch.tensor(training.weights or [1.0] * len(self.tasks))
        self._optimizer = OPTIMIZERS[training.optimizer](
            self.network.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay, fused=True
        )
        self.weighting = _weighting(recipe, self.network, seed)
        self.history: list[list[float]] = []
        self.predictions = torch.empty(0)
        self.factor = 1.0
        self._losses = torch.empty(0)
        self._unsent: list[Tensor] = []
        self._sent = 0
        self.due = _evaluation_steps(training)

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
        if mask is not None and self.recipe.training.divisor == "batch":
            self._losses = self._losses * mask.mean(0)
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
        self.weighting.backward(self.weights * self._losses)
        self._optimizer.step()
        self.weighting.step()
        self._unsent.append(self._losses.detach())

    def predict(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Probabilities (binary) or values (regression) [N, T]."""
        with torch.no_grad():
            return self.network.predict(self.network(*self.network.arrange(inputs)))

    def held_out(self, part: slice | Tensor) -> Tensor:
        """Losses on a part of the held-out rows (a slice, or True where a row belongs to it) as one batch, [T]."""
        with torch.no_grad():
            return self._judge(self.test, self._test_columns, part)

    def fitted(self) -> Tensor:
        """Losses on all training rows as one batch, [T]."""
        with torch.no_grad():
            return self._judge(self.train, self._columns, slice(None))

    def objective(self) -> Tensor:
        """What each task adds to the objective on the held-out rows, [T], with its graph."""
        return self.weighting.terms(self.weights * self._judge(self.test, self._test_columns, slice(None)))

    def _judge(self, rows: Rows, columns: Sequence[Tensor], part: slice | Tensor) -> Tensor:
        mask = None if rows.mask is None else rows.mask[part]
        outputs = self.network(*(column[part] for column in columns))
        return self.network.losses(outputs, rows.labels[part], mask)

    def evaluate(self, step: int) -> list[Event]:
        """Metrics, gates and probes on the held-out rows, if an evaluation is due after this step."""
        if step not in self.due:
            return []
        with torch.no_grad():
            outputs = self.network(*self._test_columns)
            self.predictions = self.network.predict(outputs)
            losses = self.network.losses(outputs, self.test.labels, self.test.mask).tolist()
        self.history.append(losses)
        learned = self.weighting.metrics() or [{} for _ in self.tasks]
        probes = self.recipe.training.probes
        each = {name: TASK_PROBES[name](self) for name in probes if name in TASK_PROBES}
        events: list[Event] = []
        for k, task in enumerate(self.tasks):
            known = slice(None) if self.test.mask is None else self.test.mask[:, k] > 0
            guess, label = self.predictions[known, k], self.test.labels[known, k]
            metrics = {name: metric(guess, label) for name, metric in METRICS[task.kind].items()}
            if self.test.groups is not None and task.kind == "binary":
                metrics["gauc"] = gauc(guess, label, self.test.groups[known])
            metrics |= learned[k] | {name: values[k] for name, values in each.items()}
            events.append(Evaluation(self.key, 0, task.name, step, {"loss": losses[k], **metrics}))
        probed: dict[str, float | None] = {name: PROBES[name](self) for name in probes if name in PROBES}
        if probed:
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


def _weighting(recipe: Recipe, network: Network, seed: int) -> Equal:
    """Raises RecipeError if the weighting, or a probe, needs shared parameters or experts that the network lacks."""
    training, name = recipe.training, catalogue.name(recipe.network)
    weighting = catalogue.name(training.weighting)
    pcgrad: set[str] = {"PCGrad"} if weighting == "pcgrad" else set()
    for probe in TRUNK.intersection(training.probes) | pcgrad:
        if not network.trunk():
            raise RecipeError(f"{probe} needs parameters that tasks share; {name} has none, shared-bottom has.")
    for probe in EXPERTS.intersection(training.probes):
        if not network.expert_parameters():
            raise RecipeError(f"{probe} needs experts; {name} has none, mmoe has.")
    if weighting == "uncertainty":
        return Uncertainty(network.binary, 0.02)
    return Pcgrad(network.trunk(), generator(seed, "pcgrad")) if weighting == "pcgrad" else Equal()


def _select(rows: Rows, names: Sequence[str]) -> Rows:
    return Rows({name: rows.inputs[name] for name in names}, rows.labels, rows.mask, rows.groups)


def _inputs(recipe: Recipe, dataset: Dataset) -> list[str]:
    """Names of the inputs that the network sees, in the order of the data set, once they are known to suffice."""
    there = dataset.train.inputs
    data, network = catalogue.name(recipe.tasks), catalogue.name(recipe.network)
    for name in recipe.features.inputs:
        if name not in there:
            raise RecipeError(f"{data} has no input {name}; features.inputs may hold {', '.join(there)}.")
    names = [name for name in there if not recipe.features.inputs or name in recipe.features.inputs]
    needs = {f"Network {network}": catalogue.builder(recipe.network).needs}
    for name in names:
        if not there[name].is_floating_point() and name not in needs[f"Network {network}"]:
            raise RecipeError(f"Network {network} cannot read {name}, which holds ids; choose another network.")
    needs |= {f"Probe {probe}": NEEDS.get(probe, ()) for probe in recipe.training.probes}
    for who, wanted in needs.items():
        for name in wanted:
            if name not in names:
                raise RecipeError(f"{who} needs the input {name}, which is not among {', '.join(names)} of {data}.")
    weights = recipe.training.weights
    if weights and len(weights) != len(dataset.tasks):
        raise RecipeError(f"training.weights has {len(weights)} numbers; {data} has {len(dataset.tasks)} tasks.")
    return names
