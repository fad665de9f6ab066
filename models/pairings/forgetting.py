"""The pairing on tasks that are trained one after the other. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ERROR = Text("任务 1 的误差", "error of task 1")
_BEST = Text("任务 1 最低点", "task 1 best at")

FORGETTING = Pairing(
    id="one-after-the-other",
    title=Text("先训一个任务再训另一个，会忘", "One task after the other: forgotten"),
    watch=_ERROR,
    expected=Text(
        "前一半 B 的任务 1 和 A 一样好；换成任务 2 之后掉头往上，最后是 A 的 1.5 倍以上。",
        "For half the run task 1 does as well in B as in A; then it turns up and ends 1.5 times A's or more.",
    ),
    arms=(
        PairingArm("A", Text("一起训", "together"), "teachers-together"),
        PairingArm("B", Text("先 1 后 2", "1, then 2"), "teachers-one-after-the-other"),
    ),
    readings=(
        Reading("A", "mse", "task-1", _ERROR, (0.099, 0.155)),
        Reading("B", "mse", "task-1", _ERROR, (0.436, 1.47)),
        Reading("B", "best_point", "task-1", _BEST, (0.3, 0.5), ".1%", large=False),
    ),
    checks=(Check("ratio", 1, 0, low=1.5), Check("value", 2, high=0.5)),
    charts=(Chart("mse", "task-1"), Chart("mse", "task-2")),
    shown=(20, 20),
)

PAIRINGS = (FORGETTING,)
