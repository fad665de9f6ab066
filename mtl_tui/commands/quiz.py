"""`mtl-tui quiz`: a session on the screen, or line by line."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, get_args

import click

from mtl_tui.commands.asking import known_topic
from mtl_tui.commands.conversation import Conversation
from mtl_tui.commands.plain import Misuse, at_desk, lang_option, line, speak
from mtl_tui.commands.screen import open_screen
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.drill import Choice, drill
from mtl_tui.flows.explain import NOTHING_DUE
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import Language, say
from quizzes.question import Question

KINDS: dict[str, type[Question]] = {str(kind.__struct_config__.tag): kind for kind in get_args(Question)}


@click.command()
@click.option("--plain", is_flag=True, help="Line by line on standard input and output, also through a pipe.")
@lang_option
@click.option("--topic", metavar="TOPIC", help="Questions of one topic only, such as T03.")
@click.option("--length", type=click.IntRange(1, 200), help="How many questions. [default: that of your settings]")
@click.option("--due", "only_due", is_flag=True, help="Only what is due, nothing new.")
@click.option("--cram", is_flag=True, help="Any questions in random order; the schedule stays as it is.")
@click.option("--kind", type=click.Choice(list(KINDS)), multiple=True, help="With --cram: only this kind; repeatable.")
@click.option(
    "--difficulty", type=click.IntRange(1, 5), multiple=True, help="With --cram: only this difficulty; repeatable."
)
@click.option("--wrong", is_flag=True, help="With --cram: only those whose last answer was wrong.")
def quiz(
    plain: bool,
    lang: Language | None,
    topic: str | None,
    length: int | None,
    only_due: bool,
    cram: bool,
    kind: tuple[str, ...],
    difficulty: tuple[int, ...],
    wrong: bool,
) -> None:
    """Answer what is due, then what is new.

    Every rated answer is on the disk before the next question.
    """
    speak(lang)
    if only_due and cram:
        raise Misuse(say("--due and --cram exclude each other; leave one out."))
    if (kind or difficulty or wrong) and not cram:
        raise Misuse(say("--kind, --difficulty and --wrong choose questions to cram; add --cram."))
    settings: dict[str, Any] = {} if length is None else {"session_length": length}
    begin = functools.partial(session_of, topic=topic, length=length)
    if only_due:
        begin = functools.partial(due_of, topic=topic)
    elif cram:
        begin = functools.partial(drill_of, topic=topic, kinds=kind, difficulties=difficulty, wrong=wrong)
    if not plain:
        open_screen(lang, begin, **settings)
        return
    with at_desk(lang, **settings) as desk:
        session = begin(desk)
        if session.phase == "over":
            line(say(NOTHING_DUE))
        else:
            Conversation(desk, session).run()


def due_of(desk: Desk, topic: str | None) -> QuizSession:
    """What is due and nothing new. Raises Misuse for a topic without questions."""
    known = None if topic is None else known_topic(desk, topic)
    return desk.session_of(desk.today(known).due[: desk.settings.session_length])


def drill_of(
    desk: Desk, topic: str | None, kinds: Sequence[str], difficulties: Sequence[int], wrong: bool
) -> QuizSession:
    """A drill. Raises Misuse where no question is of the choice."""
    topics = frozenset() if topic is None else frozenset({known_topic(desk, topic)})
    choice = Choice(topics, frozenset(KINDS[kind] for kind in kinds), frozenset(difficulties), wrong)
    session = drill(desk, choice, desk.settings.session_length)
    if session.phase == "over":
        raise Misuse(say("No question is of that choice; leave out one of the conditions."))
    return session


def session_of(desk: Desk, topic: str | None, length: int | None) -> QuizSession:
    """What is due and new, also the first time as much as was asked for; where a topic has neither, all of it again.
    Raises Misuse for a topic without questions."""
    known = None if topic is None else known_topic(desk, topic)
    today = desk.today(known)
    session = desk.session_of((today.due + today.new)[:length])
    return desk.session_or_again(known) if length is None or session.phase == "over" else session
