"""A study note from answers and runs, in the five parts of an article: title, introduction, body, summary, references.

`build` takes values and returns a value. Everything in a note is plain text in the note's language; how it is marked
up is the renderer's part.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mtl_tui.flows.explain import BASIS
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import Language, pick, say, speaking
from mtl_tui.notes import outline
from mtl_tui.notes.experiment import Experiment, experiment
from mtl_tui.typeset import clip
from quizzes import grading
from quizzes.bank import Bank, Reference
from quizzes.grading import AGAIN, GOOD, Answer, GaveUp
from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Matching,
    Multiple,
    Numeric,
    Option,
    Ordering,
    Predict,
    Question,
    Single,
    Text,
    TrueFalse,
)

if TYPE_CHECKING:
    from mtl_tui.store.store import Review

GUESS, SURE = 1, 3
TITLED_TOPICS = 3
STEM_CELLS = 60


class Try(Struct, frozen=True):
    """An answer to a question, in a note the last one; `tries` and `tries_right` count all. `confidence` is 1 guess to
    3 sure.

    `answer` is empty if the person gave up, or if the question has changed since. `lesson` is why it is wrong.
    """

    answer: str
    right: bool
    gave_up: bool
    lesson: str
    confidence: int | None
    seconds: float
    grade: int = 0
    tries: int = 1
    tries_right: int = 0


class Cited(Struct, frozen=True):
    """A source of an answer: its number in the references, None if the note has none; `where` may be empty."""

    number: int | None
    short: str
    where: str


class Section(Struct, frozen=True):
    """A question and what is known of it.

    `spoken` is the answer as one says it, `answer` the right one in a line, `steps` lead to it, `code` is what it is
    about; `usual` is the usual wrong answer. `steps`, `code` and `limits` may be empty.
    """

    stem: str
    spoken: str
    answer: str
    steps: tuple[str, ...]
    code: tuple[str, ...]
    facts: tuple[str, ...]
    usual: str
    usual_why: str
    limits: str
    sources: tuple[Cited, ...]
    basis: str
    mine: Try
    experiments: tuple[Experiment, ...]


class Summary(Struct, frozen=True):
    """`right` counts last tries, `weak` are the questions not answered well.

    `judged` counts the runs that could be judged, `held` those that showed what the explanation says, `missed` are the
    others of them.
    """

    answered: int
    right: int
    weak: tuple[str, ...]
    runs: int
    judged: int
    held: int
    missed: tuple[str, ...]
    next_due: str


class Note(Struct, frozen=True):
    """The five parts; one that was not selected is None or empty. `subject` is a topic's name for a file."""

    language: Language
    day: date
    subject: str
    title: str | None
    introduction: tuple[str, ...]
    sections: tuple[Section, ...]
    experiments: tuple[Experiment, ...]
    summary: Summary | None
    references: tuple[str, ...]


def build(
    bank: Bank,
    reviews: Sequence[Review],
    records: Mapping[str, RunRecord],
    coming: Sequence[date],
    language: Language,
    today: date,
    selection: Set[str] | None = None,
) -> Note:
    """The note of these answers (the oldest first) and of these runs, by the names of their folders; `coming` are the
    days on which questions come again.

    `selection` holds ids of `outline.outline`; None takes all, and sections need the body's id too. Answers to
    questions that the bank no longer has are left out.
    """

    def selected(part: str) -> bool:
        return selection is None or part in selection

    body = selected(outline.BODY)
    questions = [q for q in outline.answered(bank, reviews) if body and selected(outline.question_part(q.id))]
    runs = {run: record for run, record in records.items() if body and selected(outline.run_part(run))}
    with speaking(language):
        numbers = _numbered(questions) if selected(outline.REFERENCES) else {}
        experiments = {run: experiment(run, record) for run, record in runs.items()}
        placed = outline.placed(questions, runs)
        by_question = {owner: tuple(experiments[run] for run in names) for owner, names in placed.items()}
        sections = tuple(
            _section(bank, q, [r for r in reviews if r.question == q.id], numbers, by_question.get(q.id, ()))
            for q in questions
        )
        topics = list(dict.fromkeys(q.topic for q in questions))
        return Note(
            language=language,
            day=today,
            subject=_subject(bank, topics),
            title=_title(bank, topics) if selected(outline.TITLE) else None,
            introduction=_introduction(bank, topics) if selected(outline.INTRODUCTION) else (),
            sections=sections,
            experiments=by_question.get("", ()),
            summary=(
                _summary(sections, list(experiments.values()), coming, today) if selected(outline.SUMMARY) else None
            ),
            references=tuple(_citation(bank.sources[key]) for key in numbers),
        )


def _numbered(questions: Sequence[Question]) -> dict[str, int]:
    """Source keys to numbers from 1, in the order in which they are first cited."""
    keys = dict.fromkeys(source.key for question in questions for source in question.sources)
    return {key: number for number, key in enumerate(keys, start=1)}


def _citation(reference: Reference) -> str:
    places = [f"arXiv:{reference.arxiv}" if reference.arxiv else "", f"doi:{reference.doi}" if reference.doi else ""]
    return " ".join(part for part in (pick(reference.citation), *places, reference.url) if part)


def _subject(bank: Bank, topics: Sequence[str]) -> str:
    """A file name's part: the English name of the only topic, else its id; "mixed" for several or without letters."""
    if len(topics) != 1:
        return "mixed"
    names = (re.sub(r"[^a-z0-9]+", "-", bank.topics[topics[0]].en.lower()), re.sub(r"[\W_]+", "-", topics[0].lower()))
    return next((name for each in names if (name := each.strip("-"))), "mixed")


def _topic_list(bank: Bank, topics: Sequence[str]) -> str:
    names = [pick(bank.topics[topic]) for topic in topics]
    return functools.reduce(lambda names, name: say("{names}, {name}", names=names, name=name), names)


def _title(bank: Bank, topics: Sequence[str]) -> str:
    if not topics:
        return say("Notes on multi-task learning")
    names = _topic_list(bank, topics[:TITLED_TOPICS])
    if len(topics) > TITLED_TOPICS:
        return say("Notes on multi-task learning: {topics} and more", topics=names)
    return say("Notes on multi-task learning: {topics}", topics=names)


def _introduction(bank: Bank, topics: Sequence[str]) -> tuple[str, ...]:
    guide = say(
        "Three voices are kept apart. The facts come from the sources named with them. “My experiment” is what one run "
        "on my machine showed, with one seed. “My answer” is what I answered at the last try, mistakes included."
    )
    if not topics:
        return (guide,)
    practised = say(
        "This is what I practised for interviews on multi-task learning in recommender systems: {topics}. Each section "
        "starts with the answer as one would say it in 30 seconds.",
        topics=_topic_list(bank, topics),
    )
    return practised, guide


def _section(
    bank: Bank,
    question: Question,
    reviews: Sequence[Review],
    numbers: Mapping[str, int],
    experiments: tuple[Experiment, ...],
) -> Section:
    return Section(
        stem=pick(question.stem),
        spoken=pick(question.say),
        answer=_solution(question),
        steps=tuple(_steps(question)),
        code=tuple(_code(bank, question)),
        facts=tuple(pick(fact) for fact in question.facts),
        usual=pick(question.usual.answer),
        usual_why=pick(question.usual.why),
        limits=pick(question.limits) if question.limits else "",
        sources=tuple(
            Cited(
                numbers.get(source.key),
                pick(bank.sources[source.key].short),
                pick(source.where) if source.where else "",
            )
            for source in question.sources
        ),
        basis=say(BASIS[question.basis]),
        mine=_last(question, reviews),
        experiments=experiments,
    )


def _solution(question: Question) -> str:
    match question:
        case Single(options=options) | Multiple(options=options) | Predict(options=options):
            return _texts(options, [index for index, option in enumerate(options) if option.right])
        case TrueFalse(answer=answer):
            return say("The sentence is true.") if answer else say("The sentence is false.")
        case Numeric(answer=number):
            return f"{number:.10g}"
        case Ordering():
            return say("in this order")
        case FindBug(lines=lines):
            line = next(line for line in lines if line.right)
            return say("Line {line}: {why}", line=line.line, why=pick(line.why))
        case Matching():
            return say("in these pairs")
        case FreeText():
            return say("in these points")
        case Code():
            return say("as this code does")


def _texts(options: Sequence[Option], indices: Iterable[int]) -> str:
    """Options by their indices; those that the question no longer has are left out."""
    return say("; ").join(pick(options[index].text) for index in indices if index < len(options))


def _steps(question: Question) -> Iterator[str]:
    match question:
        case Numeric(steps=steps):
            yield from map(pick, steps)
        case Ordering(items=items):
            yield from (pick(item.text) for item in items)
        case Matching(pairs=pairs):
            yield from (_pair(pair.left, pair.right) for pair in pairs)
        case FreeText(points=points) | Code(points=points):
            yield from (pick(point.text) for point in points)


def _code(bank: Bank, question: Question) -> Iterator[str]:
    if isinstance(question, FindBug):
        listing = bank.listings[question.listing]
        yield from (f"{line.line:>3}  {listing[line.line - 1]}" for line in question.lines if line.right)
    elif isinstance(question, Code):
        yield from question.reference.rstrip().split("\n")


def _last(question: Question, reviews: Sequence[Review]) -> Try:
    last, rights = reviews[-1], sum(review.right for review in reviews)
    mine = tried(question, last.answer, last.right, last.confidence, last.seconds)
    return replace(mine, grade=last.grade, tries=len(reviews), tries_right=rights)


def tried(question: Question, answer: Answer, right: bool, confidence: int | None, seconds: float) -> Try:
    """One answer in words, and why it is wrong if it is."""
    lesson = "" if right else _lesson(question, answer)
    return Try(_answer(question, answer), right, isinstance(answer, GaveUp), lesson, confidence, seconds)


def _answer(question: Question, answer: Answer) -> str:
    match question, answer:
        case ((Single(options=options) | Predict(options=options)), grading.Choice(index=index)):
            return _texts(options, [index])
        case Multiple(options=options), grading.Choices(indices=indices):
            return _texts(options, indices)
        case Matching(pairs=pairs), grading.Matched(rights=rights) if set(rights) <= set(range(len(pairs))):
            given = zip(pairs, (pairs[right] for right in rights), strict=False)
            return say("; ").join(_pair(pair.left, other.right) for pair, other in given)
        case FreeText(), grading.Words(text=text):
            return " ".join(text.split())
        case Code(), grading.Words():
            return say("code of your own")
        case TrueFalse(), grading.Truth(value=value):
            return say("true") if value else say("false")
        case Numeric(), grading.Number(text=text):
            return text
        case Ordering(items=items), grading.Order(items=order) if set(order) <= set(range(len(items))):
            return " → ".join(pick(items[index].text) for index in order)
        case FindBug(reasons=reasons), grading.LineNumber(line=line, reason=reason):
            why = "" if reason is None else _texts(reasons, [reason])
            return say("line {line}: {why}", line=line, why=why) if why else say("line {line}", line=line)
    return ""


def _pair(left: Text, right: Text) -> str:
    return say("{left}: {right}", left=pick(left), right=pick(right))


def _lesson(question: Question, answer: Answer) -> str:
    """Why the answer given is wrong; empty if nothing is known about it, or the question is of another kind now."""
    try:
        graded = grading.grade(question, answer)
    except (TypeError, ValueError):
        return ""
    if not isinstance(graded, grading.Grade):
        return ""
    missing = [pick(each.why) for each in graded.verdicts if each.part == "point" and not each.right]
    if missing:
        return say("Missing: {points}", points=say("; ").join(missing))
    return next((pick(each.why) for each in graded.verdicts if each.chosen and not each.right), "")


def _summary(
    sections: Sequence[Section],
    experiments: Sequence[Experiment],
    coming: Sequence[date],
    today: date,
) -> Summary:
    return Summary(
        answered=len(sections),
        right=sum(section.mine.right for section in sections),
        weak=tuple(weakness for section in sections if (weakness := _weakness(section))),
        runs=len(experiments),
        judged=sum(each.held is not None for each in experiments),
        held=sum(each.held is True for each in experiments),
        missed=tuple(
            say("{title}, seed {seed}", title=each.title, seed=each.seed) for each in experiments if each.held is False
        ),
        next_due=_next_due(coming, today),
    )


def _weakness(section: Section) -> str:
    """The question with what was weak about its last answer; empty if nothing was."""
    stem, mine = clip(section.stem, STEM_CELLS), section.mine
    if mine.gave_up:
        return say("{question} (not answered)", question=stem)
    if not mine.right and mine.confidence == SURE:
        return say("{question} (sure, but wrong)", question=stem)
    if not mine.right:
        return say("{question} (wrong)", question=stem)
    if mine.confidence == GUESS:
        return say("{question} (right, but a guess)", question=stem)
    if AGAIN <= mine.grade < GOOD:
        return say("{question} (right, with effort)", question=stem)
    return ""


def _next_due(days: Sequence[date], today: date) -> str:
    if not days:
        return ""
    waiting = sum(day <= today for day in days)
    if waiting:
        return say("Due for review now: {n}.", n=waiting)
    return say("Next review: {day}, questions due: {n}.", day=min(days).isoformat(), n=days.count(min(days)))
