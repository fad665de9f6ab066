"""A network in training: forward, the walk back, the weighing of tasks, the optimiser."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models import catalogue
from models.blocks.inputs import InputShape
from models.blocks.tape import Tape
from models.networks import Network
from models.recipe import Recipe
from models.seeding import generator
from models.tasks import Dataset, Rows
from models.training.optimizer import Optimizer
from models.training.parameters import Parameters
from models.training.weighting import Combiner, Equal, Weighting


@dataclass(frozen=True)
class Table:
    """Rows of S data sets of n rows each, one after another: columns [S * n, ...], labels and mask [T, S * n]."""

    columns: tuple[Tensor, ...]
    labels: Tensor
    mask: Tensor | None
    replicas: int

    def __len__(self) -> int:
        return self.labels.shape[1] // self.replicas

    def batch(self, rows: Tensor) -> tuple[list[Tensor], Tensor, Tensor | None]:
        """Rows [S, B] of each data set -> columns [S, B, ...], labels and mask [S, T, B]."""
        s, b = rows.shape
        if s == 1 and self.mask is None:
            flat = rows.view(-1)
            columns = [column.index_select(0, flat).unsqueeze(0) for column in self.columns]
            return columns, self.labels.index_select(1, flat).unsqueeze(0), None
        if s > 1:
            rows = rows + torch.arange(0, self.labels.shape[1], len(self)).unsqueeze(1)
        flat = rows.reshape(-1)
        columns = [column.index_select(0, flat).view(s, b, -1) for column in self.columns]
        labels = self.labels.index_select(1, flat).view(-1, s, b).transpose(0, 1)
        mask = None if self.mask is None else self.mask.index_select(1, flat).view(-1, s, b).transpose(0, 1)
        return columns, labels, mask

    def all(self) -> tuple[list[Tensor], Tensor, Tensor | None]:
        """Every row: columns [S, n, ...], labels and mask [S, T, n]."""
        s, n = self.replicas, len(self)
        columns = [column.view(s, n, -1) for column in self.columns]
        mask = None if self.mask is None else self.mask.view(-1, s, n).transpose(0, 1)
        return columns, self.labels.view(-1, s, n).transpose(0, 1), mask


@dataclass
class Steps:
    """What some steps have given: the losses [S, T] of each, the sum of what tasks were multiplied by [S, T], and the
    Gramians [S, T, T] of those whose gradients were looked at. `broken` are losses that were not finite: the step that
    had them was not taken, nor any after it."""

    losses: list[Tensor]
    used: Tensor
    gramians: list[Tensor]
    broken: Tensor | None = None


class Learner:
    """Trains one network on S data sets, one per seed, at once. `losses` [S, T] are those of the last batch, `used`
    [S, T] what the weighting made of them, `gramian` [S, T, T] that of the tasks' gradients if it was needed. `seconds`
    are those that the last steps have taken.

    Raises RecipeError if the network does not fit the tasks.
    """

    def __init__(self, recipe: Recipe, datasets: Sequence[Dataset], names: Sequence[str], seeds: Sequence[int]) -> None:
        training, tasks = recipe.training, datasets[0].tasks
        self.recipe, self.seeds, self.tasks = recipe, list(seeds), len(tasks)
        shape = input_shape(datasets, names, recipe.features.embedding)
        self.network: Network = catalogue.builder(recipe.network)(recipe.network, shape, tasks)
        self.parameters = Parameters(self.network, seeds, self.tasks)
        self.train = self._table([dataset.train for dataset in datasets])
        self.test = self._table([dataset.test for dataset in datasets])
        sources = [generator(seed, "weighting") for seed in seeds]
        self.weighting: Weighting = catalogue.builder(training.weighting)(
            training.weighting, len(seeds), self.network.binary, sources
        )
        self._optimizer = Optimizer(
            training.optimizer, self.parameters.values, self.parameters.gradient, training.weight_decay
        )
        self.tape = Tape(self.tasks)
        self.seconds: deque[float] = deque(maxlen=1000)
        self._local, self._constant = self.network.local, type(self.weighting) is Equal
        self.losses = torch.empty(0)
        self.used = torch.ones(len(seeds), self.tasks)
        self.gramian: Tensor | None = None
        self._outputs = self._labels = torch.empty(0)
        self._mask: Tensor | None = None
        self._columns: list[Tensor] = []
        if self.tasks > 1:
            self._find_shared()

    @property
    def shares(self) -> bool:
        """Two tasks move the same parameters."""
        return bool(self.parameters.shared)

    @property
    def replicas(self) -> int:
        """S."""
        return len(self.seeds)

    def guard(self) -> torch.inference_mode | torch.no_grad:
        """The mode in which a step runs."""
        return torch.no_grad() if self._local else torch.inference_mode()

    def steps(self, batches: Sequence[Tensor], rates: Sequence[float], weights: Tensor) -> Steps:
        """Train on batches of rows, [S, B] each, one after another, with a learning rate for each.

        `weights` [S, T] are the fixed task weights.
        """
        done = Steps([], torch.zeros(weights.shape), [])
        with self.guard():
            begun = time.perf_counter()
            for rows, rate in zip(batches, rates, strict=True):
                losses = self._forward(rows)
                if not math.isfinite(sum(map(sum, losses.tolist()))):
                    done.broken = losses
                    break
                self._update(rate, weights)
                done.losses.append(losses)
                if not self._constant:
                    done.used += self.used
                if self.gramian is not None:
                    done.gramians.append(self.gramian)
                begun, before = time.perf_counter(), begun
                self.seconds.append(begun - before)
        if self._constant:
            done.used += len(done.losses)
        return done

    def _forward(self, rows: Tensor) -> Tensor:
        """Losses [S, T] on training rows [S, B]; no parameter moves."""
        self._batch(self.train, rows)
        self.losses = self._divided(self.network.losses(self._outputs, self._labels, self._mask))
        return self.losses

    def _update(self, learning_rate: float, weights: Tensor) -> None:
        """Backward and one step of the optimiser for the rows of the last `_forward`."""
        self.gramian = None
        needs, training = self.weighting.needs, self.recipe.training
        if self._constant:
            self._walk("sum", weights)
        elif self.tasks == 1 or needs == "losses":
            self.used = self.weighting.weights(self.losses * weights, None).float()
            self._walk("sum", weights * self.used)
        elif needs == "gramian" and training.balancing == "representation":
            self._representation(self.losses * weights, weights)
        else:
            self._exact(self.losses * weights, weights)
        if training.clip:
            self.parameters.scale((training.clip / self.parameters.norms().clamp(min=1e-12)).clamp(max=1.0))
        self._optimizer.step(learning_rate)
        if self.weighting.after:
            outputs = self.network(*self._columns)
            self.weighting.after_step(self._divided(self.network.losses(outputs, self._labels, self._mask)) * weights)

    def measure(self, weights: Tensor) -> Tensor:
        """The Gramian [S, T, T] on the rows of the last step, for a weighting that does not need it itself."""
        with self.guard():
            with self.tape:
                self._outputs = self.network(*self._columns)
            self._walk("exact", weights.expand(self.replicas, -1))
            return self.parameters.gramian(self.tape)

    def look(self, table: Table, rows: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Losses [S, T] times weights on some rows [S, B], and the Gramian of their gradients by what tasks share,
        [S, T, T]; no parameter moves."""
        with self.guard():
            self._batch(table, rows)
            losses = self._divided(self.network.losses(self._outputs, self._labels, self._mask)) * weights
            self._walk("exact", weights)
            return losses, self.parameters.gramian(self.tape)

    def gradient(self, table: Table, weights: Tensor) -> dict[str, Tensor]:
        """Gradient of the weighted losses on all rows of a table, by parameter, [S, size]."""
        with self.guard():
            self._batch(table, torch.arange(len(table)).expand(self.replicas, -1))
            self._walk("sum", weights)
        return {
            name: self.parameters.gradient[part].view(self.replicas, -1) for name, part in self.parameters.parts.items()
        }

    def outputs(self, table: Table) -> Tensor:
        """Outputs on all rows of a table, [S, T, n, .]."""
        with torch.inference_mode():
            out: Tensor = self.network(*table.all()[0])
        return out

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs, by name; parameters as [S, ...]."""
        named = {f"parameter.{name}": self.parameters.of(name) for name, _ in self.parameters.named}
        named |= {f"buffer.{name}": value for name, value in self.network.named_buffers()}
        moments = {f"optimizer.{name}": value for name, value in self._optimizer.state().items()}
        learned = {f"weighting.{name}": value for name, value in self.weighting.state().items()}
        return named | moments | learned

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        for name, _ in self.parameters.named:
            self.parameters.of(name).copy_(state[f"parameter.{name}"])
        for name, value in self.network.named_buffers():
            value.copy_(state[f"buffer.{name}"])
        for prefix, part in (("optimizer.", self._optimizer), ("weighting.", self.weighting)):
            part.load({name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)})

    def _find_shared(self) -> None:
        rows = torch.arange(min(self.recipe.training.batch, len(self.train))).expand(self.replicas, -1)
        with self.guard():
            self._batch(self.train, rows)
            self._mask = None
            self._walk("exact", torch.ones(self.replicas, self.tasks))
            self.parameters.find_shared(self.tape)

    def _batch(self, table: Table, rows: Tensor) -> None:
        self._columns, self._labels, self._mask = table.batch(rows)
        with self.tape:
            self._outputs = self.network.forward(*self._columns)

    def _divided(self, losses: Tensor) -> Tensor:
        if self._mask is not None and self.recipe.training.divisor == "batch":
            return losses * self._mask.mean(2)
        return losses

    def _walk(self, mode: str, weights: Tensor) -> None:
        """Gradients of the losses times weights [S, T], added up over tasks in "sum" mode."""
        tape, network = self.tape, self.network
        tape.mode = mode  # type: ignore[assignment]
        if self._mask is not None and self.recipe.training.divisor == "batch":
            weights = weights * self._mask.mean(2)
        if not network.own_losses:
            seed = network.derivatives(self._outputs, self._labels, self._mask, weights)
            tape.walk(self._outputs, seed, owned=mode != "sum")
        else:
            leaf = self._outputs.detach().requires_grad_()
            with torch.enable_grad():
                losses = (network.losses(leaf, self._labels, self._mask) * weights).sum(0)  # [T]
                met = network.coupled and mode != "sum"
                terms = list(losses) if met else [losses.sum()]
            each = [torch.autograd.grad(term, leaf, retain_graph=True)[0] for term in terms]
            seed = tape.met(torch.cat(each, dim=2)) if met else each[0]
            tape.walk(self._outputs, seed, owned=mode != "sum" and not met)

    def _exact(self, weighted: Tensor, weights: Tensor) -> None:
        needs, weighting, parameters = self.weighting.needs, self.weighting, self.parameters
        self._walk("exact", weights)
        self.gramian = parameters.gramian(self.tape)
        if isinstance(weighting, Combiner):
            self.used = torch.ones_like(weighted)
            parameters.combined(weighting.combine(parameters.shared_jacobian()))
            parameters.finish(None)
            return
        seen = parameters.gramian(self.tape, last_layer=True) if needs == "last-layer" else self.gramian
        self.used = weighting.weights(weighted, None if needs == "losses" else seen).to(weighted)
        parameters.combine(self.used)
        parameters.finish(None if needs == "gramian" else self.used)

    def _representation(self, weighted: Tensor, weights: Tensor) -> None:
        def solve(gramian: Tensor) -> Tensor:
            self.gramian = gramian
            self.used = self.weighting.weights(weighted, gramian).to(weighted)
            return self.used

        self.tape.solve = solve
        self._walk("representation", weights)

    def _table(self, parts: Sequence[Rows]) -> Table:
        arranged = [self.network.arrange(part.inputs) for part in parts]
        columns = tuple(torch.cat(same).contiguous() for same in zip(*arranged, strict=True))
        masks = [part.mask for part in parts if part.mask is not None]
        labels = torch.cat([part.labels for part in parts]).T.contiguous()
        return Table(columns, labels, torch.cat(masks).T.contiguous() if masks else None, len(parts))


def input_shape(datasets: Sequence[Dataset], names: Sequence[str], embedding: int) -> InputShape:
    """What the network is told of the inputs `names`; of several data sets the larger vocabulary counts."""
    train = datasets[0].train.inputs
    widths = {name: train[name].shape[-1] for name in names if train[name].is_floating_point()}
    vocabularies = {name: _sizes(datasets, name) for name in names if name not in widths}
    return InputShape(widths, vocabularies, embedding)


def _sizes(datasets: Sequence[Dataset], name: str) -> tuple[int, ...]:
    columns = datasets[0].train.inputs[name].shape[-1]
    declared = [dataset.vocabularies.get(name) for dataset in datasets]
    found = [
        sizes or (int(max(d.train.inputs[name].max(), d.test.inputs[name].max())) + 1,)
        for sizes, d in zip(declared, datasets, strict=True)
    ]
    each = [sizes * columns if len(sizes) < columns else sizes for sizes in found]
    return tuple(map(max, zip(*each, strict=True)))
