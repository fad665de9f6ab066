"""How the program's own questions are written: blanks, punctuation and quotes beside Han. Another's bank may differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from quizzes.faults import Fault, Place
from quizzes.question import Text

Rule = tuple[str, str, str]
_HAN = "[一-鿿]"


def _rule(pattern: str, zh: str, en: str) -> Rule:
    return pattern.replace("汉", _HAN), zh, en


_BOTH = [
    _rule(r"^\s|\s$", "首尾有空白，多行文本用 >- 或 |-", "a blank at the start or end; write block text with >- or |-"),
    _rule(r"\d%", "百分号前缺一个空格", "a blank is missing before the per-cent sign"),
]
_CHINESE = [
    *_BOTH,
    _rule(r"汉[\da-zA-Z]|[\da-zA-Z]汉", "汉字与字母、数字之间缺一个空格", "a blank is missing beside Latin or digits"),
    _rule(
        r"汉 ?[,;:!?]|[,;:!?] ?汉|汉\.(?:\s|汉|$)|汉\(",
        "汉字旁边用了半角标点，换成全角",
        "half-width punctuation beside Han",
    ),
    _rule(r"""汉["']|["']汉|[「」『』]""", "引号要用 “ ”", "quotes are written “ ”"),
    _rule(r"汉\s+汉", "汉字之间有空白，可能是 YAML 折行带进来的", "a blank between Han, perhaps from folding in YAML"),
]
_ENGLISH_SENTENCE = r"(?:\b[A-Za-z]{2,} ){2}[A-Za-z]{2,}\b"


def typography(entry: Any, place: Place = ()) -> Iterator[Fault]:
    """Faults of the words in every `{zh, en}` below a question as YAML gave it; they leave no question out."""
    if isinstance(entry, list):
        for index, value in enumerate(entry):
            yield from typography(value, (*place, index))
    elif isinstance(entry, dict) and entry.keys() == {"zh", "en"} and isinstance(entry["zh"], str):
        for language, rules in [("zh", _CHINESE), ("en", _BOTH)]:
            for rule, zh, en in rules:
                if match := re.search(rule, entry[language]):
                    around = entry[language][max(0, match.start() - 6) : match.end() + 6].strip()
                    yield Fault((*place, language), Text(zh=f"「{around}」：{zh}。", en=f'"{around}": {en}.'))
        if not re.search(_HAN, entry["zh"]) and re.search(_ENGLISH_SENTENCE, entry["zh"]):
            message = Text(
                zh="中文里没有汉字，写成中文。", en="the Chinese text has no Han characters; write it in Chinese."
            )
            yield Fault((*place, "zh"), message)
    elif isinstance(entry, dict):
        for name, value in entry.items():
            yield from typography(value, (*place, name))
