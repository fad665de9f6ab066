"""Pairings on reviews of garments, as vectors of a small text model. Ranges are over 20 runs, seeds 0 to 19."""

from __future__ import annotations

from models.events import Text
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading

_AUC = Text("推荐 AUC", "AUC recommended")

TEXT_OR_TABLE = Pairing(
    id="text-or-table",
    title=Text("评论文本，还是表格列", "The text of a review, or the table"),
    watch=Text("是否推荐的 AUC", "AUC of recommended"),
    expected=Text(
        "冻结的文本向量远胜表格列，200 条标签也一样；但评论和结论写在一起，这就是泄漏。",
        "Text far outdoes the table, with 200 labels too; but it was written with the verdict, which is leakage.",
    ),
    arms=(
        PairingArm("A", Text("文本", "text"), "reviews-text"),
        PairingArm("B", Text("表格列", "table"), "reviews-table"),
        PairingArm("C", Text("文本，200 条", "text, 200"), "reviews-text-200"),
        PairingArm("D", Text("表格列，200 条", "table, 200"), "reviews-table-200"),
    ),
    readings=(
        Reading("A", "auc", "recommended", _AUC, (0.911, 0.926)),
        Reading("B", "auc", "recommended", _AUC, (0.522, 0.556)),
        Reading("C", "auc", "recommended", _AUC, (0.787, 0.855)),
        Reading("D", "auc", "recommended", _AUC, (0.488, 0.539)),
    ),
    checks=(Check("difference", 0, 1, low=0.2), Check("difference", 2, 3, low=0.2)),
    charts=(Chart("auc", "recommended"),),
    shown=(20, 20),
)

FIFTY_LABELS = Pairing(
    id="fifty-labels",
    title=Text("50 条标签，借 18,000 条评分", "Fifty labels and 18,000 ratings"),
    watch=Text("是否推荐的 AUC", "AUC of recommended"),
    expected=Text(
        "加评分一起训比单独训高 0.05 以上；评分打乱之后，这份好处就没有了。",
        "With ratings as a second task the AUC is 0.05 or more above training alone; shuffled, they bring no gain.",
    ),
    arms=(
        PairingArm("A", Text("单独训", "alone"), "reviews-50-alone"),
        PairingArm("B", Text("加评分", "with ratings"), "reviews-50-ratings"),
        PairingArm("C", Text("加打乱的评分", "shuffled"), "reviews-50-shuffled"),
    ),
    readings=(
        Reading("A", "auc", "recommended", _AUC, (0.6, 0.766)),
        Reading("B", "auc", "recommended", _AUC, (0.871, 0.917)),
        Reading("C", "auc", "recommended", _AUC, (0.622, 0.8)),
    ),
    checks=(Check("difference", 1, 0, low=0.05), Check("difference", 1, 2, low=0.05)),
    charts=(Chart("auc", "recommended"),),
    shown=(20, 20),
)

PAIRINGS = (TEXT_OR_TABLE, FIFTY_LABELS)
