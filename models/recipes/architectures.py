"""Recipes that try the architectures of the papers, each on data that fits it."""

from __future__ import annotations

from models.catalogue.networks import Aitm, Cgc, CrossStitch, DSelectK, Escm2, MetaHeac, PepNet, Ple, Stem
from models.catalogue.tasks import Impressions, Reviews, Sines, Teachers, Uniform
from models.events import Text
from models.recipe import Recipe, Training

_TEACHERS = Training(steps=800, batch=128, learning_rate=0.005)
_IDS = Training(steps=600, batch=256, learning_rate=0.005, evaluations=21)
_IMPRESSIONS = Training(steps=800, batch=512, learning_rate=0.003, evaluations=21, probes=("calibration_on_clicks",))
_FEW_IDS = Uniform(train=20_000, vocabulary=100)

RECIPES: dict[str, tuple[Text, Recipe]] = {
    "teachers-cross-stitch": (
        Text(
            "一半单元共有的两个回归，cross-stitch 网络", "two regressions with half their units in common, cross-stitch"
        ),
        Recipe(Teachers(), CrossStitch(hidden=(16, 8)), training=_TEACHERS),
    ),
    "teachers-cgc": (
        Text("一半单元共有的两个回归，专属专家和共享专家（CGC）", "two regressions, own and shared experts (CGC)"),
        Recipe(Teachers(), Cgc(), training=_TEACHERS),
    ),
    "teachers-ple": (
        Text("一半单元共有的两个回归，两层专家（PLE）", "two regressions, two levels of experts (PLE)"),
        Recipe(Teachers(), Ple(), training=_TEACHERS),
    ),
    "sines-dselect-k": (
        Text("正弦任务，每个任务最多选两个专家（DSelect-k）", "sines, each task picks at most two experts (DSelect-k)"),
        Recipe(Sines(), DSelectK(), training=Training(steps=800, batch=128, learning_rate=0.01, schedule="cosine")),
    ),
    "ids-stem": (
        Text(
            "八列编号，每个任务一张 embedding 表（STEM）", "eight columns of ids, a table of embeddings per task (STEM)"
        ),
        Recipe(_FEW_IDS, Stem(), training=_IDS),
    ),
    "ids-metaheac": (
        Text("八列编号、六个任务，专家和塔全部共享（MetaHeac）", "ids and six tasks, all towers shared (MetaHeac)"),
        Recipe(Uniform(train=20_000, vocabulary=100, tasks=6), MetaHeac(), training=_IDS),
    ),
    "reviews-pepnet": (
        Text("服装评论，按品类和年龄调节每一层（PEPNet）", "reviews, every layer scaled by kind and age (PEPNet)"),
        Recipe(
            Reviews(tasks=("recommended", "rating")),
            PepNet(prior=("kind", "age")),
            training=Training(steps=600, batch=128, learning_rate=0.003),
        ),
    ),
    "impressions-escm2-ipw": (
        Text("模拟曝光，ESCM²，按逆倾向加权（IPW）", "impressions, ESCM² with inverse propensities (IPW)"),
        Recipe(Impressions(), Escm2(), training=_IMPRESSIONS),
    ),
    "impressions-escm2-dr": (
        Text("模拟曝光，ESCM²，双重稳健（DR）", "impressions, ESCM², doubly robust (DR)"),
        Recipe(Impressions(), Escm2(risk="dr"), training=_IMPRESSIONS),
    ),
    "impressions-aitm": (
        Text("模拟曝光，点击的信息传给转化（AITM）", "impressions, what click knows passed on to conversion (AITM)"),
        Recipe(Impressions(), Aitm(), training=_IMPRESSIONS),
    ),
}
