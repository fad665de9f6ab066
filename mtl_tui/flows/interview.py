"""A mock interview as it goes: the clock, the question in front, the answer, confidence, points, the closing card.

asking -> (confidence) -> points or answered -> the next question's asking ... -> closing -> over. All of it is in the
interview that is kept, so that one that was killed goes on where it stood. Nothing of it goes to the schedule.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from msgspec.structs import replace

from mtl_tui.flows import synonyms
from mtl_tui.flows.answering import REST_SECONDS, Answering
from mtl_tui.flows.desk import Desk
from mtl_tui.locale import Bilingual, say
from mtl_tui.notes.interview import clock
from mtl_tui.store.store import Store
from quizzes.grading import GaveUp, Grade, Words
from quizzes.interview import Interview, Round, compose
from quizzes.question import Question

TABLE = "interviews"
KEEP_SECONDS = 15.0
"""At least this often what the clock says is kept."""
LATELY = 2
"""The last interviews whose questions are not asked again at once."""

Phase = Literal["asking", "confidence", "points", "answered", "closing", "over"]


def interviews(store: Store) -> list[Interview]:
    """All that are kept, the newest first."""
    return sorted(store.kept(TABLE, Interview).values(), key=lambda each: each.begun, reverse=True)


def unfinished(store: Store) -> Interview | None:
    """The newest one that has not ended; an older one that was left is the next to be offered."""
    return next((each for each in interviews(store) if each.ended is None), None)


def finished(store: Store) -> list[Interview]:
    """Those that have ended, the newest first."""
    return [each for each in interviews(store) if each.ended is not None]


def stopped_at(interview: Interview) -> str:
    """Where an unfinished one stands, and the two ways on."""
    if interview.place >= len(interview.rounds):
        return say(
            "The last unfinished mock interview stopped behind its last question: "
            "enter goes on, x ends it and shows the report"
        )
    return say(
        "The last unfinished mock interview stopped at question {n}, {time}: "
        "enter goes on, x ends it and shows the report",
        n=interview.place + 1,
        time=clock(interview.rounds[interview.place].seconds),
    )


def new_seed() -> int:
    """A seed nobody chose."""
    return random.SystemRandom().randrange(1_000_000)


def composed(
    desk: Desk, minutes: int, topics: Collection[str], levels: tuple[int, int], seed: int
) -> tuple[Round, ...]:
    """What a new interview asks; what was answered in the last ones only where nothing else fits."""
    rounds = (each for interview in interviews(desk.store)[:LATELY] for each in interview.rounds)
    lately = {each.question for each in rounds if each.answer is not None}
    return compose(desk.day().asked(), minutes, topics, levels, seed, lately)


class InterviewSession:
    """The interview in front. Screens and the plain form drive it; every change is kept before it returns. While it is
    paused nothing answers.

    `elsewhere`: another program has gone on with it, and from then on nothing of this one is kept.
    """

    def __init__(self, desk: Desk, interview: Interview) -> None:
        self.bank, self.store, self._clock = desk.bank, desk.store, desk.clock
        self.ask_confidence = desk.settings.confidence
        self.interview = interview
        self.paused = self.elsewhere = False
        self._known = self.store.kept(TABLE, Interview).get(interview.id)
        self.answering: Answering
        self._at = self._kept = self._clock()
        self._changed: datetime | None = None
        self._pass_over_removed()
        self._open()

    @classmethod
    def begin(
        cls, desk: Desk, minutes: int, topics: Collection[str], levels: tuple[int, int], seed: int
    ) -> InterviewSession | None:
        """A new interview; None if no question that may be asked is for it. One set aside for a day is asked too."""
        rounds = composed(desk, minutes, topics, levels, seed)
        if not rounds:
            return None
        begun = desk.clock()
        interview = Interview(
            id=f"{begun:%Y-%m-%d-%H%M%S}-{seed}",
            begun=begun,
            minutes=minutes,
            topics=tuple(topics),
            levels=levels,
            seed=seed,
            rounds=rounds,
        )
        session = cls(desk, interview)
        session.keep()
        return session

    @property
    def phase(self) -> Phase:
        """Where the interview stands."""
        interview = self.interview
        if interview.ended is not None:
            return "over"
        if interview.place >= len(interview.rounds):
            return "closing"
        given = self.round.answer
        if given is None:
            return "asking"
        if self.ask_confidence and self.round.confidence is None and not isinstance(given, GaveUp):
            return "confidence"
        return "points" if isinstance(given, Words) else "answered"

    @property
    def round(self) -> Round:
        """The round in front."""
        return self.interview.rounds[self.interview.place]

    @property
    def question(self) -> Question:
        """The question in front."""
        return self.bank.questions[self.round.question]

    @property
    def suggested(self) -> int:
        """Seconds that the rounds up to the one in front should have taken."""
        return sum(each.suggested for each in self.interview.rounds[: self.interview.place + 1])

    # The clock and drafts

    def tick(self) -> None:
        """Let the clock go on; what was begun is kept at each rest of two seconds."""
        now = self._clock()
        passed = max((now - self._at).total_seconds(), 0.0)
        self._at = now
        if self.phase == "over":
            return
        if self.paused:
            self.interview = replace(self.interview, paused=self.interview.paused + passed)
        else:
            self.interview = replace(self.interview, seconds=self.interview.seconds + passed)
            if self.phase == "asking":
                self._set_round(seconds=self.round.seconds + passed)
        rested = self._changed is not None and (now - self._changed).total_seconds() >= REST_SECONDS
        if rested or (now - self._kept).total_seconds() >= KEEP_SECONDS:
            self.keep()

    def type(self, text: str) -> None:
        """What stands in the answer's box now."""
        if self._answers_in("asking") and text != self.round.draft:
            self.answering.text = text
            self._set_round(draft=text)
            self._changed = self._clock()

    def scratch(self, text: str) -> None:
        """What stands on the scratch pad now."""
        if text != self.interview.scratch:
            self.interview = replace(self.interview, scratch=text)
            self._changed = self._clock()

    def pause(self) -> None:
        """Stop the clock, or let it go on."""
        self.tick()
        self.paused = not self.paused
        self.keep()

    def keep(self) -> None:
        """Keep everything as it stands."""
        self._kept, self._changed = self._clock(), None
        with self.store.held():
            kept = self.store.kept(TABLE, Interview).get(self.interview.id)
            self.elsewhere = self.elsewhere or kept != self._known
            if not self.elsewhere:
                self.store.keep(TABLE, self.interview.id, self.interview)
                self._known = self.interview

    # Answering

    def hand_in(self) -> Bilingual | None:
        """Take the answer. Returns a sentence on what is missing, or None when that is nothing.

        The phase stays "asking" where a reason for the line is asked next, or the line is truly wrong but another one
        is asked for.
        """
        if not self._answers_in("asking"):
            return None
        result = self.answering.hand_in(synonyms.of(self.store, self.answering))
        if not isinstance(result, Grade):
            self._pick()
            return result
        self._change(answer=self.answering.answer())
        return None

    def choose(self, row: int) -> None:
        """Choose what stands in this row; see `Answering.choose`."""
        if self._answers_in("asking"):
            self.answering.choose(row)
            self._pick()

    def give_up(self) -> None:
        """Leave the question in front unanswered, and go on."""
        if self._answers_in("asking"):
            self._change(answer=GaveUp())
            self.go_on()

    def answer_confidence(self, confidence: int) -> None:
        """1 guess, 2 not sure, 3 sure."""
        if self._answers_in("confidence"):
            self._change(confidence=confidence)

    def tick_point(self, index: int) -> None:
        """Count a rubric point as covered, or no longer."""
        if self._answers_in("points") and isinstance(self.round.answer, Words):
            self.answering.tick_point(index)
            self._change(answer=Words(self.round.answer.text, tuple(sorted(self.answering.covered or ()))))

    def keep_synonym(self, index: int, phrase: str) -> None:
        """Remember a phrase that says this rubric point, and count the point as covered."""
        synonyms.keep(self.store, self.question.id, index, phrase)
        if index not in (self.answering.covered or ()):
            self.tick_point(index)

    def accept_points(self) -> None:
        """The points stand as they are ticked: to the next question."""
        self.go_on()

    def follow_up(self) -> bool:
        """Show one more follow-up; False if there is none left."""
        shown = self.round.follow_ups
        if not self._answers_in("points", "answered") or shown >= len(self.question.follow_ups):
            return False
        self._change(follow_ups=shown + 1)
        return True

    def go_on(self) -> None:
        """To the next question, or to the closing card behind the last one."""
        if self._answers_in("points", "answered"):
            self.tick()
            self.interview = replace(self.interview, place=self.interview.place + 1)
            self._pass_over_removed()
            self.keep()
            self._open()

    def end(self) -> None:
        """End the interview where it stands."""
        if self.phase != "over":
            self.tick()
            self.interview = replace(self.interview, ended=self._clock())
            self.keep()

    def _answers_in(self, *phases: Phase) -> bool:
        return not self.paused and self.phase in phases

    def _change(self, **fields: Any) -> None:
        self.tick()
        self._set_round(**fields)
        self.keep()

    def _pick(self) -> None:
        self._set_round(picked=self.answering.picked)
        self._changed = self._clock()

    def _set_round(self, **fields: Any) -> None:
        rounds, place = self.interview.rounds, self.interview.place
        changed = (*rounds[:place], replace(rounds[place], **fields), *rounds[place + 1 :])
        self.interview = replace(self.interview, rounds=changed)

    def _pass_over_removed(self) -> None:
        """A resumed interview may name a question that the bank no longer has."""
        rounds = self.interview.rounds
        while self.interview.place < len(rounds) and self.round.question not in self.bank.questions:
            self.interview = replace(self.interview, place=self.interview.place + 1)

    def _open(self) -> None:
        if self.phase in ("closing", "over"):
            return
        given = self.round.answer
        text = given.text if isinstance(given, Words) else self.round.draft
        self.answering = Answering(self.bank, self.question, self.interview.seed, text, self.round.picked)
        if isinstance(given, Words):
            self.answering.hand_in(synonyms.of(self.store, self.answering))
            self.answering.covered = set(given.points or ())
