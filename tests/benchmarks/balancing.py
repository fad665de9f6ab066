"""CPU time of a step of gradient balancing against the same step with equal weights, batch 256.

Exact gradients (all shared parameters) with every solver, and the representation mode; shared bottom and MMoE on the
workload of training.py, two and four tasks. The runs take turns; the ratios are of medians.

python tests/benchmarks/balancing.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import time

import torch
from _report import report
from references.workload import BOTTOM, EXPERTS, LEARNING_RATE, TOWER

from models import catalogue
from models.catalogue.networks import Mmoe, Network, SharedBottom
from models.catalogue.tasks import Uniform
from models.catalogue.weighting import (
    AlignedMtl,
    Cagrad,
    Equal,
    FairGrad,
    GradDrop,
    GradVac,
    ImtlG,
    Mgda,
    NashMtl,
    Pcgrad,
    Sdmgrad,
    Upgrad,
    Weighting,
)
from models.events import Text
from models.recipe import Recipe, Training
from models.training.run import Run

NETWORKS: dict[str, tuple[Network, dict[int, float]]] = {
    "shared bottom": (SharedBottom(hidden=BOTTOM, tower=(TOWER,)), {2: 2.0, 4: 2.7}),
    "MMoE": (Mmoe(experts=EXPERTS, expert=BOTTOM, tower=(TOWER,)), {2: 2.3, 4: 2.7}),
}
GRAMIAN = (Mgda(), Pcgrad(), GradVac(), Cagrad(), ImtlG(), NashMtl(), AlignedMtl(), Upgrad(), FairGrad())
JACOBIAN = (GradDrop(), Sdmgrad())
NASH_MORE, REPRESENTATION_BAR, JACOBIAN_BAR = 0.4, 1.15, 6.0
STEPS = 20


def run_of(network: Network, tasks: int, weighting: Weighting, representation: bool = False) -> Run:
    """A run that never ends here."""
    training = Training(
        steps=1_000_000,
        batch=256,
        learning_rate=LEARNING_RATE,
        evaluations=2,
        weighting=weighting,
        balancing="representation" if representation else "exact",
    )
    recipe = Recipe(Uniform(train=10_000, test=500, tasks=tasks), network, training=training)
    return Run([("A", Text("", ""), "", recipe)], 0, "")


def medians(runs: dict[str, Run], rounds: int) -> dict[str, float]:
    """CPU seconds of STEPS steps of each, in turn; the first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            end = run.now + STEPS
            begun = time.process_time()
            while run.now < end:
                run.advance(end - run.now)
            run.flush()
            if turn:
                seconds[name].append(time.process_time() - begun)
    return {name: statistics.median(each) for name, each in seconds.items()}


def main(rounds: int) -> bool:
    """Measure every solver on both networks with two and four tasks."""
    torch.set_num_threads(1)
    kept = []
    for label, (network, bars) in NETWORKS.items():
        for tasks, bar in bars.items():
            runs = {"equal": run_of(network, tasks, Equal())}
            runs |= {catalogue.name(row): run_of(network, tasks, row) for row in (*GRAMIAN, *JACOBIAN)}
            runs["representation"] = run_of(network, tasks, Mgda(), representation=True)
            others = {"nash": round(bar + NASH_MORE, 2), "representation": REPRESENTATION_BAR}
            others |= {catalogue.name(row): JACOBIAN_BAR for row in JACOBIAN}
            found = medians(runs, rounds)
            equal = found.pop("equal")
            for name, seconds in found.items():
                allowed = others.get(name, bar)
                kept.append(report(f"{name}, {label}, {tasks} tasks / equal weights", seconds / equal, "<=", allowed))
    return all(kept)


if __name__ == "__main__":
    sys.exit(not main(*[int(argument) for argument in sys.argv[1:2]] or [25]))
