"""CPU of gradient balancing, from the Gramian to the weights, against TorchJD's weightings on the same Gramians.

Of 2, 4 and 8 tasks, well-scaled. TorchJD's UPGrad, CAGrad, FairGrad and Nash-MTL need more packages ("torchjd[full]"):
without them these are left out. Its Nash-MTL wants the gradients themselves; they are given as a root of the Gramian.

python tests/benchmarks/solvers.py [ROUNDS [NAME...]]
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence

import torch
from _report import report
from torch import Tensor
from torchjd import aggregation as torchjd

from models import catalogue
from models.catalogue import weighting as rows

TASKS = (2, 4, 8)
GRAMIANS = 20
BAR = 1.0
Solver = Callable[[Tensor], object]

PEERS: dict[str, tuple[rows.Weighting, Callable[[int], Solver]]] = {
    "mgda": (rows.Mgda(), lambda _: torchjd.MGDAWeighting()),
    "pcgrad": (rows.Pcgrad(), lambda _: torchjd.PCGradWeighting()),
    "gradvac": (rows.GradVac(), lambda _: torchjd.GradVacWeighting(0.01)),
    "imtl-g": (rows.ImtlG(), lambda _: torchjd.IMTLGWeighting()),
    "aligned": (rows.AlignedMtl(), lambda _: torchjd.AlignedMTLWeighting()),
    "upgrad": (rows.Upgrad(), lambda _: torchjd.UPGradWeighting()),
    "cagrad": (rows.Cagrad(), lambda _: torchjd.CAGradWeighting(0.5)),
    "fairgrad": (rows.FairGrad(), lambda _: torchjd.FairGradWeighting(2.0)),
    "nash": (rows.NashMtl(), lambda tasks: torchjd.NashMTL(tasks).weighting),
}


def ours(row: rows.Weighting, tasks: int) -> Solver:
    """The weighting as a run builds it, of one replica."""
    binary = torch.ones(tasks, dtype=torch.bool)
    weighting = catalogue.builder(row)(row, 1, binary, [torch.Generator().manual_seed(0)])
    losses = torch.ones(1, tasks)
    return lambda gramian: weighting.weights(losses, gramian)


def microseconds(solver: Solver, inputs: Sequence[Tensor]) -> float:
    """CPU time of one call, the mean over the inputs."""
    begun = time.process_time()
    for each in inputs:
        solver(each)
    return (time.process_time() - begun) * 1e6 / len(inputs)


def compare(name: str, tasks: int, rounds: int) -> bool:
    """Alternate the two and print the ratio of the medians. Raises ImportError if the peer lacks a package."""
    row, peer = PEERS[name]
    mine, theirs = ours(row, tasks), peer(tasks)
    draw = torch.Generator().manual_seed(0)
    jacobians = [torch.randn(tasks, tasks + 3, dtype=torch.float64, generator=draw) for _ in range(GRAMIANS)]
    gramians = [jacobian @ jacobian.T for jacobian in jacobians]
    batches = [gramian[None] for gramian in gramians]
    wanted = jacobians if name == "nash" else gramians
    microseconds(mine, batches), microseconds(theirs, wanted)
    times = [(microseconds(mine, batches), microseconds(theirs, wanted)) for _ in range(rounds)]
    us, torchjd_us = map(statistics.median, zip(*times, strict=True))
    return report(f"{name} of {tasks} tasks / TorchJD's", us / torchjd_us, "<=", BAR, ours_us=us, torchjd_us=torchjd_us)


def main(rounds: int, names: Sequence[str]) -> bool:
    """Compare the named ones, or all whose peer is whole."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    kept = []
    for name in names or PEERS:
        try:
            kept += [compare(name, tasks, rounds) for tasks in TASKS]
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    return all(kept)


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 15, sys.argv[2:]))
