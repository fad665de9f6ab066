"""A run: one or more recipes trained side by side on the same rows in the same order from the same seeds."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import msgspec
import torch
from torch import Tensor

from models import catalogue
from models.catalogue.row import Row
from models.events import Diverged, Done, Error, Evaluation, Event, Hello, Mark, Metrics, Task, Text
from models.features import with_vectors
from models.recipe import Recipe, RecipeError
from models.tasks import Dataset
from models.training.arm import Arm
from models.training.draws import Draws

BURST = 1000
ArmSpec = tuple[str, Text, str, Recipe]


class Run:
    """Trains `arms` (key, label, recipe name, recipe) step by step.

    Recipes and seed decide every number that is not clocked: on one machine a run repeats bit for bit. Rows are drawn
    with replacement; arms with different batch sizes see the first `batch` rows of one common draw. An arm with fewer
    steps than the longest ends earlier. With S replicas in the recipes, seeds `seed` to `seed + S - 1` are trained
    together. `marks` are a person's interventions in an earlier run, done again after the same steps. Raises
    RecipeError if a recipe does not fit its data or the others, DataError if data cannot be read.
    """

    def __init__(
        self, arms: Sequence[ArmSpec], seed: int, run_id: str, pairing: str | None = None, marks: Sequence[Mark] = ()
    ) -> None:
        trainings = [recipe.training for *_, recipe in arms]
        replicas = {training.replicas for training in trainings}
        if len(replicas) > 1:
            raise RecipeError("The arms of a run need the same training.replicas; make them equal.")
        self.arms = list(arms)
        self._marks = [mark for mark in marks if not mark.planned]
        seeds = range(seed, seed + replicas.pop())
        datasets: dict[bytes, list[Dataset]] = {}
        for *_, recipe in arms:
            if _key(recipe.tasks) not in datasets:
                build = catalogue.builder(recipe.tasks)
                datasets[_key(recipe.tasks)] = [build(recipe.tasks, each) for each in seeds]
        self._arms = [
            Arm(key, recipe, [with_vectors(each, recipe.features) for each in datasets[_key(recipe.tasks)]], seeds)
            for key, _, _, recipe in arms
        ]
        self._draws = Draws(seeds, [training.batch for training in trainings], [arm.rows for arm in self._arms])
        self._failed = False
        self.now = 0
        self.hello = Hello(
            run=run_id,
            seed=seed,
            steps=max(training.steps for training in trainings),
            window=trainings[0].window,
            rows=max(arm.rows for arm in self._arms),
            arms=[arm.info(label, name) for (_, label, name, _), arm in zip(arms, self._arms, strict=True)],
            tasks=_tasks(self._arms),
            replicas=len(seeds),
            pairing=pairing,
        )

    @property
    def steps(self) -> int:
        """Steps of the longest arm, with those that were added."""
        return max(arm.steps for arm in self._arms)

    @property
    def samples(self) -> int:
        """Rows that one step looks at, over all arms and replicas."""
        return sum(arm.recipe.training.batch * arm.replicas for arm in self._arms)

    @property
    def done(self) -> bool:
        """No step is left, no arm trains any more, or the run has failed."""
        if self._failed or all(arm.over for arm in self._arms):
            return True
        return self.now >= self.steps and not any(mark.step == self.now for mark in self._marks)

    def begin(self) -> list[Event]:
        """The evaluation before the first step."""
        return [event for arm in self._arms for event in arm.evaluate(0)]

    def advance(self, most: int) -> list[Event]:
        """Steps of every arm, `most` or fewer: up to the first after which something falls due; and what that is.

        If a loss of the only arm left is not finite, the only event is an Error: that step is not taken, and the run is
        over at the step before. If there are other arms, that arm alone ends, and a Diverged says so. Raises
        RuntimeError if the run is done.
        """
        if self.done:
            raise RuntimeError("the run is over")
        events = [*self._again(), *self._planned()]
        active = [arm for arm in self._arms if self.now < arm.steps and not arm.over]
        count = next(n for n in range(1, most + 1) if n == most or self._due(active, self.now + n))
        batches = list(zip(*[self._draws.step() for _ in range(count)], strict=True))
        for arm, rows in zip(self._arms, batches, strict=True):
            broken = arm.train(rows, self.now + 1) if arm in active else None
            if broken is not None:
                arm.diverged = True
                events += self._diverged(arm, broken)
        last = next((event for event in events if isinstance(event, Error)), None)
        if last is not None:
            self.now, self._failed = last.step - 1, True
            return [last]
        self.now += count
        active = [arm for arm in active if not arm.diverged]
        return events + [event for arm in active if arm.due(self.now) for event in arm.evaluate(self.now)]

    def _due(self, active: Sequence[Arm], step: int) -> bool:
        """Something falls due after this step: an evaluation, an end, or an intervention that is known of."""
        return any(mark.step == step for mark in self._marks) or any(
            arm.due(step) or any(change.step == step for change in arm.recipe.training.changes) for arm in active
        )

    def flush(self) -> list[Metrics]:
        """Training losses of the windows completed since the last flush."""
        return [block for arm in self._arms for block in arm.flush(self.hello.window)]

    def set_learning_rate(self, factor: float) -> Mark:
        """Multiply the learning rate of every arm from the next step on. Raises ValueError unless factor > 0."""
        if not (factor > 0 and math.isfinite(factor)):
            raise ValueError(f"a learning rate factor is above 0, not {factor}")
        for arm in self._arms:
            arm.factor *= factor
        return Mark(self.now, "learning_rate", factor)

    def set_task_weights(self, weights: list[float]) -> Mark:
        """Weights in the order of `hello.tasks`, for every arm, from the next step on.

        Raises ValueError unless there is one finite weight >= 0 for each task.
        """
        if len(weights) != len(self.hello.tasks) or not all(w >= 0 and math.isfinite(w) for w in weights):
            raise ValueError(f"{len(self.hello.tasks)} task weights of 0 or more are needed, not {weights}")
        by_name = {task.name: weight for task, weight in zip(self.hello.tasks, weights, strict=True)}
        for arm in self._arms:
            arm.set_weights([by_name[task.name] for task in arm.tasks])
        return Mark(self.now, "task_weights", weights)

    def extend(self, steps: int) -> Mark:
        """Make every arm longer; a schedule is stretched to the new length. Raises ValueError unless steps > 0."""
        if steps <= 0:
            raise ValueError(f"a run is extended by 1 step or more, not {steps}")
        for arm in self._arms:
            arm.extend(steps)
        return Mark(self.now, "extend", float(steps))

    def intervene(self, mark: Mark) -> Mark:
        """Do again what a mark records."""
        if isinstance(mark.value, list):
            return self.set_task_weights(mark.value)
        return self.extend(int(mark.value)) if mark.kind == "extend" else self.set_learning_rate(mark.value)

    def best(self) -> dict[str, dict[str, Tensor]]:
        """The parameters at each task's lowest held-out loss: arm and task -> name -> [S, ...]."""
        return {f"{arm.key}-{task}": found for arm in self._arms for task, found in arm.best.parameters.items()}

    def state(self) -> dict[str, Tensor]:
        """Everything a resumed run needs, by name."""
        own = {f"draws.{name}": value for name, value in self._draws.state().items()}
        arms = {f"arm.{arm.key}.{name}": value for arm in self._arms for name, value in arm.state().items()}
        return own | arms | {"now": torch.tensor([self.now])}

    def load(self, state: dict[str, Tensor]) -> None:
        """Go on from `state`, exactly. Raises KeyError or RuntimeError if it is of another run."""
        self._draws.load(
            {name.removeprefix("draws."): value for name, value in state.items() if name.startswith("draws.")}
        )
        for arm in self._arms:
            prefix = f"arm.{arm.key}."
            arm.load({name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)})
        self.now = int(state["now"])

    def _again(self) -> list[Event]:
        """Do what the marks of an earlier run record after this step."""
        here = [mark for mark in self._marks if mark.step == self.now]
        self._marks = [mark for mark in self._marks if mark.step != self.now]
        return [self.intervene(mark) for mark in here]

    def _planned(self) -> list[Event]:
        """Interventions that the recipes plan after this step."""
        marks: list[Event] = []
        for arm in self._arms:
            for change in arm.recipe.training.changes:
                if change.step != self.now:
                    continue
                if change.learning_rate != 1:
                    arm.factor *= change.learning_rate
                    marks.append(Mark(self.now, "learning_rate", change.learning_rate, True, arm.key))
                if change.weights:
                    arm.set_weights(change.weights)
                    marks.append(Mark(self.now, "task_weights", list(change.weights), True, arm.key))
        return marks

    def _diverged(self, arm: Arm, broken: Diverged) -> list[Event]:
        message = (
            f"Step {broken.step}: the loss of {broken.task} in arm {broken.arm} is no longer finite "
            f"(learning rate {broken.learning_rate:.4g})."
        )
        error = Error(*("nan", message, broken.step, broken.arm, broken.task, broken.learning_rate), cause=broken.cause)
        events: list[Event] = [broken, error] if all(each.diverged for each in self._arms) else [broken]
        if "diverged" in arm.recipe.training.probes:
            events.insert(1, Evaluation(arm.key, 0, None, broken.step, {"diverged": 1.0}))
        return events


def train(run: Run) -> Iterator[Event]:
    """All events of a run from hello to done (or error), flat out."""
    begun = time.perf_counter()
    yield run.hello
    yield from run.begin()
    while not run.done:
        fallen = run.advance(BURST)
        if fallen:
            yield from run.flush()
            yield from fallen
        if any(isinstance(event, Error) for event in fallen):
            return
    yield from run.flush()
    yield Done(run.now, time.perf_counter() - begun)


def _key(row: Row) -> bytes:
    return msgspec.json.encode(row)


def _tasks(arms: Sequence[Arm]) -> list[Task]:
    return list({task.name: task for arm in arms for task in arm.tasks}.values())
