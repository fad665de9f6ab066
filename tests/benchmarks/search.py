"""Search over 10,000 variants of the bank's questions: the slowest of the usual queries, one character to a phrase.

python tests/benchmarks/search.py [QUESTIONS]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

import msgspec
from _report import report

from quizzes.bank import Bank, load
from quizzes.question import Question, Text
from quizzes.search import Index

QUERIES = (
    "的",
    "a",
    "梯度",
    "共享底层",
    "转化率 稀疏",
    "gradient",
    "mmoe gate",
    "PLE 专家",
    "calib",
    "不存在的词",
    "样本空间 click 损失",
)
BAR = 50.0
REPEATS = 5


def variants(count: int) -> Iterator[Question]:
    """Real questions, each variant with a number of its own and the short answer of another question."""
    questions = list(load().questions.values())
    chance = random.Random(0)
    for n in range(count):
        question, other = questions[n % len(questions)], chance.choice(questions)
        stem = Text(f"{question.stem.zh}（第 {n} 种）", f"{question.stem.en} (variant {n})")
        yield msgspec.structs.replace(question, id=f"{question.id}-{n}", stem=stem, say=other.say, facts=other.facts)


def main(count: int = 10_000) -> bool:
    """Print milliseconds a query against the bar; the details are the time to read them and the usual query."""
    index = Index(Bank({question.id: question for question in variants(count)}, topics=load().topics))
    began = time.perf_counter()
    index.read()
    read = time.perf_counter() - began
    times = []
    for query in QUERIES:
        rounds = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            index.find(query)
            rounds.append((time.perf_counter() - began) * 1000)
        times.append(min(rounds))
    times.sort()
    return report(
        f"slowest of {len(QUERIES)} queries over {count:,} questions, ms",
        times[-1],
        "<=",
        BAR,
        median_ms=times[len(times) // 2],
        read_s=read,
    )


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:])))
