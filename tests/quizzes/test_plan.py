"""What comes today: limits, siblings, an interview ahead."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizzes.plan import Limits, Pace, Waiting, last_new, pace, today
from quizzes.schedule import Card

MONDAY = date(2025, 11, 24)


def waiting(id: str, topic: str = "T01", sibling: str | None = None, seconds: float = 60) -> Waiting:
    return Waiting(id, topic, sibling, seconds)


def card(stability: float = 10, *, elapsed: int = 10, ahead: int = 0, lapses: int = 0) -> Card:
    return Card(MONDAY + timedelta(ahead), MONDAY - timedelta(elapsed), stability, 5.0, reps=3, lapses=lapses)


ABC = [waiting(id) for id in "abc"]


def test_due_ones_come_by_risk_then_new_ones_along_the_path():
    cards = {"b": card(), "c": card(stability=4), "late": card(ahead=1)}
    plan = today([*ABC, waiting("late"), waiting("x")], cards, MONDAY, Limits(new=5))
    assert (plan.due, plan.new, plan.put_off, plan.seconds) == (["c", "b"], ["a", "x"], 0, 240)


def test_minutes_stop_new_ones_first_then_put_off_what_is_best_remembered():
    cards = {"b": card(), "c": card(stability=4)}
    assert today(ABC, cards, MONDAY, Limits(5, minutes=3)).new == ["a"]
    plan = today(ABC, cards, MONDAY, Limits(5, minutes=2))
    assert (plan.due, plan.new, plan.put_off) == (["c", "b"], [], 0)
    plan = today(ABC, cards, MONDAY, Limits(5, minutes=1))
    assert (plan.due, plan.new, plan.put_off, plan.seconds) == (["c"], [], 1, 60)


def test_what_was_done_today_counts_towards_the_limits():
    spent = [("gone", True, 50.0), ("more", False, 70.0)]
    plan = today(ABC, {"c": card()}, MONDAY, Limits(2, minutes=4), done=spent)
    assert (plan.due, plan.new) == (["c"], ["a"])
    assert today(ABC, {"c": card()}, MONDAY, Limits(2, minutes=2), done=spent).due == []
    assert today(ABC, {}, MONDAY, Limits(2), done=spent).new == ["a"]


def test_a_day_is_full_where_the_minutes_and_not_the_limit_keep_new_ones_away():
    def full(new: int, minutes: int | None) -> bool:
        return today(ABC, {}, MONDAY, Limits(new, minutes)).full

    assert full(3, 2) and full(2, 1)
    assert not any((full(2, 2), full(3, 3), full(5, 3), full(5, None), full(0, 1)))


def test_a_question_that_takes_longer_than_the_whole_limit_still_gets_its_turn():
    assert today([waiting("code", seconds=900)], {"code": card()}, MONDAY, Limits(0, minutes=5)).due == ["code"]


def test_siblings_never_share_a_day():
    pair = [waiting("a", sibling="gates"), waiting("b", sibling="gates"), waiting("c")]
    assert today(pair, {}, MONDAY, Limits(5)).new == ["a", "c"]
    plan = today(pair, {"a": card(), "b": card(stability=3)}, MONDAY, Limits(5))
    assert (plan.due, plan.put_off, plan.beside) == (["b"], 1, 1)
    assert today(pair, {"b": card()}, MONDAY, Limits(5)).new == ["c"]
    assert today(pair, {}, MONDAY, Limits(5), done=[("a", True, 30.0)]).new == ["c"]


def test_buried_ones_come_back_on_their_day():
    plan = today(ABC, {"b": card()}, MONDAY, Limits(5), buried={"b": MONDAY + timedelta(1), "c": MONDAY})
    assert (plan.due, plan.new, plan.put_off) == ([], ["a", "c"], 0)


def test_the_last_three_days_are_for_lapses_and_weak_topics():
    questions = [*ABC, waiting("weak", "T07"), waiting("missed"), waiting("new")]
    cards = {"a": card(), "b": card(lapses=1), "c": card(), "weak": card(), "missed": card(stability=0.3, elapsed=1)}

    def plan(ahead: int):
        until, begun = MONDAY + timedelta(ahead), MONDAY - timedelta(9)
        return today(questions, cards, MONDAY, Limits(5), until=until, begun=begun, weak_topics={"T07"})

    for ahead in (3, 1, 0):
        assert sorted(plan(ahead).due) == ["b", "missed", "weak"]
        assert (plan(ahead).new, plan(ahead).put_off) == ([], 0)
    for ahead in (4, -1):
        assert sorted(plan(ahead).due) == ["a", "b", "c", "missed", "weak"]
        assert plan(ahead).new == ["new"]


def test_what_was_looked_at_in_the_last_days_comes_again_only_if_it_is_forgotten():
    cards = {"a": card(2.6, elapsed=2, lapses=1), "b": card(2.4, elapsed=2, lapses=1), "c": card(0.2, elapsed=1)}
    plan = today(ABC, cards, MONDAY, Limits(5), until=MONDAY, begun=MONDAY - timedelta(9))
    assert plan.due == ["c", "b"]
    assert plan.put_off == 0


def test_the_pace_says_what_is_reached_and_what_would_reach_all():
    assert pace(247, 8, 21, 8) == Pace(reachable=168, total=247, needed_per_day=12)
    assert pace(20, 8, 21, 8) == Pace(reachable=20, total=20, needed_per_day=1)
    assert pace(3, 3, 1, 10) == Pace(reachable=3, total=3, needed_per_day=3)
    assert pace(0, 0, 5, 10) == Pace(reachable=0, total=0, needed_per_day=0)
    assert pace(20, 0, 5, 0) == Pace(reachable=0, total=20, needed_per_day=4)
    assert pace(20, 0, 0, 8) == Pace(reachable=0, total=20, needed_per_day=None)
    assert pace(20, 1, 2, 8) == Pace(reachable=9, total=20, needed_per_day=14)


def test_who_begins_in_the_last_days_has_new_ones_until_the_interview():
    thursday = MONDAY + timedelta(3)
    assert today(ABC, {}, MONDAY, Limits(5), until=thursday).new == ["a", "b", "c"]
    assert today(ABC, {}, MONDAY, Limits(5), until=thursday, begun=MONDAY).new == ["a", "b", "c"]
    assert today(ABC, {}, thursday, Limits(5), until=thursday, begun=MONDAY).new == []
    assert last_new(thursday, MONDAY - timedelta(1)) == MONDAY and last_new(thursday, None) == thursday


@given(
    st.lists(st.tuples(st.sampled_from("pqrs") | st.none(), st.none() | st.integers(-5, 5), st.integers(1, 600))),
    st.integers(0, 5),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(-1, 5),
)
def test_any_day_keeps_its_limits(drawn, new, minutes, ahead):
    questions = [waiting(str(at), "T01", sibling, seconds) for at, (sibling, _, seconds) in enumerate(drawn)]
    cards = {str(at): card(ahead=due) for at, (_, due, _) in enumerate(drawn) if due is not None}
    until = None if ahead is None else MONDAY + timedelta(ahead)
    plan = today(questions, cards, MONDAY, Limits(new, minutes), until=until, begun=MONDAY - timedelta(9))
    chosen = [each for each in questions if each.id in {*plan.due, *plan.new}]
    siblings = [each.sibling for each in chosen if each.sibling is not None]
    assert len(siblings) == len(set(siblings))
    assert len(plan.new) <= new
    assert all(cards[id].due <= MONDAY for id in plan.due) and not cards.keys() & set(plan.new)
    if until is None:
        assert plan.put_off + len(plan.due) == sum(each.due <= MONDAY for each in cards.values())
    if minutes is not None and chosen:
        last = questions[int([*plan.due, *plan.new][-1])].seconds
        assert plan.seconds - last < 60 * minutes
