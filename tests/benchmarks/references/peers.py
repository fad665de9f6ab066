"""torch-rechub and deepctr-torch on the workload: an epoch as their READMEs train, and at their best.

Raises ImportError where they are not installed (`pip install -e '.[bench]'`).
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Callable
from unittest import mock

import numpy as np
import torch
from torch import Tensor, nn

from references.workload import BOTTOM, EMBEDDING, EXPERTS, FIELDS, LEARNING_RATE, NUMBERS, TOWER, VOCABULARY, Rows

os.environ.setdefault("TQDM_DISABLE", "1")
running = set(threading.enumerate())
# deepctr-torch asks the network for its newest version, in a thread, and prints that it could not.
with (
    warnings.catch_warnings(),
    contextlib.redirect_stdout(io.StringIO()),
    mock.patch("requests.get", side_effect=OSError),
):
    warnings.simplefilter("ignore")
    from deepctr_torch import models as deepctr
    from deepctr_torch.inputs import DenseFeat, SparseFeat
    from torch_rechub.basic.features import DenseFeature, SparseFeature
    from torch_rechub.models import multi_task as rechub
    from torch_rechub.trainers import MTLTrainer
    from torch_rechub.utils.data import DataGenerator

    for thread in set(threading.enumerate()) - running:
        thread.join()

Epoch = Callable[[], object]


def columns(rows: Rows) -> dict[str, np.ndarray]:
    """A column each, as both want them."""
    own = rows.ids - torch.arange(FIELDS) * VOCABULARY
    return {f"c{i}": own[:, i].numpy() for i in range(FIELDS)} | {
        f"n{i}": rows.numbers[:, i].numpy() for i in range(NUMBERS)
    }


def _rechub_model(network: str, tasks: int) -> nn.Module:
    features = [SparseFeature(f"c{i}", vocab_size=VOCABULARY, embed_dim=EMBEDDING) for i in range(FIELDS)]
    features += [DenseFeature(f"n{i}") for i in range(NUMBERS)]
    kinds, tower = ["classification"] * tasks, [{"dims": [TOWER], "dropout": 0.0}] * tasks
    trunk = {"dims": list(BOTTOM), "dropout": 0.0}
    model: nn.Module = (
        rechub.SharedBottom(features, kinds, trunk, tower)
        if network == "shared bottom"
        else rechub.MMOE(features, kinds, EXPERTS, trunk, tower)
    )
    return model


def rechub_readme(network: str, batch: int, rows: Rows) -> Epoch:
    """DataGenerator and MTLTrainer, as in the README and the examples."""
    x, y = columns(rows), rows.labels.numpy()
    few = {name: column[:100] for name, column in x.items()}
    loader, *_ = DataGenerator(x, y).generate_dataloader(
        x_val=few, y_val=y[:100], x_test=few, y_test=y[:100], batch_size=batch
    )
    tasks = y.shape[1]
    trainer = MTLTrainer(
        _rechub_model(network, tasks), ["classification"] * tasks, optimizer_params={"lr": LEARNING_RATE}, n_epoch=1
    )

    def epoch() -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            trainer.train_one_epoch(loader)

    return epoch


def rechub_best(network: str, batch: int, rows: Rows) -> Epoch:
    """The same model fed from tensors in memory, no loader, fused Adam."""
    x = {name: torch.from_numpy(column) for name, column in columns(rows).items()}
    return _loop(_rechub_model(network, rows.labels.shape[1]), lambda at: {k: v[at] for k, v in x.items()}, batch, rows)


def _deepctr_model(network: str, tasks: int) -> nn.Module:
    columns: list[object] = [SparseFeat(f"c{i}", VOCABULARY, EMBEDDING) for i in range(FIELDS)]
    columns += [DenseFeat(f"n{i}", 1) for i in range(NUMBERS)]
    names = [f"task{i}" for i in range(tasks)]
    common = {"task_types": ["binary"] * tasks, "task_names": names, "tower_dnn_hidden_units": (TOWER,)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model: nn.Module = (
            deepctr.SharedBottom(columns, bottom_dnn_hidden_units=BOTTOM, **common)
            if network == "shared bottom"
            else deepctr.MMOE(columns, EXPERTS, BOTTOM, gate_dnn_hidden_units=(), **common)
        )
    return model


def deepctr_readme(network: str, batch: int, rows: Rows) -> Epoch:
    """compile and fit with a metric and a line an epoch, as in the multi-task example."""
    model, x, y = _deepctr_model(network, rows.labels.shape[1]), columns(rows), rows.labels.numpy()
    model.compile(
        torch.optim.Adam(model.parameters(), LEARNING_RATE),
        loss=["binary_crossentropy"] * y.shape[1],
        metrics=["binary_crossentropy"],
    )

    def epoch() -> None:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            model.fit(x, y, batch_size=batch, epochs=1, verbose=2)

    return epoch


def deepctr_best(network: str, batch: int, rows: Rows) -> Epoch:
    """The same model fed from one tensor in memory, no loader, fused Adam."""
    model = _deepctr_model(network, rows.labels.shape[1])
    table = torch.stack([torch.from_numpy(column).float() for column in columns(rows).values()], dim=1)
    return _loop(model, lambda at: table[at], batch, rows)


def _loop(model: nn.Module, take: Callable[[Tensor], object], batch: int, rows: Rows) -> Epoch:
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    loss_of = nn.BCELoss()

    def epoch() -> None:
        model.train()
        for at in torch.randperm(len(rows.labels)).split(batch)[: len(rows.labels) // batch]:
            optimizer.zero_grad()
            loss_of(model(take(at)), rows.labels[at]).backward()
            optimizer.step()

    return epoch
