"""Every kind of question: right, wrong, given up, hinted; what is typed as a number; the order on screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import (
    AGAIN,
    GOOD,
    HARD,
    Choice,
    Choices,
    GaveUp,
    Grade,
    LineNumber,
    Matched,
    NeedsReason,
    Number,
    Order,
    PickAgain,
    Truth,
    Unreadable,
    Words,
    grade,
    read_number,
    shuffle,
)
from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Line,
    Matches,
    Matching,
    Multiple,
    Numeric,
    Option,
    Ordering,
    Pair,
    Point,
    Predict,
    Single,
    Slip,
    Source,
    Text,
    TrueFalse,
    Usual,
)


def text(words: str) -> Text:
    return Text(words, words)


BASE = {
    "topic": "T01",
    "difficulty": 1,
    "stem": text("?"),
    "say": text("!"),
    "facts": (),
    "usual": Usual(text("a"), text("b")),
    "sources": (Source("DERIVED"),),
    "basis": "derived",
}
SINGLE = Single(
    id="single",
    options=tuple(Option(text(name), text(f"why {name}"), right=name == "b") for name in "abcd"),
    **BASE,
)
TRUE_FALSE = TrueFalse(id="tf", answer=False, why=text("because"), trap=text("trap"), **BASE)
NUMERIC = Numeric(
    id="numeric",
    answer=0.3133,
    tolerance=0.0005,
    form=text("四位小数"),
    steps=(text("s"),),
    slips=(Slip(0.0, text("zero")), Slip(1.3133, text("maximum"))),
    **BASE,
)
ORDERING = Ordering(id="ordering", items=tuple(Option(text(name), text(f"why {name}")) for name in "abcd"), **BASE)
BUG = FindBug(
    id="bug",
    listing="listing1",
    lines=(Line(13, text("symptom"), right=True), Line(16, text("other symptom"))),
    innocent=text("innocent"),
    **BASE,
)
MULTIPLE = Multiple(
    id="multiple",
    options=tuple(Option(text(name), text(f"why {name}"), right=name in "bd") for name in "abcd"),
    **BASE,
)
PREDICT = Predict(
    id="predict",
    pairing="listing1-softmax",
    options=(Option(text("up"), text("why up")), Option(text("down"), text("why down"), right=True)),
    **BASE,
)
MATCHING = Matching(
    id="matching", pairs=tuple(Pair(text(name), text(name.upper()), text(f"why {name}")) for name in "abcd"), **BASE
)
POINTS = (
    Point(text("first"), Matches()),
    Point(text("bonus"), Matches(), must=False),
    Point(text("second"), Matches()),
)
FREE = FreeText(id="free", points=POINTS, **BASE)
CODE = Code(id="code", starter="", reference="pass", points=POINTS, **BASE)
WHY_BUG = FindBug(
    id="why-bug",
    listing="listing1",
    lines=(Line(13, text("symptom"), right=True), Line(16, text("other symptom"))),
    innocent=text("innocent"),
    reasons=(Option(text("x"), text("why x")), Option(text("y"), text("why y"), right=True)),
    **BASE,
)
RIGHT = [
    (SINGLE, Choice(1)),
    (TRUE_FALSE, Truth(False)),
    (NUMERIC, Number("0.3133")),
    (ORDERING, Order((0, 1, 2, 3))),
    (BUG, LineNumber(13)),
    (MULTIPLE, Choices((1, 3))),
    (PREDICT, Choice(1)),
    (MATCHING, Matched((0, 1, 2, 3))),
    (WHY_BUG, LineNumber(13, reason=1)),
    (FREE, Words("said", points=(0, 1, 2))),
    (CODE, Words("pass", points=(0, 1, 2))),
]
WRONG = [
    (SINGLE, Choice(0)),
    (TRUE_FALSE, Truth(True)),
    (NUMERIC, Number("0.32")),
    (ORDERING, Order((0, 2, 1, 3))),
    (BUG, LineNumber(4)),
    (MULTIPLE, Choices((1,))),
    (MULTIPLE, Choices((1, 2, 3))),
    (PREDICT, Choice(0)),
    (MATCHING, Matched((0, 1, 3, 2))),
    (WHY_BUG, LineNumber(4)),
]


@pytest.mark.parametrize(("question", "answer"), RIGHT)
def test_right_proposes_good_or_hard_after_a_hint(question, answer):
    unaided, hinted = grade(question, answer), grade(question, answer, hint_used=True)
    assert (unaided.right, unaided.proposed, unaided.reasons) == (True, GOOD, ("right", "unaided"))
    assert (hinted.right, hinted.proposed, hinted.reasons) == (True, HARD, ("right", "hint-used"))


@pytest.mark.parametrize(("question", "answer"), WRONG)
def test_wrong_proposes_again_with_or_without_a_hint(question, answer):
    for hint_used in (False, True):
        graded = grade(question, answer, hint_used)
        assert (graded.right, graded.proposed, graded.reasons) == (False, AGAIN, ("wrong",))


@pytest.mark.parametrize("question", [question for question, _ in RIGHT])
def test_giving_up_proposes_again_and_marks_nothing_as_chosen(question):
    graded = grade(question, GaveUp())
    assert (graded.right, graded.proposed, graded.reasons) == (False, AGAIN, ("gave-up",))
    assert not any(verdict.chosen for verdict in graded.verdicts)


def verdicts(graded: object) -> list[tuple[int, bool, bool, str]]:
    assert isinstance(graded, Grade)
    return [(verdict.key, verdict.right, verdict.chosen, verdict.why.en) for verdict in graded.verdicts]


def test_each_option_has_its_reason():
    assert verdicts(grade(SINGLE, Choice(2)))[1:3] == [(1, True, False, "why b"), (2, False, True, "why c")]
    assert verdicts(grade(TRUE_FALSE, Truth(True))) == [(0, False, True, "trap"), (1, True, False, "because")]
    assert verdicts(grade(ORDERING, Order((0, 2, 1, 3))))[:2] == [(0, True, True, "why a"), (1, False, True, "why b")]


def test_a_known_slip_is_recognised():
    assert verdicts(grade(NUMERIC, Number("1.3133")))[1] == (1, False, True, "maximum")
    assert not any(chosen for _, _, chosen, _ in verdicts(grade(NUMERIC, Number("7"))))


def test_another_truly_wrong_line_is_picked_again_and_an_innocent_one_is_wrong():
    assert grade(BUG, LineNumber(16)) == PickAgain(16, text("other symptom"))
    assert verdicts(grade(BUG, LineNumber(4)))[-1] == (4, False, True, "innocent")


@given(st.sets(st.integers(0, 3)))
def test_a_multiple_choice_is_right_for_all_and_only_the_right_options(chosen):
    graded = grade(MULTIPLE, Choices(tuple(sorted(chosen))))
    assert graded.right == (chosen == {1, 3})
    assert [each.key for each in graded.verdicts if each.chosen] == sorted(chosen)
    assert [each.key for each in graded.verdicts if each.right] == [1, 3]


@given(st.permutations(range(4)))
def test_a_matching_is_right_when_every_left_has_its_own_right(given_):
    graded = grade(MATCHING, Matched(tuple(given_)))
    assert graded.right == (given_ == [0, 1, 2, 3])
    assert [each.right for each in graded.verdicts] == [right == left for left, right in enumerate(given_)]


@pytest.mark.parametrize("question", [FREE, CODE])
@given(covered=st.sets(st.integers(0, 2)), hint=st.booleans())
def test_a_text_is_graded_by_its_points_and_more_points_are_never_worse(question, covered, hint):
    graded = grade(question, Words("said", points=tuple(sorted(covered))), hint)
    assert [(each.part, each.right, each.chosen) for each in graded.verdicts] == [
        ("point", key in covered, key in covered) for key in range(3)
    ]
    if not {0, 2} <= covered:
        assert (graded.right, graded.proposed, graded.reasons) == (False, AGAIN, ("must-missing",))
    else:
        assert graded.right
        assert ("bonus-missing" in graded.reasons) == (1 not in covered)
        assert graded.proposed == (GOOD if 1 in covered and not hint else HARD)
    for more in ({0, 1, 2}, covered | {1}):
        assert grade(question, Words("said", points=tuple(sorted(more))), hint).proposed >= graded.proposed


def test_words_whose_points_nobody_has_told_are_not_graded():
    with pytest.raises(ValueError, match="points"):
        grade(FREE, Words("said"))


def test_the_right_line_asks_for_its_reason_and_is_hard_for_a_wrong_one():
    assert grade(WHY_BUG, LineNumber(13)) == NeedsReason(13)
    assert grade(WHY_BUG, LineNumber(16)) == PickAgain(16, text("other symptom"))
    graded = grade(WHY_BUG, LineNumber(13, reason=0))
    assert (graded.right, graded.proposed, graded.reasons) == (True, HARD, ("right", "reason-wrong"))
    assert [(each.part, each.key, each.right, each.chosen) for each in graded.verdicts] == [
        ("line", 13, True, True),
        ("line", 16, False, False),
        ("reason", 0, False, True),
        ("reason", 1, True, False),
    ]


@pytest.mark.parametrize(("question", "answer"), RIGHT + WRONG)
@given(hint=st.booleans())
def test_a_fast_answer_is_told_and_rated_no_better(question, answer, hint):
    slow, fast = grade(question, answer, hint), grade(question, answer, hint, fast=True)
    assert (slow.right, slow.proposed, slow.verdicts) == (fast.right, fast.proposed, fast.verdicts)
    assert ("fast" in fast.reasons) == (slow.proposed == GOOD)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SINGLE, Truth(True)),
        (NUMERIC, Choice(0)),
        (BUG, Number("13")),
        (MULTIPLE, Choice(1)),
        (SINGLE, Choices((1,))),
        (MATCHING, Order((0, 1, 2, 3))),
        (FREE, Choice(0)),
    ],
)
def test_an_answer_of_another_kind_is_an_error(question, answer):
    with pytest.raises(TypeError, match="does not answer"):
        grade(question, answer)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("０．３", 0.3),
        (" 0。3 ", 0.3),
        ("2,368", 2368),
        ("２，３６８", 2368),
        ("12.9 %", 0.129),
        ("１２％", 0.12),
        ("1e-3", 0.001),
        ("－1.5", -1.5),
        ("−1", -1),
        (".5", 0.5),
        ("5.", 5),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    assert read_number(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "abc", "1,2", "1e999", "nan", "--1", "%", "e3", ".", "1 2"])
def test_what_is_no_number_is_told_and_not_graded(typed):
    assert read_number(typed) is None
    assert isinstance(grade(NUMERIC, Number(typed)), Unreadable)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back(value):
    assert read_number(repr(value)) == value


def test_a_per_cent_sign_counts_where_per_cents_are_asked_for():
    share = Numeric(id="share", answer=12.9, tolerance=0.05, form=text("百分数"), steps=(text("s"),), **BASE)
    for typed in ("12.9", "12.9 %", "１２．９％"):
        assert grade(share, Number(typed)).right


def test_the_edge_of_the_tolerance_is_right():
    question = Numeric(id="edge", answer=0.3, tolerance=0.1, form=text("数"), steps=(text("s"),), **BASE)
    assert grade(question, Number("0.4")).right and grade(question, Number("0.2")).right
    assert not grade(question, Number("0.4001")).right


@given(st.integers())
def test_the_order_on_screen_is_a_stable_permutation_and_never_solves_an_ordering(seed):
    order = shuffle(SINGLE, seed)
    assert sorted(order) == [0, 1, 2, 3] and order == shuffle(SINGLE, seed)
    assert sorted(shuffle(ORDERING, seed)) == [0, 1, 2, 3]
    assert shuffle(ORDERING, seed) != (0, 1, 2, 3)
    assert shuffle(TRUE_FALSE, seed) == shuffle(NUMERIC, seed) == shuffle(BUG, seed) == shuffle(FREE, seed) == ()


@given(st.integers())
def test_right_sides_and_reasons_are_shuffled_and_never_solve_a_matching(seed):
    assert sorted(shuffle(MATCHING, seed)) == [0, 1, 2, 3] != list(shuffle(MATCHING, seed))
    assert sorted(shuffle(MULTIPLE, seed)) == [0, 1, 2, 3]
    assert sorted(shuffle(PREDICT, seed)) == sorted(shuffle(WHY_BUG, seed)) == [0, 1]


def test_every_place_is_taken_by_the_right_option():
    assert {shuffle(SINGLE, seed).index(1) for seed in range(50)} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("zh", "en"), [("保留两位小数", "in %, two decimals"), ("保留两位小数", "two decimals, per cent"), ("百分数", "x")]
)
def test_per_cents_are_asked_for_in_either_language(zh: str, en: str):
    share = Numeric(id="share", answer=12, tolerance=0, form=Text(zh, en), steps=(text("s"),), **BASE)
    assert grade(share, Number("12 %")).right


def test_nothing_else_is_near_to_a_tiny_answer():
    tiny = Numeric(id="tiny", answer=1e-10, tolerance=0, form=text("数"), steps=(text("s"),), **BASE)
    assert grade(tiny, Number("1e-10")).right and not grade(tiny, Number("0")).right
