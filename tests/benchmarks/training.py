"""CPU time of an epoch: our step, with its events, against hand-written and autograd steps and against peers.

50,000 rows of 8 columns of 1,000 ids (dim 8) and 8 numbers, 2 binary tasks, one thread. Every round runs an epoch of
each; ours and the references take turns every 20 steps. The ratios are of medians. The peers need
`pip install -e '.[bench]'` and are left out, with a line that says so, where they are not there.

python tests/benchmarks/training.py [ROUNDS [ROWS]]
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import torch
from _report import report
from references import autograd, hand
from references.workload import BOTTOM, EXPERTS, LEARNING_RATE, ROWS, TOWER, rows

from models.catalogue.networks import Mmoe, Network, Ple, SharedBottom
from models.catalogue.tasks import Uniform
from models.events import Text
from models.recipe import Recipe, Training
from models.training.run import Run

Epoch = Callable[[], Iterator[None]]
"""Trains an epoch, and yields now and then so that another may have its turn."""
OURS: dict[str, Network] = {
    "shared bottom": SharedBottom(hidden=BOTTOM, tower=(TOWER,)),
    "MMoE": Mmoe(experts=EXPERTS, expert=BOTTOM, tower=(TOWER,)),
    "PLE": Ple(levels=2, own=2, shared=2, expert=BOTTOM, tower=(TOWER,)),
}
HAND = {"shared bottom": hand.SharedBottom, "MMoE": hand.Mmoe}
LOOPS = {"shared bottom": autograd.SharedBottom, "MMoE": autograd.Mmoe, "PLE": autograd.Ple}
TURN = 20
HAND_BAR = 1.15
LOOP_BARS = {
    ("shared bottom", 256): 0.55,
    ("MMoE", 256): 0.70,
    ("shared bottom", 2048): 0.70,
    ("MMoE", 2048): 0.95,
    ("PLE", 256): 0.85,
}
README_BARS = {("shared bottom", 256): 8.0, ("MMoE", 256): 6.0}


def ours(network: str, batch: int, count: int) -> Epoch:
    """An epoch by a run of the program, its losses sent every 20 steps or so as the worker does."""
    steps = count // batch
    recipe = Recipe(
        Uniform(train=count, test=5_000),
        OURS[network],
        training=Training(steps=1_000_000, batch=batch, learning_rate=LEARNING_RATE, evaluations=2),
    )
    run = Run([("A", Text("", ""), "", recipe)], 0, "")

    def epoch() -> Iterator[None]:
        left = steps
        while left:
            before = run.now
            run.advance(min(left, TURN))
            run.flush()
            left -= run.now - before
            yield

    return epoch


def stepped(step: Callable[[torch.Tensor], None], batch: int, count: int) -> Epoch:
    """An epoch of permuted rows, the last incomplete batch dropped."""

    def epoch() -> Iterator[None]:
        for number, at in enumerate(torch.randperm(count).split(batch)[: count // batch], start=1):
            step(at)
            if number % TURN == 0:
                yield

    return epoch


def whole(train: Callable[[], object]) -> Epoch:
    """An epoch that cannot be interrupted."""

    def epoch() -> Iterator[None]:
        train()
        yield

    return epoch


def medians(epochs: dict[str, Epoch], rounds: int) -> dict[str, float]:
    """CPU seconds of an epoch of each, in turns; the first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in epochs}
    for turn in range(rounds + 1):
        waiting, spent = {name: epoch() for name, epoch in epochs.items()}, dict.fromkeys(epochs, 0.0)
        while waiting:
            for name in list(waiting):
                begun = time.process_time()
                if next(waiting[name], waiting) is waiting:
                    del waiting[name]
                spent[name] += time.process_time() - begun
        if turn:
            for name, each in spent.items():
                seconds[name].append(each)
    return {name: statistics.median(each) for name, each in seconds.items()}


def main(rounds: int = 7, count: int = ROWS) -> bool:
    """Measure every pair that has a bar."""
    torch.set_num_threads(1)
    data, kept = rows(count), []
    try:
        from references import peers
    except ImportError as error:
        print(f"Peers are left out: {error}; pip install -e '.[bench]' installs them.", file=sys.stderr)
        peers = None
    for network in HAND:
        hand.check(HAND[network](data), autograd.Loop(LOOPS[network](2), data))
    for (network, batch), bar in LOOP_BARS.items():
        epochs = {
            "ours": ours(network, batch, count),
            "autograd": stepped(autograd.Loop(LOOPS[network](2), data).step, batch, count),
        }
        if network in HAND:
            epochs["hand"] = stepped(HAND[network](data).step, batch, count)
        if peers is not None and network in HAND:
            epochs["rechub README"] = whole(peers.rechub_readme(network, batch, data))
            epochs["rechub best"] = whole(peers.rechub_best(network, batch, data))
            epochs["deepctr README"] = whole(peers.deepctr_readme(network, batch, data))
            epochs["deepctr best"] = whole(peers.deepctr_best(network, batch, data))
        gc.collect()
        gc.freeze()  # what the peers have loaded is not collected again and again in the steps of the others
        found = medians(epochs, rounds)
        name, mine = f"{network} {batch}", found["ours"]
        speed = count // batch * batch / mine
        kept.append(report(f"{name} / autograd loop", mine / found["autograd"], "<=", bar, samples_per_second=speed))
        if "hand" in found:
            kept.append(report(f"{name} / hand-written step", mine / found["hand"], "<=", HAND_BAR))
        for peer in (each for each in found if "README" in each or "best" in each):
            at_least = README_BARS.get((network, batch), 1.0) if "README" in peer else 1.0
            kept.append(report(f"{peer} / {name}", found[peer] / mine, ">=", at_least))
    return all(kept)


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
