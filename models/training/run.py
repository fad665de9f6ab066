"""A run: one or more recipes trained side by side on the same rows in the same order from the same seed."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import torch

from models import catalogue
from models.catalogue.tasks import Tasks
from models.events import Arm as ArmInfo
from models.events import Done, Error, Event, Hello, Mark, Metrics, Text
from models.recipe import Recipe
from models.seeding import generator
from models.tasks import Dataset
from models.training.arm import Arm

ArmSpec = tuple[str, Text, str, Recipe]


class Run:
    """Trains `arms` (key, label, recipe name, recipe) step by step.

    Recipes and seed decide every number: on one machine a run repeats bit for bit. Rows are drawn with replacement;
    arms with different batch sizes see the first `batch` rows of one common draw. An arm with fewer steps than the
    longest ends earlier. Raises RecipeError if a recipe does not fit its data, DataError if data cannot be read.
    """

    def __init__(self, arms: Sequence[ArmSpec], seed: int, run_id: str, pairing: str | None = None) -> None:
        self.arms = list(arms)
        datasets: dict[Tasks, Dataset] = {}
        for *_, recipe in arms:
            if recipe.tasks not in datasets:
                datasets[recipe.tasks] = catalogue.builder(recipe.tasks)(recipe.tasks, seed)
        self._arms = [Arm(key, recipe, datasets[recipe.tasks], seed) for key, _, _, recipe in arms]
        self._draws = generator(seed, "batches")
        self._failed = False
        self.now = 0
        trainings = [recipe.training for *_, recipe in arms]
        self._batch = max(training.batch for training in trainings)
        self.hello = Hello(
            run=run_id,
            seed=seed,
            steps=max(training.steps for training in trainings),
            window=trainings[0].window,
            rows=max(len(dataset.train) for dataset in datasets.values()),
            arms=[
                ArmInfo(
                    *(key, label, name, arm.parameters, recipe.training.batch, recipe.training.learning_rate),
                    arm.weights.tolist(),
                )
                for (key, label, name, recipe), arm in zip(arms, self._arms, strict=True)
            ],
            tasks=list({task.name: task for dataset in datasets.values() for task in dataset.tasks}.values()),
            pairing=pairing,
        )

    @property
    def done(self) -> bool:
        """No step is left, or the run has failed."""
        return self._failed or self.now >= self.hello.steps

    def begin(self) -> list[Event]:
        """The evaluation before the first step."""
        return [event for arm in self._arms for event in arm.evaluate(0)]

    def step(self) -> list[Event]:
        """One step of every arm, and what falls due after it.

        If a loss is not finite, the only event is an Error: no arm has moved, and the run is over at the step before.
        Raises RuntimeError if the run is done.
        """
        if self.done:
            raise RuntimeError("the run is over")
        step = self.now + 1
        active = [arm for arm in self._arms if step <= arm.recipe.training.steps]
        draw = torch.rand(self._batch, dtype=torch.float64, generator=self._draws)
        for arm in active:
            rows = (draw[: arm.recipe.training.batch] * len(arm.train)).long()
            error = arm.forward(rows, step)
            if error is not None:
                self._failed = True
                return [error]
        for arm in active:
            arm.update(step)
        self.now = step
        return [event for arm in active for event in arm.evaluate(step)]

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
            arm.weights = torch.tensor([by_name[task.name] for task in arm.tasks])
        return Mark(self.now, "task_weights", weights)


def train(run: Run, marks: Sequence[Mark] = ()) -> Iterator[Event]:
    """All events of a run from hello to done (or error), flat out; `marks` are interventions to repeat."""
    begun = time.perf_counter()
    yield run.hello
    yield from run.begin()
    while not run.done:
        for mark in marks:
            if mark.step == run.now:
                yield (
                    run.set_task_weights(mark.value)
                    if isinstance(mark.value, list)
                    else run.set_learning_rate(mark.value)
                )
        fallen = run.step()
        if fallen:
            yield from run.flush()
            yield from fallen
        if any(isinstance(event, Error) for event in fallen):
            return
    yield from run.flush()
    yield Done(run.now, time.perf_counter() - begun)
