"""One arm of a run: a recipe in training, for one seed or several, and its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from models import catalogue
from models.events import Arm as ArmInfo
from models.events import Best, Cause, Diverged, Evaluation, Event, Gates, Gradients, Metrics, Text, Weights
from models.recipe import Recipe, RecipeError
from models.tasks import Dataset
from models.training.learner import Learner
from models.training.metrics import METRICS, gauc
from models.training.probes import EXPERTS, NEEDS, PROBES, TASK_PROBES, TRUNK
from models.training.seen import Seen

SMOOTH = 0.98
FITTED = 4096
"""Training rows on which the training loss of an evaluation is measured, at most."""


class Arm:
    """A recipe in training on one data set per seed. `forward` and `update` are the two halves of a step, so that a run
    can look at the losses of all its arms before any of them moves.

    Raises RecipeError if recipe and data do not fit together.
    """

    def __init__(self, key: str, recipe: Recipe, datasets: Sequence[Dataset], seeds: Sequence[int]) -> None:
        training = recipe.training
        self.key, self.recipe, self.tasks = key, recipe, datasets[0].tasks
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
        self.set_weights(training.weights or [1.0] * len(self.tasks))
        self.hashed = list(datasets[0].hashed)
        self.factor = 1.0
        self.steps = training.steps
        self._due = _evaluation_steps(recipe, self.steps)
        self.diverged = False
        shape = len(seeds), len(self.tasks)
        self.stopped = torch.zeros(shape, dtype=torch.bool)
        self.best = torch.full(shape, math.inf)
        self.best_values: dict[str, list[Tensor]] = {}
        self._best_at = torch.zeros(shape, dtype=torch.long)
        self._waited = torch.zeros(shape, dtype=torch.long)
        self._unsent: list[Tensor] = []
        self._sent = 0
        self._smooth = torch.zeros(len(self.tasks), dtype=torch.float64)
        self._smooth_weight = 0.0
        self._used = torch.zeros(shape)
        self._since = 0
        self._gramians: list[Tensor] = []
        self._losses = torch.empty(0)

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
        return self.diverged or bool(self.stopped.all())

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
        """The rate of step 1, 2, ...: base times the person's factor. Over the warm-up it is multiplied by step / warm-up;
        then, under cosine, by (1 + cos(pi t)) / 2, where t is the share of the remaining steps that are over."""
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

    def due(self, step: int) -> bool:
        """An evaluation falls due after this step."""
        return step == self.steps or step in self._due

    def extend(self, steps: int) -> None:
        """Train longer, with evaluations as far apart as before."""
        self.steps += steps
        self._due = _evaluation_steps(self.recipe, self.steps)

    def best_parameters(self) -> dict[str, dict[str, Tensor]]:
        """The parameters at each task's lowest held-out loss: task -> name -> [S, size], learners one after another."""
        return {
            task: {
                name: torch.cat(
                    [
                        values[number][learner.parameters.parts[name]].view(learner.replicas, -1)
                        for number, learner in enumerate(self.learners)
                    ]
                )
                for name, _ in self.learners[0].parameters.named
            }
            for task, values in self.best_values.items()
        }

    def forward(self, rows: Tensor, step: int) -> Diverged | None:
        """Losses on training rows [S, batch]; what is wrong if one is not finite. No parameter moves."""
        parts, start = [], 0
        for learner in self.learners:
            parts.append(learner.forward(rows[start : start + learner.replicas]))
            start += learner.replicas
        self._losses = parts[0] if len(parts) == 1 else torch.cat(parts)
        if math.isfinite(float(self._losses.sum())):
            return None
        broken = (~self._losses.isfinite()).nonzero()
        replica, task = broken[0].tolist() if len(broken) else (0, 0)
        rate = self.learning_rate(step)
        return Diverged(self.key, replica, self.tasks[task].name, step, rate, self._cause(task))

    def update(self, step: int) -> None:
        """Backward and one step of the optimiser, for the losses of the last `forward`."""
        rate, start = self.learning_rate(step), 0
        weights = self.weights * ~self.stopped
        used, gramians = [], []
        for learner in self.learners:
            learner.update(rate, weights[start : start + learner.replicas])
            used.append(learner.used)
            gramians.append(learner.gramian)
            start += learner.replicas
        self._used += weights * (used[0] if len(used) == 1 else torch.cat(used))
        self._since += 1
        if gramians[0] is not None:
            self._gramians.append(torch.cat([gramian for gramian in gramians if gramian is not None]))
        self._unsent.append(self._losses)

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
        return [*events, *self._gates(step), *self._signals(step), *self._bests(step, torch.tensor(losses))]

    def flush(self, window: int) -> list[Metrics]:
        """Mean training losses of the windows completed since the last flush, one block per task."""
        count = len(self._unsent) // window
        if not count:
            return []
        each = torch.stack(self._unsent[: count * window]).view(count, window, self.replicas, -1).mean(1)  # [., S, T]
        del self._unsent[: count * window]
        first, self._sent = self._sent + window, self._sent + count * window
        means = each.mean(1)  # [count, T]
        smooth = self._smoothed(means.double(), SMOOTH**window)
        spread = each.std(1) if self.replicas > 1 else torch.empty(count, 0)
        return [
            Metrics(
                *(self.key, 0, task.name, first, means[:, k].tolist(), smooth[:, k].tolist()),
                spread[:, k].tolist() if self.replicas > 1 else [],
            )
            for k, task in enumerate(self.tasks)
        ]

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs, by name."""
        named = {
            f"{number}.{name}": value
            for number, each in enumerate(self.learners)
            for name, value in each.state().items()
        }
        own = {
            name: getattr(self, name)
            for name in ("weights", "stopped", "best", "_best_at", "_waited", "_used", "_smooth")
        }
        numbers = torch.tensor(
            [self.factor, self.steps, self.diverged, self._sent, self._smooth_weight, self._since], dtype=torch.float64
        )
        history = torch.tensor([seen.history for seen in self.seen], dtype=torch.float64)
        points = torch.tensor(self.seen[0].steps)
        pending = {
            "unsent": torch.stack(self._unsent) if self._unsent else torch.empty(0),
            "gramians": torch.stack(self._gramians) if self._gramians else torch.empty(0),
        }
        best = {
            f"best.{name}.{number}": value
            for name, values in self.best_values.items()
            for number, value in enumerate(values)
        }
        experts = {
            f"experts.{replica}.{number}": value
            for replica, seen in enumerate(self.seen)
            for number, value in enumerate(seen.initial_experts)
        }
        return named | own | {"numbers": numbers, "history": history, "points": points} | pending | best | experts

    def load(self, state: dict[str, Tensor]) -> None:
        """Go on from `state`."""
        for number, learner in enumerate(self.learners):
            prefix = f"{number}."
            learner.load({name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)})
        for name in ("weights", "stopped", "best", "_best_at", "_waited", "_used", "_smooth"):
            setattr(self, name, state[name].clone())
        self.set_weights(self.weights.tolist())
        self.factor, steps, diverged, sent, self._smooth_weight, since = state["numbers"].tolist()
        self.steps, self.diverged, self._sent, self._since = int(steps), bool(diverged), int(sent), int(since)
        self._due = _evaluation_steps(self.recipe, self.steps)
        self._unsent, self._gramians = list(state["unsent"]), list(state["gramians"])
        for replica, seen in enumerate(self.seen):
            seen.history, seen.steps = state["history"][replica].tolist(), state["points"].tolist()
            seen.initial_experts = [state[f"experts.{replica}.{n}"] for n in range(len(seen.initial_experts))]
        for task in self.tasks:
            found = [
                state[f"best.{task.name}.{n}"].clone()
                for n in range(len(self.learners))
                if f"best.{task.name}.{n}" in state
            ]
            if found:
                self.best_values[task.name] = found

    def _smoothed(self, means: Tensor, factor: float) -> Tensor:
        out = torch.empty_like(means)
        for row, mean in enumerate(means):
            self._smooth = factor * self._smooth + (1 - factor) * mean
            self._smooth_weight = factor * self._smooth_weight + (1 - factor)
            out[row] = self._smooth / self._smooth_weight
        return out

    def _evaluation(self, replica: int, seen: Seen, step: int) -> Iterator[Evaluation]:
        probes = self.recipe.training.probes
        each = {name: TASK_PROBES[name](seen) for name in probes if name in TASK_PROBES}
        learned = {name: values[seen.index].tolist() for name, values in seen.learner.weighting.metrics().items()}
        fitted = seen.fitted(slice(FITTED)).tolist()
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

    def _signals(self, step: int) -> Iterator[Event]:
        """Task weights since the last evaluation, and what was seen of the gradients."""
        names = [task.name for task in self.tasks]
        if self._since:
            means = (self._used / self._since).tolist()
            for replica in range(self.replicas):
                yield Weights(self.key, replica, step, names, means[replica])
        self._used.zero_()
        self._since = 0
        if not self._gramians and step and self.learners[0].shares:
            self._gramians.append(torch.cat([learner.measure(self.weights) for learner in self.learners]))
        if not self._gramians:
            return
        gramians = torch.stack(self._gramians)  # [B, S, T, T]
        self._gramians.clear()
        norms = gramians.diagonal(dim1=2, dim2=3).sqrt()
        cosine = gramians / (norms.unsqueeze(3) * norms.unsqueeze(2)).clamp(min=1e-300)
        conflicting = (gramians < 0).flatten(2).any(dim=2).double().mean(0).tolist()
        balancing = self.info(Text("", ""), "").balancing or "exact"
        for replica in range(self.replicas):
            yield Gradients(
                *(self.key, replica, step, len(gramians), balancing, names, norms[:, replica].mean(0).tolist()),
                cosine[:, replica].mean(0).tolist(),
                conflicting[replica],
            )

    def _bests(self, step: int, losses: Tensor) -> Iterator[Best]:
        """Keep the parameters of each task's lowest held-out loss; stop a task that has waited too long."""
        patience = self.recipe.training.patience
        better = (losses < self.best) & ~self.stopped
        self.best = torch.where(better, losses, self.best)
        self._best_at = torch.where(better, step, self._best_at)
        self._waited = torch.where(better, 0, self._waited + 1)
        late = (self._waited >= patience) & ~self.stopped if patience else torch.zeros_like(better)
        self.stopped |= late
        for replica, k in (better | late).nonzero().tolist():
            name, seen = self.tasks[k].name, self.seen[replica]
            if better[replica, k]:
                kept = self.best_values.setdefault(name, [each.parameters.values.clone() for each in self.learners])
                source, target = seen.learner.parameters, kept[self.learners.index(seen.learner)]
                for part in source.parts.values():
                    s = source.replicas
                    target[part].view(s, -1)[seen.index] = source.values[part].view(s, -1)[seen.index]
            loss, at = float(self.best[replica, k]), int(self._best_at[replica, k])
            yield Best(self.key, replica, name, at, loss, bool(late[replica, k]))

    def _cause(self, task: int) -> Cause:
        """What most likely made the losses infinite, from the last ones that were finite."""
        if not all(
            bool(column.isfinite().all()) for column in self.learners[0].train.columns if column.is_floating_point()
        ):
            return "data"
        if float(self.weights.max()) >= 100:
            return "weights"
        before = self._unsent[-1].mean(0) if self._unsent else None
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
