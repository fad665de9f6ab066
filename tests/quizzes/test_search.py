"""What a person types and which questions come: words at their beginnings, Chinese as written, the stem first."""

import pytest

from quizzes.bank import load
from quizzes.search import Index

BANK = load()
INDEX = Index(BANK)
INDEX.read()


def ids(query: str) -> list[str]:
    return [hit.id for hit in INDEX.find(query)]


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("free-ple-spaces", "free-ple-spaces"),
        ("PLE 样本空间", "free-ple-spaces"),
        ("ple sample spa", "free-ple-spaces"),
        ("并集", "free-ple-spaces"),
        ("ＰＬＥ，并集", "free-ple-spaces"),
        ("融合公式、出价和阈值", "free-offline-up"),
    ],
)
def test_a_question_is_found_in_either_language_by_its_words(query: str, id: str) -> None:
    assert id in ids(query)


def test_every_word_is_needed_and_more_words_find_no_more() -> None:
    assert set(ids("gradient norm")) < set(ids("gradient"))
    assert ids("gradient zebra") == []
    assert ids("专家斑马") == []


def test_a_latin_word_is_found_from_its_beginning_only() -> None:
    assert set(ids("calib")) >= set(ids("calibration")) != set()
    assert ids("alibration") == []


def test_characters_of_a_word_stand_in_a_row() -> None:
    assert ids("样本空间") and ids("空间样本") == []


def test_what_stands_in_the_stem_comes_before_what_stands_in_the_answer() -> None:
    wheres = [hit.where for hit in INDEX.find("曝光")]
    assert set(wheres) == {"stem", "answer"}
    assert wheres == sorted(wheres, key=["stem", "answer"].index)


@pytest.mark.parametrize("query", ["", "  ", "，。"])
def test_nothing_typed_finds_nothing(query: str) -> None:
    assert ids(query) == []


def test_what_was_read_so_far_is_found_and_in_the_end_all_as_if_read_at_once() -> None:
    bits = Index(BANK)
    assert not bits.whole and bits.find("的") == []
    bits.read(7)
    assert not bits.whole and 0 < len(bits.find("的")) <= 7
    while not bits.whole:
        bits.read(50)
    assert bits.find("的") == INDEX.find("的")
    assert bits.find("的 softmax") == INDEX.find("的 softmax")
