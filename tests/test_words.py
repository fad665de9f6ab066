"""The Chinese of the interface: every sentence of the sources has one, written as the others are."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import mtl_tui
from mtl_tui import locale
from mtl_tui.locale import say

ROOT = Path(mtl_tui.__file__).parent
with (ROOT / "locale/zh/LC_MESSAGES/mtl_tui.po").open("rb") as file:
    WORDS = {
        f"{each.context}\x04{each.id}" if each.context else str(each.id): str(each.string)
        for each in read_po(file)
        if each.id
    }
FORBIDDEN = {
    "half-width punctuation beside Han": r"[\u4e00-\u9fff](?:[,;:]| ?\()|[,;:)][\u4e00-\u9fff]",
    "an exclamation mark": "[!！]",
    "您": "您",
    "成功": "成功",
    "请 before the last clause": r"(?<!烦)请.*[，。；](?=.)",
}


def test_every_sentence_of_the_sources_has_a_chinese_one() -> None:
    said = {
        call.args[0].value
        for path in ROOT.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("say", "later")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 500 and said <= set(WORDS), said - set(WORDS)


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_chinese_sentence_has(rule: str) -> None:
    assert not [words for words in WORDS.values() if re.search(FORBIDDEN[rule], words)]


def test_a_chinese_sentence_has_the_fields_of_its_english_one() -> None:
    fields = {
        id: [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in (id, words)]
        for id, words in WORDS.items()
    }
    assert not {id for id, (en, zh) in fields.items() if en != zh}


def test_one_english_word_has_two_chinese_ones_where_their_contexts_differ() -> None:
    both = []
    for language in ("zh", "en"):
        locale.use(language)
        both.append((say("accuracy"), say("metric\x04accuracy")))
    assert both == [("正确率", "准确率"), ("accuracy", "accuracy")]
