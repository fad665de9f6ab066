"""CPU time of ten replicas trained at once against ten runs one after another, and against ten autograd runs.

The network is the MMoE of experiment E1: 10 inputs, 4 experts of 4, towers of 8, two regressions, batch 128.

python tests/benchmarks/replicas.py [ROUNDS] [STEPS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import torch
from _report import report
from references.autograd import Stacks, weights
from torch import Tensor, nn

from models.catalogue.networks import Mmoe
from models.catalogue.tasks import Sines
from models.events import Text
from models.recipe import Recipe, Training
from models.training.run import Run

REPLICAS, BATCH = 10, 128
RUNS_BAR, AUTOGRAD_BAR = 0.40, 0.20
TASKS = Sines(frequencies=(1.0, 2.0, 3.0, 4.0), phases="random", targets="raw", train=18_000)


def ours(replicas: int, seed: int) -> Callable[[int], None]:
    """Takes a number of steps, losses sent as the worker does."""
    training = Training(
        steps=1_000_000, batch=BATCH, learning_rate=0.01, schedule="cosine", evaluations=2, replicas=replicas
    )
    recipe = Recipe(TASKS, Mmoe(experts=4, expert=(4,), tower=(8,)), training=training)
    run = Run([("A", Text("", ""), "", recipe)], seed, "")

    def train(steps: int) -> None:
        end = run.now + steps
        while run.now < end:
            run.advance(end - run.now)
        run.flush()

    return train


class Plain(nn.Module):
    """The same MMoE by autograd."""

    def __init__(self) -> None:
        super().__init__()
        self.experts, self.gate, self.tower = Stacks(4, 10, 4, last=True), Stacks(2, 10, 4), Stacks(2, 4, 8, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 10] -> [T, N]."""
        y: Tensor = self.tower((weights(self.gate(x)) * self.experts(x)).sum(1)).squeeze(2)
        return y


def plain() -> Callable[[int], None]:
    """One autograd run on rows in memory, fused Adam, losses kept."""
    network, x, y = Plain(), torch.randn(18_000, 10), torch.randn(18_000, 2)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01, fused=True)
    losses: list[Tensor] = []

    def train(steps: int) -> None:
        losses.clear()
        for _ in range(steps):
            at = torch.randint(18_000, (BATCH,))
            each = (network(x.index_select(0, at)) - y.index_select(0, at).T).square().mean(1)
            optimizer.zero_grad()
            each.sum().backward()
            optimizer.step()
            losses.append(each.detach())

    return train


def main(rounds: int, steps: int) -> bool:
    """Ten at once, ten one after another, ten by autograd; the three take turns, the ratios are of medians."""
    torch.set_num_threads(1)
    sides = {
        "at once": [ours(REPLICAS, 0)],
        "one by one": [ours(1, seed) for seed in range(REPLICAS)],
        "autograd": [plain() for _ in range(REPLICAS)],
    }
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, runs in sides.items():
            begun = time.process_time()
            for train in runs:
                train(steps)
            if turn:
                seconds[name].append(time.process_time() - begun)
    found = {name: statistics.median(each) for name, each in seconds.items()}
    return all(
        [
            report("ten replicas / ten runs", found["at once"] / found["one by one"], "<=", RUNS_BAR),
            report("ten replicas / ten autograd runs", found["at once"] / found["autograd"], "<=", AUTOGRAD_BAR),
        ]
    )


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(not main(*(arguments + [5, 100][len(arguments) :])))
