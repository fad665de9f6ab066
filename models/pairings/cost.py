"""The pairing on what several tasks cost. Ranges are over 20 runs, seeds 0 to 19, on one thread.

Times depend on the machine and have no range.
"""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_TIME = Text("每步毫秒", "ms per step")
_PARAMETERS = Text("参数", "parameters")

COST = Pairing(
    id="heads-or-networks",
    title=Text("一个网络 K 个头，还是 K 个网络", "One network with K heads, or K networks"),
    watch=Text("每步毫秒，两个任务和八个任务", "ms per step, for two tasks and for eight"),
    expected=Text(
        "各用一个网络：两个任务时参数 1.98 倍，耗时 1.2 倍以上；八个任务时 7.48 倍和 2.5 倍以上。",
        "A network each: two tasks cost 1.98 times the parameters and 1.2 times the time or more, eight 7.48 and 2.5.",
    ),
    arms=(
        PairingArm("A", Text("两任务一网络", "2 tasks, one"), "two-heads"),
        PairingArm("B", Text("两任务两网络", "2 tasks, two"), "two-networks"),
        PairingArm("C", Text("八任务一网络", "8 tasks, one"), "eight-heads"),
        PairingArm("D", Text("八任务八网络", "8 tasks, eight"), "eight-networks"),
    ),
    readings=(
        Reading("A", "step_time", None, _TIME, None, ".2f"),
        Reading("B", "step_time", None, _TIME, None, ".2f"),
        Reading("C", "step_time", None, _TIME, None, ".2f"),
        Reading("D", "step_time", None, _TIME, None, ".2f"),
        Reading("A", "parameters", None, _PARAMETERS, (106_882.0, 106_882.0), ",.0f", large=False),
        Reading("B", "parameters", None, _PARAMETERS, (211_650.0, 211_650.0), ",.0f", large=False),
        Reading("C", "parameters", None, _PARAMETERS, (113_224.0, 113_224.0), ",.0f", large=False),
        Reading("D", "parameters", None, _PARAMETERS, (846_600.0, 846_600.0), ",.0f", large=False),
    ),
    checks=(
        Check("ratio", 5, 4, low=1.97, high=1.99),
        Check("ratio", 7, 6, low=7.47, high=7.49),
        Check("ratio", 1, 0, low=1.2),
        Check("ratio", 3, 2, low=2.5),
    ),
    charts=(Chart("step_time", None), Chart("train", "task-1")),
    shown=(20, 20),
)

PAIRINGS = (COST,)
