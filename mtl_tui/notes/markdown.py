"""A note as self-contained Markdown (CommonMark with pipe tables), in one language throughout.

Content is plain text: what would act as markup in it is escaped, and only that, so that formulas stay readable.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from mtl_tui.locale import say, speaking
from mtl_tui.notes.experiment import Experiment, Table
from mtl_tui.notes.note import Cited, Note, Section, Summary, Try

MARKER = "<!-- mtl-tui: what you write below this line is kept -->"

_MARKUP = re.compile(
    r"""
    [\\`~$]                        # always
    | (?<!\s)\* | \*(?!\s)         # emphasis; a product between blanks is none
    | (?<![^\W_])_ | _(?![^\W_])   # emphasis; an underscore within a word is none
    | <(?=[A-Za-z/!?])             # a tag or comment
    | &(?=\#?\w+;)                 # an entity
    | \](?=[(\[:]) | \[(?=\^)      # a link, a definition, a footnote
    | (?<!\S)\#                    # a heading
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r">|[-+](?=\s|$)|(?:[-=]\s*)+$|\[(?=[ xX]\])")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def plain(text: str) -> str:
    """One line of Markdown that reads as `text`; blanks and line ends become single blanks, controls are dropped."""
    line = _inline(text)
    return "\\" + line if _BLOCK.match(line) else _NUMBER.sub(r"\1\\\2", line)


def _inline(text: str) -> str:
    """`plain` for text that does not begin a block."""
    kept = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return _MARKUP.sub(r"\\\g<0>", " ".join(kept.split()))


def render(note: Note) -> str:
    """The whole note. It ends in the marker line, below which a person's own text is kept."""
    with speaking(note.language):
        return "\n\n".join([*_blocks(note), MARKER]) + "\n"


def _blocks(note: Note) -> Iterator[str]:
    if note.title is not None:
        experiments = sum(len(section.experiments) for section in note.sections) + len(note.experiments)
        yield _heading(1, note.title)
        yield say(
            "{day}. Questions: {questions}. Runs: {runs}.",
            day=note.day.isoformat(),
            questions=len(note.sections),
            runs=experiments,
        )
    if note.introduction:
        yield _heading(2, say("Introduction"))
        yield from map(plain, note.introduction)
    if note.sections or note.experiments:
        yield _heading(2, say("Body"))
    for number, section in enumerate(note.sections, start=1):
        yield from _section(number, section)
    for number, experiment in enumerate(note.experiments, start=len(note.sections) + 1):
        title = say("Training: {title}", title=experiment.title)
        yield _heading(3, f"{number}. {title}")
        yield _heading(4, say("My experiment"))
        yield from _experiment(experiment)
    if note.summary is not None:
        yield _heading(2, say("Summary"))
        yield from _summary(note.summary)
    if note.references:
        yield _heading(2, say("References"))
        yield from (f"[{number}] {plain(line)}" for number, line in enumerate(note.references, start=1))


def _section(number: int, section: Section) -> Iterator[str]:
    yield _heading(3, f"{number}. {section.stem}")
    cites = [f"[{source.number}]" for source in section.sources if source.number is not None]
    yield say("{text} {cites}", text=plain(section.spoken), cites="".join(cites)).rstrip()
    yield _heading(4, say("The facts"))
    yield plain(say("The answer: {answer}", answer=section.answer))
    if section.steps:
        yield "\n".join(f"{n}. {plain(step)}" for n, step in enumerate(section.steps, start=1))
    if section.code:
        yield fence(section.code)
    if section.facts:
        yield items(section.facts)
    yield plain(say("The usual wrong answer: {answer}", answer=section.usual))
    yield plain(say("Why it is wrong: {why}", why=section.usual_why))
    if section.limits:
        yield plain(say("When it does not hold: {limits}", limits=section.limits))
    basis = plain(section.basis)
    if section.sources:
        sources = functools.reduce(
            lambda before, source: say("{sources}; {source}", sources=before, source=source),
            map(_source, section.sources),
        )
        yield say("Sources: {sources}. Basis: {basis}.", sources=sources, basis=basis)
    else:
        yield say("Basis: {basis}.", basis=basis)
    for experiment in section.experiments:
        yield _heading(4, say("My experiment"))
        yield plain(say("Training: {title}", title=experiment.title))
        yield from _experiment(experiment)
    yield _heading(4, say("My answer"))
    yield items(list(answered(section.mine)))


def _source(source: Cited) -> str:
    name = plain(source.short) if source.number is None else f"[{source.number}]"
    return say("{source}, {where}", source=name, where=plain(source.where)) if source.where else name


def _experiment(experiment: Experiment) -> Iterator[str]:
    if experiment.expected:
        yield plain(say("Expected: {what}", what=experiment.expected))
    yield from map(plain, experiment.settings)
    yield table(experiment.arms)
    yield table(experiment.numbers)
    if experiment.curve.rows:
        yield plain(say("The curve in a few steps: {what}", what=experiment.charted))
        yield table(experiment.curve)
    if experiment.changes:
        yield say("What I changed on the way:")
        yield items(experiment.changes)
    if experiment.closing:
        yield plain(experiment.closing)


def answered(mine: Try) -> Iterator[str]:
    """What was answered and how it went, a sentence each."""
    if mine.gave_up:
        yield say("I did not answer.")
    elif mine.answer:
        yield (
            say("Right. I answered: {answer}", answer=mine.answer)
            if mine.right
            else say("Wrong. I answered: {answer}", answer=mine.answer)
        )
    else:
        yield say("Right.") if mine.right else say("Wrong.")
    if mine.lesson:
        yield say("Why that is wrong: {why}", why=mine.lesson)
    if mine.confidence is not None:
        yield (say("I was guessing."), say("I was not sure."), say("I was sure."))[mine.confidence - 1]
    yield say("Time: {seconds} s.", seconds=f"{mine.seconds:.0f}")
    if mine.tries > 1:
        yield say("Tries: {tries}, right: {right}.", tries=mine.tries, right=mine.tries_right)


def _summary(summary: Summary) -> Iterator[str]:
    if not summary.answered and not summary.runs:
        yield say("Nothing has been answered or trained yet.")
    if summary.answered:
        yield say("Right at the last try: {right} of {answered}.", right=summary.right, answered=summary.answered)
    if summary.weak:
        yield say("Not answered well yet:")
        yield items(summary.weak)
    elif summary.answered:
        yield say("All of it was answered well at the last try.")
    if summary.runs:
        yield say(
            "Runs: {runs}. Could be judged: {judged}. As the explanation says: {held}.",
            runs=summary.runs,
            judged=summary.judged,
            held=summary.held,
        )
    if summary.missed:
        yield say("Runs that did not show what the explanation says:")
        yield items(summary.missed)
    if summary.next_due:
        yield summary.next_due


def _heading(level: int, text: str) -> str:
    return f"{'#' * level} {_inline(text)}"


def items(texts: Sequence[str]) -> str:
    """A list of plain texts."""
    return "\n".join(f"- {plain(text)}" for text in texts)


def table(cells: Table) -> str:
    """A pipe table, the first column to the left and the others to the right."""
    ruler = ("---", *("---:" for _ in cells.head[1:]))
    rows = [[_inline(cell).replace("|", "\\|") for cell in row] for row in (cells.head, *cells.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ruler, *rows[1:]))


def fence(lines: Sequence[str]) -> str:
    """A fence longer than any row of backticks in the code."""
    code = "\n".join(lines)
    ticks = "`" * max(3, 1 + max((len(row) for row in re.findall("`+", code)), default=0))
    return f"{ticks}text\n{code}\n{ticks}"
