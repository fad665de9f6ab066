"""The pairing on the divisor of a masked loss. Ranges are over 40 runs, seeds 0 to 19 and 100 to 119."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_AUC = Text("AUC", "AUC")

DIVISOR = Pairing(
    id="mask-divisor",
    title=Text("掩码损失该除以什么", "What a masked loss is divided by"),
    watch=Text("任务 2 的 AUC，5 % 的行有标签", "AUC of task 2, 5 % of rows labelled"),
    expected=Text(
        "除以批大小的一组，SGD 下最后落后 0.05 以上；Adam 下只是开头慢，最后看不出差别。",
        "Dividing by the batch ends 0.05 or more behind under SGD; under Adam it only starts slower and catches up.",
    ),
    arms=(
        PairingArm("A", Text("SGD 除以标签数", "SGD, labelled"), "sparse-labels-sgd"),
        PairingArm("B", Text("SGD 除以批大小", "SGD, batch"), "sparse-labels-sgd-batch"),
        PairingArm("C", Text("Adam 除以标签数", "Adam, labelled"), "sparse-labels-adam"),
        PairingArm("D", Text("Adam 除以批大小", "Adam, batch"), "sparse-labels-adam-batch"),
    ),
    readings=(
        Reading("A", "auc", "sparse", _AUC, (0.787, 0.849)),
        Reading("B", "auc", "sparse", _AUC, (0.598, 0.767)),
        Reading("C", "auc", "sparse", _AUC, (0.793, 0.851)),
        Reading("D", "auc", "sparse", _AUC, (0.802, 0.849)),
    ),
    checks=(Check("difference", 0, 1, low=0.05), Check("difference", 2, 3, low=-0.05, high=0.05)),
    charts=(Chart("auc", "sparse"), Chart("auc", "dense")),
    shown=(40, 40),
)

PAIRINGS = (DIVISOR,)
