"""Pairings on how an input is given. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_AUC = Text("AUC", "AUC")
_INCOME, _MARRIED = Text("收入 AUC", "AUC income"), Text("从未结婚 AUC", "AUC never married")
_COLD, _WARM = Text("新物品 AUC", "AUC on cold items"), Text("老物品 AUC", "AUC on warm items")

IDS_AS_NUMBERS = Pairing(
    id="ids-as-numbers",
    title=Text("把 id 当成数值", "An id read as a number"),
    watch=Text("点击的 AUC", "AUC of the click"),
    expected=Text(
        "A 的 AUC 升到 0.8 附近；B 把同一个 id 当数值用，停在 0.5 多一点。",
        "A reaches an AUC of about 0.8; B reads the same id as a number and stays little above 0.5.",
    ),
    arms=(
        PairingArm("A", Text("查 embedding", "embedding"), "many-ids-embedding"),
        PairingArm("B", Text("当成数值", "as a number"), "many-ids-number"),
    ),
    readings=(
        Reading("A", "auc", "click", _AUC, (0.777, 0.817)),
        Reading("B", "auc", "click", _AUC, (0.514, 0.563)),
    ),
    checks=(Check("difference", 0, 1, low=0.1), Check("value", 1, high=0.6)),
    charts=(Chart("auc", "click"), Chart("log_loss", "click")),
    shown=(20, 20),
)

RAW_COLUMNS = Pairing(
    id="raw-columns",
    title=Text("没有标准化的数值列", "Numeric columns left raw"),
    watch=Text("收入的 AUC", "AUC of the income task"),
    expected=Text(
        "标准化之后收入 AUC 到 0.84 附近；同样六列原样输入，停在 0.65 以下。",
        "Standardised, the AUC of income reaches about 0.84; with the same six columns raw it stays below 0.65.",
    ),
    arms=(
        PairingArm("A", Text("标准化", "standardised"), "adult-standardised"),
        PairingArm("B", Text("原样", "raw"), "adult-raw"),
    ),
    readings=(
        Reading("A", "auc", "income", _INCOME, (0.832, 0.858)),
        Reading("B", "auc", "income", _INCOME, (0.498, 0.629)),
        Reading("A", "auc", "never-married", _MARRIED, (0.851, 0.876), large=False),
        Reading("B", "auc", "never-married", _MARRIED, (0.495, 0.721), large=False),
    ),
    checks=(Check("difference", 0, 1, low=0.1), Check("difference", 2, 3, low=0.05)),
    charts=(Chart("auc", "income"), Chart("auc", "never-married")),
    shown=(20, 20),
)

COLD_ITEMS = Pairing(
    id="cold-items",
    title=Text("新物品：id 还是文本", "Cold items: by id or by text"),
    watch=Text("新物品的 AUC", "AUC on cold items"),
    expected=Text(
        "新物品上 id 停在 0.5，文本到 0.8 附近；老物品上两者几乎一样好。",
        "On cold items the id stays at 0.5, the text reaches about 0.8; on warm items the two are as good as equal.",
    ),
    arms=(
        PairingArm("A", Text("新物品，id", "cold, id"), "cold-items-id"),
        PairingArm("B", Text("新物品，文本", "cold, text"), "cold-items-text"),
        PairingArm("C", Text("老物品，id", "warm, id"), "warm-items-id"),
        PairingArm("D", Text("老物品，文本", "warm, text"), "warm-items-text"),
    ),
    readings=(
        Reading("A", "auc", "click", _COLD, (0.477, 0.578)),
        Reading("B", "auc", "click", _COLD, (0.767, 0.829)),
        Reading("C", "auc", "click", _WARM, (0.802, 0.832)),
        Reading("D", "auc", "click", _WARM, (0.784, 0.827)),
    ),
    checks=(
        Check("value", 0, low=0.4, high=0.6),
        Check("difference", 1, 0, low=0.1),
        Check("difference", 3, 2, low=-0.05, high=0.05),
    ),
    charts=(Chart("auc", "click"),),
    shown=(20, 20),
)

PAIRINGS = (IDS_AS_NUMBERS, RAW_COLUMNS, COLD_ITEMS)
