"""`mtl-tui quiz`: a session on the screen, or line by line."""

from __future__ import annotations

import functools
from typing import Any

import click

from mtl_tui.commands.conversation import Conversation
from mtl_tui.commands.plain import Misuse, at_desk, lang_option, line
from mtl_tui.commands.screen import open_screen
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.locale import Language, say


@click.command()
@click.option("--plain", is_flag=True, help="Line by line on standard input and output, also through a pipe.")
@lang_option
@click.option("--topic", metavar="TOPIC", help="Questions of one topic only, such as T03.")
@click.option("--length", type=click.IntRange(1, 200), help="How many questions. [default: that of your settings]")
def quiz(plain: bool, lang: Language | None, topic: str | None, length: int | None) -> None:
    """Answer what is due, then what is new.

    Every rated answer is on the disk before the next question.
    """
    settings: dict[str, Any] = {} if length is None else {"session_length": length}
    if not plain:
        open_screen(lang, functools.partial(session_of, topic=topic), **settings)
        return
    with at_desk(lang, **settings) as desk:
        session = session_of(desk, topic)
        if session.phase == "over":
            line(say("Nothing is due today; a topic can be answered again without changing its schedule."))
        else:
            Conversation(desk, session).run()


def session_of(desk: Desk, topic: str | None) -> QuizSession:
    """What is due and new; where a topic has neither, all of it again. Raises Misuse for a topic without questions."""
    if topic is None:
        return desk.session()
    topic = topic.upper()
    questions = [each.id for each in desk.bank.questions.values() if each.topic == topic]
    if not questions:
        topics = dict.fromkeys(each.topic for each in desk.bank.questions.values())
        raise Misuse(say("No question on {topic}; the bank has {topics}.", topic=topic, topics=say(", ").join(topics)))
    session = desk.session(topic)
    return session if session.phase != "over" else desk.session_of(questions[: desk.settings.session_length])
