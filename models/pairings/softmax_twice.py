"""Pairings on softmax applied twice. Ranges are over 40 runs, seeds 0 to 19 and 100 to 119."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_ONCE, _TWICE = Text("softmax 一次", "softmax once"), Text("softmax 两次", "softmax twice")
_LOSS, _ACCURACY = Text("损失", "loss"), Text("准确率", "accuracy")

FLOOR = Pairing(
    id="softmax-twice-floor",
    title=Text("softmax 做了两次，损失有了下界", "Softmax twice puts a floor under the loss"),
    watch=Text("第一位的测试损失", "test loss of the first bit"),
    expected=Text(
        "两组的准确率都到 1.0，做两次的损失却停在 0.33 左右，降不到 0.3133 以下。",
        "Accuracy reaches 1.0 in both, yet with softmax twice the loss stops near 0.33, above its floor of 0.3133.",
    ),
    arms=(PairingArm("A", _ONCE, "softmax-once"), PairingArm("B", _TWICE, "softmax-twice")),
    readings=(
        Reading("A", "loss", "first", _LOSS, (0.017, 0.025)),
        Reading("B", "loss", "first", _LOSS, (0.330, 0.337)),
        Reading("A", "accuracy", "first", _ACCURACY, (1.0, 1.0), large=False),
        Reading("B", "accuracy", "first", _ACCURACY, (1.0, 1.0), large=False),
    ),
    checks=(
        Check("value", 0, high=0.1),
        Check("value", 1, low=0.3132),
        Check("value", 2, low=0.99),
        Check("value", 3, low=0.99),
    ),
    charts=(Chart("loss", "first"), Chart("accuracy", "first")),
    shown=(40, 40),
)

STUCK = Pairing(
    id="softmax-twice-stuck",
    title=Text("softmax 做了两次，判错了出不来", "Softmax twice, stuck in a wrong start"),
    watch=Text("第一位的准确率，从判错的偏置出发", "accuracy of the first bit, biases wrong"),
    expected=Text(
        "做一次的升到 1.0 附近；做两次的，梯度几乎是 0，一直停在 0.5 左右。",
        "With softmax once it gets close to 1.0; twice leaves hardly any gradient, and it stays near 0.5.",
    ),
    arms=(
        PairingArm("A", _ONCE, "softmax-once-wrong-start"),
        PairingArm("B", _TWICE, "softmax-twice-wrong-start"),
    ),
    readings=(
        Reading("A", "accuracy", "first", _ACCURACY, (0.994, 1.0)),
        Reading("B", "accuracy", "first", _ACCURACY, (0.457, 0.543)),
    ),
    checks=(Check("value", 0, low=0.95), Check("value", 1, high=0.6)),
    charts=(Chart("accuracy", "first"), Chart("accuracy", "second"), Chart("loss", "first")),
    shown=(40, 40),
)

PAIRINGS = (FLOOR, STUCK)
