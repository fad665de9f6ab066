"""Answering one question of any kind: what has been chosen, typed, ordered or matched so far, and handing it in.

A session and an interview hold one for the question in front; no clock and no store in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from mtl_tui.locale import Bilingual
from quizzes import grading
from quizzes.bank import Bank
from quizzes.grading import Answer, Grade, NeedsReason, PickAgain, Picked, Unreadable
from quizzes.question import (
    Code,
    FindBug,
    FreeText,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Point,
    Predict,
    Question,
    Single,
    Text,
    TrueFalse,
)

if TYPE_CHECKING:
    from quizzes.rubric import Found

NOTHING_PICKED = Picked()
Synonyms = Mapping[int, Sequence[str]]
REST_SECONDS = 2.0
"""After so long without a key, what was begun is kept."""
SENTENCE = re.compile(r"[^。！？!?；;.\n]+")
LINE = re.compile(r".+")
JOINED = re.compile(r"\s+([+|＋｜])\s+")


class Sitting(Protocol):
    """What a quiz session and an interview have in common: a phase, a question, and how it is being answered."""

    answering: Answering

    @property
    def phase(self) -> str: ...
    @property
    def question(self) -> Question: ...
    def choose(self, row: int) -> None: ...
    def type(self, text: str) -> None: ...
    def tick(self) -> None: ...
    def keep(self) -> object: ...
    def hand_in(self) -> Bilingual | None: ...
    def answer_confidence(self, confidence: int) -> None: ...
    def tick_point(self, index: int) -> None: ...
    def keep_synonym(self, index: int, phrase: str) -> None: ...
    def accept_points(self) -> None: ...


class Answering:
    """One question being answered. `seed` says how options stand on screen; `text` and `picked` are what was begun of
    it. What does not fit the question any more, whose author may have changed it, is left out.

    `chosen` is the row chosen, `ticked` the rows ticked, `order` the rows in the order given. In a matching `matched`
    maps a left side to the row of its right one, and `left` is the left side that the next choice goes to. After the
    line of a bug whose reason is asked, `line` is that line and `chosen` the row of a reason. `told` is a line that was
    truly wrong but not asked for, `tried` are all such lines.

    Once a text is handed in, `found` says what the patterns saw in it and `covered` which points count. `fast`: the
    answer came quicker than the person's own median.
    """

    def __init__(
        self, bank: Bank, question: Question, seed: int, text: str = "", picked: Picked = NOTHING_PICKED
    ) -> None:
        self.bank, self.question = bank, question
        self.rows = grading.shuffle(question, seed)
        self.chosen: int | None = None
        self.ticked: set[int] = set()
        self.order: list[int] = []
        self.matched: dict[int, int] = {}
        self.left = 0
        self.text = text or (question.starter if isinstance(question, Code) else "")
        self.line: int | None = None
        self.hint_shown = False
        self.told: PickAgain | None = None
        self.tried: set[int] = set()
        self.found: tuple[Found, ...] = ()
        self.covered: set[int] | None = None
        self.fast = False
        self._go_on_from(picked)

    @property
    def in_words(self) -> bool:
        """The answer is written, not chosen: words or code."""
        return isinstance(self.question, FreeText | Code)

    @property
    def picked(self) -> Picked:
        """What has been chosen, ticked, ordered, matched and found so far."""
        rows, chosen = self.rows, self.chosen
        return Picked(
            ticked=tuple(sorted(rows[row] for row in self.ticked)),
            order=tuple(rows[row] for row in self.order),
            matched={left: rows[right] for left, right in self.matched.items()},
            line=self.line,
            chosen=rows[chosen] if chosen is not None and self._shuffled else chosen,
        )

    @property
    def begun(self) -> bool:
        """There is something that it would be a pity to lose: more than one choice among options."""
        given = self.question.starter if isinstance(self.question, Code) else ""
        return replace(self.picked, chosen=None) != NOTHING_PICKED or self.text.strip() not in ("", given.strip())

    @property
    def points(self) -> tuple[Point, ...]:
        """The rubric points of a question that is answered in words."""
        return self.question.points if isinstance(self.question, FreeText | Code) else ()

    @property
    def asks_reason(self) -> bool:
        """The line was found; now its reason is chosen."""
        return self.line is not None

    @property
    def row_count(self) -> int:
        """How many rows can be chosen: options, items, right sides, lines or reasons; none where one writes."""
        match self.question:
            case TrueFalse():
                return 2
            case FindBug(listing=listing) if not self.asks_reason:
                return len(self.bank.listings[listing])
            case _:
                return len(self.rows)

    def choose(self, row: int) -> None:
        """Choose what stands in a row: tick it, put it next in order, give it to the left side, or take it back."""
        if not 0 <= row < self.row_count:
            return
        match self.question:
            case Multiple():
                self.ticked ^= {row}
            case Ordering():
                if row in self.order:
                    self.order.remove(row)
                else:
                    self.order.append(row)
            case Matching():
                self._match(row)
            case _:
                self.chosen = row

    def clear(self) -> None:
        """Nothing is chosen, ticked, ordered or matched any more."""
        self.chosen, self.left = None, 0
        self.ticked, self.order, self.matched = set(), [], {}

    def show_hint(self) -> None:
        """Show the hint; it lowers the proposed grade."""
        self.hint_shown = self.hint_shown or self.question.hint is not None

    def answer(self) -> Answer | None:
        """What has been answered, None while something is missing."""
        match self.question:
            case Single() | Predict():
                return None if self.chosen is None else grading.Choice(self.rows[self.chosen])
            case Multiple():
                return grading.Choices(tuple(sorted(self.rows[row] for row in self.ticked))) if self.ticked else None
            case TrueFalse():
                return None if self.chosen is None else grading.Truth(self.chosen == 0)
            case Numeric():
                return grading.Number(self.text) if self.text.strip() else None
            case Ordering():
                whole = len(self.order) == self.row_count
                return grading.Order(tuple(self.rows[row] for row in self.order)) if whole else None
            case Matching():
                whole = len(self.matched) == self.row_count
                rights = (self.rows[self.matched[left]] for left in range(self.row_count)) if whole else ()
                return grading.Matched(tuple(rights)) if whole else None
            case FindBug():
                if self.chosen is None:
                    return None
                if self.line is None:
                    return grading.LineNumber(self.chosen + 1)
                return grading.LineNumber(self.line, self.rows[self.chosen])
            case FreeText():
                return self._words() if self.text.strip() else None
            case Code(starter=starter):
                return self._words() if self.text.strip() not in ("", starter.strip()) else None

    def missing(self) -> Text:
        """What an answer still needs, as a sentence."""
        return MISSING_REASON if self.asks_reason else MISSING[type(self.question)]

    def hand_in(self, synonyms: Synonyms | None = None) -> Grade | Bilingual | None:
        """Grade the answer, or say in a sentence what it lacks.

        None: there is more to choose. Either the line was truly wrong but not the asked one, which `told` explains, or
        it was right and its reason is asked. The points of a text are found with the person's own `synonyms` too.
        """
        answer = self.answer()
        if answer is None:
            return self.missing()
        if self.in_words:
            from quizzes import rubric

            look = rubric.look_in_code if isinstance(self.question, Code) else rubric.look
            self.found = look(self.points, self.text, synonyms)
            self.covered = {each.point for each in self.found if each.covered}
            return self.regrade()
        result = grading.grade(self.question, answer, self.hint_shown, fast=self.fast)
        match result:
            case PickAgain(line=line):
                self.told, self.chosen = result, None
                self.tried.add(line)
                return None
            case NeedsReason(line=line):
                self.line, self.told, self.chosen = line, None, None
                return None
            case Unreadable(message=message):
                return message
            case _:
                return result

    def regrade(self) -> Grade:
        """The grade of a text that was handed in, with the points that count now."""
        graded = grading.grade(self.question, self._words(), self.hint_shown, fast=self.fast)
        assert isinstance(graded, Grade)
        return graded

    def give_up(self) -> Grade:
        """The grade of “I do not know”."""
        graded = grading.grade(self.question, grading.GaveUp(), self.hint_shown)
        assert isinstance(graded, Grade)
        return graded

    def tick_point(self, index: int) -> None:
        """Count a rubric point as covered, or no longer; the person decides."""
        if self.covered is not None and 0 <= index < len(self.points):
            self.covered ^= {index}

    def unmatched(self) -> str:
        """The first sentence of a text that was handed in, or the first line of code that one wrote oneself, where no
        point was found; empty if there is none. What would join the words of a phrase loses the blanks around it."""
        spans = [span for each in self.found for span in each.words]
        given = self.question.starter.split("\n") if isinstance(self.question, Code) else []
        for match in (LINE if isinstance(self.question, Code) else SENTENCE).finditer(self.text):
            said = match.group()
            if said not in given and said.strip() and not any(a < match.end() and match.start() < b for a, b in spans):
                return JOINED.sub(r"\1", said.strip())
        return ""

    def _go_on_from(self, picked: Picked) -> None:
        question, row_of = self.question, {index: row for row, index in enumerate(self.rows)}
        match question:
            case Multiple():
                self.ticked = {row_of[index] for index in picked.ticked if index in row_of}
            case Ordering():
                self.order = [row_of[index] for index in picked.order if index in row_of]
            case Matching():
                known = {left: right for left, right in picked.matched.items() if {left, right} <= row_of.keys()}
                self.matched = {left: row_of[right] for left, right in known.items()}
                self.left = next((left for left in sorted(row_of) if left not in self.matched), 0)
            case FindBug() if question.reasons and any(
                each.right and each.line == picked.line for each in question.lines
            ):
                self.line = picked.line
        if picked.chosen is not None:
            row = row_of.get(picked.chosen) if self._shuffled else picked.chosen
            self.chosen = row if row is not None and row < self.row_count else None

    @property
    def _shuffled(self) -> bool:
        """What can be chosen now stands in another order than in the file."""
        return isinstance(self.question, Single | Predict) or self.asks_reason

    def _match(self, row: int) -> None:
        """Give a right side to the left one in front, and go on to the next that has none; the same again frees it."""
        if self.matched.get(self.left) == row:
            del self.matched[self.left]
            return
        self.matched = {left: right for left, right in self.matched.items() if right != row}
        self.matched[self.left] = row
        count = self.row_count
        after = ((self.left + step) % count for step in range(1, count))
        self.left = next((left for left in after if left not in self.matched), self.left)

    def _words(self) -> grading.Words:
        return grading.Words(self.text, None if self.covered is None else tuple(sorted(self.covered)))


MISSING: dict[type, Text] = {
    Single: Text("先选一项：按数字，或在那一行按空格。", "Choose an option first: a digit, or space on the row."),
    Predict: Text("先选一项：按数字，或在那一行按空格。", "Choose an option first: a digit, or space on the row."),
    Multiple: Text("至少勾一项：按数字，或在那一行按空格。", "Tick at least one option: a digit, or space on the row."),
    TrueFalse: Text("先选：1 对，2 错。", "Choose first: 1 true, 2 false."),
    Numeric: Text("先写一个数。", "Type a number first."),
    Ordering: Text(
        "先把每一项都排上：按先后顺序按数字。",
        "Put every item in order first: press the digits from first to last.",
    ),
    Matching: Text(
        "左边每一项都要配上：移到那一行，按右边的数字。",
        "Give every left side its right one: move to the row, press the digit of the right side.",
    ),
    FreeText: Text("先写几句再交卷。", "Write a few sentences first."),
    Code: Text("先写代码再交卷。", "Write the code first."),
    FindBug: Text("先输入行号，或移到那一行。", "Type the number of a line first, or move to it."),
}
MISSING_REASON = Text("再选这一行为什么错：按数字。", "Now choose why that line is wrong: press a digit.")
