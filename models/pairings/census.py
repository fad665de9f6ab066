"""Pairings on the census data. Ranges are over 40 runs, seeds 0 to 19 and 100 to 119."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_INCOME, _MARRIED = Text("收入 AUC", "AUC income"), Text("从未结婚 AUC", "AUC never married")

HALF_THE_PARAMETERS = Pairing(
    id="half-the-parameters",
    title=Text("参数少一半，打成平手", "Half the parameters, a draw"),
    watch=Text("两个任务的 AUC", "AUC of both tasks"),
    expected=Text(
        "两个任务的 AUC 都相差不到 0.005，共享底座的参数却只有 3,602 个，两个网络有 7,170 个。",
        "AUCs differ by less than 0.005 on both tasks, yet the shared bottom has 3,602 parameters, two networks 7,170.",
    ),
    arms=(
        PairingArm("A", Text("共享底座", "shared bottom"), "adult-shared-bottom"),
        PairingArm("B", Text("两个网络", "two networks"), "adult-single"),
    ),
    readings=(
        Reading("A", "auc", "income", _INCOME, (0.854, 0.885)),
        Reading("B", "auc", "income", _INCOME, (0.855, 0.886)),
        Reading("A", "auc", "never-married", _MARRIED, (0.859, 0.886)),
        Reading("B", "auc", "never-married", _MARRIED, (0.859, 0.886)),
    ),
    checks=(Check("difference", 0, 1, low=-0.005, high=0.005), Check("difference", 2, 3, low=-0.005, high=0.005)),
    charts=(Chart("auc", "income"), Chart("auc", "never-married")),
    shown=(39, 40),
)

PAIRINGS = (HALF_THE_PARAMETERS,)
