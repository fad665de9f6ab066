"""A mock interview: what it asks fits its minutes, and its report counts what was answered."""

import datetime
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank import Bank, load
from quizzes.grading import Choice, GaveUp, Truth, Words
from quizzes.interview import AFTER_SECONDS, Interview, Round, Sureness, ask_them, compose, report
from quizzes.question import Code, FreeText, Matches, Option, Point, Question, Single, Source, Text, TrueFalse, Usual

SAME = Text("文", "text")
KINDS = {
    "single": lambda base: Single(**base, options=tuple(Option(SAME, SAME, right=n == 1) for n in range(3))),
    "true_false": lambda base: TrueFalse(**base, answer=True, why=SAME, trap=SAME),
    "free_text": lambda base: FreeText(**base, points=(Point(SAME, Matches()), Point(SAME, Matches(), must=False))),
    "code": lambda base: Code(**base, starter="", reference="", points=(Point(SAME, Matches()),)),
}


def question(id: str, kind: str = "single", topic: str = "T01", difficulty: int = 2, **more: object) -> Question:
    base = {"id": id, "topic": topic, "difficulty": difficulty, "stem": SAME, "say": SAME, "facts": (SAME,)}
    return KINDS[kind](base | {"usual": Usual(SAME, SAME), "sources": (Source("k"),), "basis": "paper"} | more)


def bank_of(*questions: Question) -> Bank:
    return Bank(questions={each.id: each for each in questions})


def cost(question: Question) -> int:
    """The seconds that it takes of an interview."""
    return question.seconds + AFTER_SECONDS


drawn = st.builds(
    question,
    st.uuids().map(str),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["T01", "T02", "T03"]),
    st.integers(1, 5),
    seconds=st.integers(20, 400),
    sibling=st.sampled_from([None, None, "a", "b"]),
)


@given(
    st.integers(0, 30).flatmap(lambda n: st.lists(drawn, min_size=n, max_size=n)),
    st.sampled_from([15, 30, 45]),
    st.sampled_from([(), ("T01",), ("T02", "T03")]),
    st.sampled_from([(1, 5), (2, 4), (3, 3)]),
    st.integers(0, 99),
)
def test_an_interview_fits_its_minutes_rises_and_leaves_nothing_out_that_would_fit(
    questions, minutes, topics, levels, seed
) -> None:
    rounds = compose(questions, minutes, topics, levels, seed)
    assert rounds == compose(questions, minutes, topics, levels, seed)
    asked = [next(each for each in questions if each.id == round.question) for round in rounds]
    assert len({each.id for each in asked}) == len(asked)
    assert [each.suggested for each in rounds] == [each.seconds for each in asked]
    left = minutes * 60 - sum(map(cost, asked))
    assert left >= 0
    difficulties = [each.difficulty for each in asked]
    assert difficulties == sorted(difficulties)
    siblings = [each.sibling for each in asked if each.sibling]
    assert len(set(siblings)) == len(siblings)
    fitting = [
        each for each in questions if (not topics or each.topic in topics) and levels[0] <= each.difficulty <= levels[1]
    ]
    assert set(difficulties) <= set(range(levels[0], levels[1] + 1)) and all(each in fitting for each in asked)
    unasked = [each for each in fitting if each not in asked and each.sibling not in siblings]
    assert all(cost(each) > left for each in unasked)
    written = [each for each in asked if isinstance(each, FreeText | Code)]
    half, taken = minutes * 60 // 2, sum(map(cost, written))
    assert all(taken + cost(each) > half for each in unasked if isinstance(each, FreeText | Code))
    if taken > half and max(Counter(map(type, written)).values()) > 1:
        room = left + min(map(cost, written))
        assert all(cost(each) > room for each in unasked if not isinstance(each, FreeText | Code))
    for kind in (FreeText, Code):
        assert any(isinstance(each, kind) for each in asked) or not any(isinstance(each, kind) for each in unasked)


def test_free_text_and_code_are_asked_and_the_topics_are_spread() -> None:
    closed = [question(f"{topic}-{n}", topic=topic) for topic in ("T01", "T02", "T03") for n in range(10)]
    opened = [question("text", "free_text", "T01", 5, seconds=240), question("code", "code", "T02", 5, seconds=300)]
    for seed in range(20):
        rounds = compose([*closed, *opened], 15, seed=seed)
        topics = [bank_of(*closed, *opened).questions[each.question].topic for each in rounds]
        assert {"text", "code"} <= {each.question for each in rounds}
        assert max(map(topics.count, topics)) - min(map(topics.count, topics)) <= 1


def test_the_bank_of_the_program_fills_every_length_and_differs_by_seed() -> None:
    asked = load().in_path()
    for minutes in (15, 30, 45):
        used = sum(each.suggested + AFTER_SECONDS for each in compose(asked, minutes, seed=1))
        assert minutes * 60 - 60 <= used <= minutes * 60
    assert compose(asked, 30, seed=1) != compose(asked, 30, seed=2)


def test_what_was_asked_lately_comes_only_where_nothing_else_fits() -> None:
    asked = load().in_path()
    before: set[str] = set()
    for seed in range(4):
        now = {each.question for each in compose(asked, 30, seed=seed, lately=before)}
        assert len(now & before) <= 1
        before = now
    few = [question("old"), question("new")]
    assert {each.question for each in compose(few, 15, lately={"old"})} == {"old", "new"}


def interview(*rounds: Round) -> Interview:
    return Interview(
        id="i",
        begun=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC),
        minutes=15,
        topics=(),
        levels=(1, 5),
        seed=0,
        rounds=rounds,
    )


def test_the_report_counts_points_time_and_confidence_and_says_what_to_study_first() -> None:
    bank = bank_of(
        question("right"),
        question("skipped"),
        question("wrong", topic="T02"),
        question("sure", "true_false", topic="T02"),
        question("half", "free_text", topic="T02"),
        question("untouched"),
    )
    told = report(
        interview(
            Round(question="right", suggested=60, answer=Choice(1), confidence=3, seconds=50),
            Round(question="skipped", suggested=60, answer=GaveUp(), seconds=10),
            Round(question="wrong", suggested=60, answer=Choice(0), confidence=1, seconds=70),
            Round(question="sure", suggested=60, answer=Truth(False), confidence=3, seconds=20),
            Round(question="half", suggested=120, answer=Words("x", (0,)), confidence=2, seconds=200),
            Round(question="removed", suggested=60, answer=Choice(0), confidence=2),
            Round(question="untouched", suggested=60),
        ),
        bank,
    )
    assert list(told.topics) == ["T01", "T02"]
    first, second = told.topics.values()
    assert (first.asked, first.right, first.points, first.seconds, first.suggested) == (2, 1, 0, 60, 120)
    assert (second.asked, second.right, second.covered, second.points, second.seconds) == (3, 1, 1, 2, 290)
    assert (told.total.asked, told.total.right, told.planned, told.gone) == (5, 2, 7, 1)
    assert told.sureness == (Sureness(1, 1, 0), Sureness(2, 1, 1), Sureness(3, 2, 1))
    assert [(each.question, each.why) for each in told.study] == [
        ("sure", "sure-wrong"),
        ("wrong", "wrong"),
        ("skipped", "skipped"),
        ("half", "points"),
    ]
    assert told.study[-1].points == bank.questions["half"].points[1:]


def test_there_is_something_to_ask_them_in_both_languages() -> None:
    for theme in ask_them():
        assert theme.ask and all(text.zh.endswith("？") and text.en.endswith("?") for text in theme.ask)
