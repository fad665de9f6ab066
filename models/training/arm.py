"""One arm of a run: a recipe in training, for one seed or several, and its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from models import catalogue
from models.events import Arm as ArmInfo
from models.events import Cause, Diverged, Evaluation, Event, Gates, Metrics, Text
from models.recipe import Recipe, RecipeError
from models.tasks import Dataset
from models.training.learner import Learner
from models.training.metrics import METRICS, gauc
from models.training.probes import EXPERTS, NEEDS, PROBES, TASK_PROBES, TRUNK, TWO_TASKS
from models.training.seen import Seen
from models.training.signals import BestPoints, Losses, Signals

FITTED = 4096
"""Training rows on which the training loss of an evaluation is measured, at most; they are evenly spread."""


class Arm:
    """A recipe in training on one data set per seed. Raises RecipeError if recipe and data do not fit together."""

    def __init__(self, key: str, recipe: Recipe, datasets: Sequence[Dataset], seeds: Sequence[int]) -> None:
        training = recipe.training
        self.key, self.recipe, self.tasks = key, recipe, datasets[0].tasks
        self._names = [task.name for task in self.tasks]
        names = _inputs(recipe, datasets[0])
        first = Learner(recipe, datasets[:1], names, seeds[:1])
        alike = len({(len(each.train), len(each.test)) for each in datasets}) == 1
        if len(seeds) == 1:
            self.learners = [first]
        elif first.network.batched and alike:
            self.learners = [Learner(recipe, datasets, names, seeds)]
        else:
            pairs = list(zip(datasets, seeds, strict=True))[1:]
            self.learners = [first, *(Learner(recipe, [dataset], names, [seed]) for dataset, seed in pairs)]
        places = [(learner, index) for learner in self.learners for index in range(learner.replicas)]
        self.seen = [
            Seen(learner, index, dataset, seed)
            for (learner, index), dataset, seed in zip(places, datasets, seeds, strict=True)
        ]
        _check(recipe, first)
        self.hashed = list(datasets[0].hashed)
        self.factor = 1.0
        self.steps = training.steps
        self._due = _evaluation_steps(recipe, self.steps)
        self.diverged = False
        self.best = BestPoints(len(seeds), self._names, training.patience)
        self.set_weights(training.weights or [1.0] * len(self.tasks))
        self._signals = Signals(len(seeds), len(self.tasks))
        self._log = Losses(len(self.tasks))

    @property
    def replicas(self) -> int:
        """Seeds trained together."""
        return len(self.seen)

    @property
    def rows(self) -> int:
        """Training rows of one replica."""
        return len(self.learners[0].train)

    @property
    def over(self) -> bool:
        """No task is trained any more."""
        return self.diverged or self._all_stopped

    def info(self, label: Text, name: str) -> ArmInfo:
        """What `hello` says of this arm."""
        training, learner = self.recipe.training, self.learners[0]
        by_losses = learner.weighting.needs in ("losses", "last-layer")
        return ArmInfo(
            *(self.key, label, name, learner.parameters.count, training.batch, training.learning_rate),
            self.weights.tolist(),
            weighting=catalogue.name(training.weighting),
            balancing=None if by_losses else training.balancing,
            replicas="batched" if len(self.learners) == 1 else "looped",
            hashed=self.hashed,
        )

    def learning_rate(self, step: int) -> float:
        """The rate of step 1, 2, ...: base times the person's factor. Over the warm-up it is multiplied by step /
        warm-up; then, under cosine, by (1 + cos(pi t)) / 2, t being the share of the remaining steps that are over."""
        training = self.recipe.training
        rate = training.learning_rate * self.factor
        if step <= training.warmup:
            return rate * step / training.warmup
        if training.schedule == "cosine":
            rest = self.steps - training.warmup
            rate *= (1 + math.cos(math.pi * (step - 1 - training.warmup) / rest)) / 2
        return rate

    def set_weights(self, weights: Sequence[float]) -> None:
        """Fixed task weights from the next step on."""
        self.weights = torch.tensor(weights)
        for seen in self.seen:
            seen.weights = self.weights
        self._activate()

    def _activate(self) -> None:
        """Weights [S, T] of the tasks that are still trained."""
        self._active = self.weights * ~self.best.stopped
        self._all_stopped = bool(self.best.stopped.all())

    def due(self, step: int) -> bool:
        """An evaluation falls due after this step."""
        return step == self.steps or step in self._due

    def extend(self, steps: int) -> None:
        """Train longer, with evaluations as far apart as before."""
        self.steps += steps
        self._due = _evaluation_steps(self.recipe, self.steps)

    def train(self, batches: Sequence[Tensor], first: int) -> Diverged | None:
        """Steps `first`, `first` + 1, ... on training rows [S, batch] each; what is wrong if a loss was not finite. The
        step that had it was not taken, nor any after it."""
        rates = [self.learning_rate(first + index) for index in range(len(batches))]
        if len(self.learners) == 1:
            parts = [self.learners[0].steps(batches, rates, self._active)]
            losses, used, gramians = parts[0].losses, parts[0].used, parts[0].gramians
        else:
            parts = [
                learner.steps([rows[place : place + 1] for rows in batches], rates, self._active[place : place + 1])
                for place, learner in enumerate(self.learners)
            ]
            losses = [torch.cat(each) for each in zip(*(steps.losses for steps in parts), strict=False)]
            gramians = [torch.cat(each) for each in zip(*(steps.gramians for steps in parts), strict=False)]
            used = torch.cat([steps.used for steps in parts])
        self._signals.add(len(losses), self._active * used, gramians)
        self._log.add(losses)
        for number, steps in enumerate(parts):
            if steps.broken is not None and len(steps.losses) == len(losses):
                return self._broken(steps.broken, number, first + len(losses))
        return None

    def _broken(self, losses: Tensor, number: int, step: int) -> Diverged:
        places = (~losses.isfinite()).nonzero().tolist()
        replica, task = places[0] if places else (0, 0)
        rate = self.learning_rate(step)
        return Diverged(self.key, number + replica, self.tasks[task].name, step, rate, self._cause(task))

    def evaluate(self, step: int) -> list[Event]:
        """Metrics, gates, gradients and probes on the held-out rows, after this step."""
        losses = []
        for learner in self.learners:
            outputs = learner.outputs(learner.test)
            _, labels, mask = learner.test.all()
            with torch.inference_mode():
                losses += learner.network.losses(outputs, labels, mask).tolist()
                predictions = learner.network.predict(outputs)
            for seen in self.seen:
                if seen.learner is learner:
                    seen.predictions = predictions[seen.index].T
        events: list[Event] = []
        for replica, seen in enumerate(self.seen):
            seen.history.append(losses[replica])
            seen.steps.append(step)
            events += self._evaluation(replica, seen, step)
        if step and not self._signals.gramians and self.learners[0].shares:
            self._signals.gramians.append(torch.cat([learner.measure(self.weights) for learner in self.learners]))
        signals = self._signals.events(self.key, self._names, step, self.recipe.training.balancing)
        best = list(self.best.look(self.key, step, torch.tensor(losses), self.seen))
        self._activate()
        return [*events, *self._gates(step), *signals, *best]

    def flush(self, window: int) -> list[Metrics]:
        """Mean training losses of the windows completed since the last flush, one block per task."""
        return list(self._log.flush(self.key, self._names, window))

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs, by name."""
        numbers = [self.factor, self.steps, self.diverged]
        state = {
            "weights": self.weights,
            "numbers": torch.tensor(numbers, dtype=torch.float64),
            "history": torch.tensor([seen.history for seen in self.seen], dtype=torch.float64),
            "points": torch.tensor(self.seen[0].steps),
        }
        for replica, seen in enumerate(self.seen):
            state |= {f"experts.{replica}.{number}": part for number, part in enumerate(seen.initial_experts)}
        for prefix, part in self._parts():
            state |= {f"{prefix}:{name}": value for name, value in part.state().items()}
        return state

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Go on from `state`."""
        self.set_weights(state["weights"].tolist())
        self.factor, steps, diverged = state["numbers"].tolist()
        self.extend(int(steps) - self.steps)
        self.diverged = bool(diverged)
        for replica, seen in enumerate(self.seen):
            seen.history, seen.steps = state["history"][replica].tolist(), state["points"].tolist()
            seen.initial_experts = [state[f"experts.{replica}.{n}"] for n in range(len(seen.initial_experts))]
        for prefix, part in self._parts():
            start = f"{prefix}:"
            part.load({name.removeprefix(start): value for name, value in state.items() if name.startswith(start)})
        self._activate()

    def _parts(self) -> list[tuple[str, Learner | BestPoints | Signals | Losses]]:
        learners = [(f"learner.{number}", learner) for number, learner in enumerate(self.learners)]
        return [*learners, ("best", self.best), ("signals", self._signals), ("losses", self._log)]

    def _evaluation(self, replica: int, seen: Seen, step: int) -> Iterator[Evaluation]:
        probes = self.recipe.training.probes
        each = {name: TASK_PROBES[name](seen) for name in probes if name in TASK_PROBES}
        learned = {name: values[seen.index].tolist() for name, values in seen.learner.weighting.metrics().items()}
        fitted = seen.fitted(slice(None, None, -(-self.rows // FITTED))).tolist()
        test = seen.test
        for k, task in enumerate(self.tasks):
            known = slice(None) if test.mask is None else test.mask[:, k] > 0
            guess, label = seen.predictions[known, k], test.labels[known, k]
            metrics: dict[str, float | None] = {"loss": seen.history[-1][k], "train_loss": fitted[k]}
            metrics |= {name: metric(guess, label) for name, metric in METRICS[task.kind].items()}
            if test.groups is not None and task.kind == "binary":
                metrics["gauc"] = gauc(guess, label, test.groups[known])
            metrics |= {name: values[k] for name, values in (learned | each).items()}
            yield Evaluation(self.key, replica, task.name, step, metrics)
        probed: dict[str, float | None] = {name: PROBES[name](seen) for name in probes if name in PROBES}
        if "diverged" in probes:
            probed["diverged"] = float(self.diverged)
        if probed:
            yield Evaluation(self.key, replica, None, step, probed)

    def _gates(self, step: int) -> Iterator[Gates]:
        for learner in self.learners:
            with torch.inference_mode():
                gates = learner.network.gates(*learner.test.all()[0])
            if gates is None:
                return
            mean = gates.mean(2)  # [S, T, E]
            entropy = torch.special.entr(mean).sum(2) / math.log(mean.shape[2])
            for replica, seen in enumerate(self.seen):
                if seen.learner is learner:
                    for k, task in enumerate(self.tasks):
                        weights, even = mean[seen.index, k].tolist(), float(entropy[seen.index, k])
                        yield Gates(self.key, replica, task.name, step, weights, even)

    def _cause(self, task: int) -> Cause:
        """What most likely made the losses infinite, from the last ones that were finite."""
        if not all(
            bool(column.isfinite().all()) for column in self.learners[0].train.columns if column.is_floating_point()
        ):
            return "data"
        if float(self.weights.max()) >= 100:
            return "weights"
        last = self._log.last
        before = None if last is None else last.mean(0)
        if before is not None and len(before) > 1 and float(before.max()) > 100 * float(before.min()):
            return "loss_scale"
        return "learning_rate"


def _evaluation_steps(recipe: Recipe, steps: int) -> set[int]:
    """Before the first step, after the last one planned, evenly between, and as far apart beyond."""
    gap = recipe.training.steps / (recipe.training.evaluations - 1)
    return {round(index * gap) for index in range(int(steps / gap) + 1)}


def _check(recipe: Recipe, learner: Learner) -> None:
    """Raises RecipeError if the weighting, or a probe, needs shared parameters or experts that the network lacks."""
    training, name = recipe.training, catalogue.name(recipe.network)
    wanting: list[str] = [*TRUNK.intersection(training.probes)]
    if learner.weighting.needs != "losses":
        wanting.append(catalogue.name(training.weighting))
    for who in wanting:
        if learner.tasks > 1 and not learner.shares:
            raise RecipeError(f"{who} needs parameters that tasks share; {name} has none, shared-bottom has.")
    for probe in TWO_TASKS.intersection(training.probes):
        if learner.tasks == 1:
            raise RecipeError(f"Probe {probe} needs two tasks; {catalogue.name(recipe.tasks)} has one.")
    for probe in EXPERTS.intersection(training.probes):
        if not learner.network.expert_parameters():
            raise RecipeError(f"{probe} needs experts; {name} has none, mmoe has.")


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
