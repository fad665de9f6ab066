"""What lies on the desk while the program runs: settings, bank, store, lab. Screens and plain forms share it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.events import Hello
from models.pairings import PAIRINGS
from mtl_tui import config, places
from mtl_tui.config import Settings
from mtl_tui.flows.closing import closing, failure
from mtl_tui.flows.lab import Lab
from mtl_tui.flows.quiz import QuizSession, take_back
from mtl_tui.flows.recipes import OwnRecipes
from mtl_tui.flows.today import DayPlan
from mtl_tui.lab.commands import RunSpec
from mtl_tui.lab.folder import EVENTS, RunFolderError, read
from mtl_tui.lab.record import RunRecord
from mtl_tui.locale import LANGUAGES, pick, say, speaking
from mtl_tui.store.marks import KeptRun
from mtl_tui.store.store import Store
from mtl_tui.typeset import quoted
from quizzes import bank as banks
from quizzes import schedule
from quizzes.bank import Bank
from quizzes.plan import Today
from quizzes.question import Text
from quizzes.schedule import Card

GUARD_SECONDS = 0.3
FIRST_LENGTH = 5


def now() -> datetime.datetime:
    """Local time with its offset from UTC."""
    return datetime.datetime.now().astimezone()


class Desk:
    """Owns what the screens show. `clock` gives local time with its offset."""

    def __init__(
        self,
        settings: Settings,
        bank: Bank,
        store: Store,
        *,
        clock: Callable[[], datetime.datetime] = now,
        guard_seconds: float = GUARD_SECONDS,
    ) -> None:
        self.settings, self.bank, self.store, self.clock = settings, bank, store, clock
        self.guard_seconds = guard_seconds
        self.own = OwnRecipes(places.recipes())
        self.lab = Lab(places.runs(), places.worker_log(), settings.pace, self._ended, self.own)
        self._reports: list[str] = []

    @classmethod
    def open(cls, settings: Settings | None = None) -> Desk:
        """Open the person's own desk. Raises StoreError for a damaged or newer journal."""
        problems: list[Text] = []
        if settings is None:
            settings, problems = config.load(places.config_file())
        own = [Path(folder) for folder in settings.banks]
        bank = banks.load(cache=places.cache(), own=own, pairings=PAIRINGS)
        desk = cls(settings, bank, Store.open(places.data()))
        problems += [problem.sentence for problem in desk.bank.problems[:3]]
        desk._reports += [pick(problem) for problem in problems]
        desk._adopt_runs()
        return desk

    async def close(self) -> None:
        """Stop what is live, and close the files."""
        await self.lab.close()
        self.store.retry()
        self.store.close()

    def reports(self) -> list[str]:
        """Sentences that the person has not seen yet."""
        found = self._reports + [pick(text) for text in self.store.reports]
        self._reports = []
        self.store.reports.clear()
        return found

    def unsaved(self) -> int:
        """Answers that are in memory only."""
        return self.store.pending

    def day(self) -> DayPlan:
        """The plan of the present day."""
        return DayPlan(self.bank, self.store, self.settings, self.clock().date())

    def today(self, topic: str | None = None) -> Today:
        """What is left to do today within the limits of the settings."""
        return self.day().today(topic)

    def session(self, topic: str | None = None) -> QuizSession:
        """A session of what is due today, then what is new; of one topic if asked."""
        return self.session_of(self.deck(topic))

    def session_or_again(self, topic: str | None) -> QuizSession:
        """A session; where a topic has nothing due and nothing new, of all of it again, without its schedule."""
        session = self.session(topic)
        if topic is None or session.phase != "over":
            return session
        questions = [each.id for each in self.day().asked(topic)]
        return self.session_of(questions[: self.settings.session_length], counts=False)

    def deck(self, topic: str | None = None) -> list[str]:
        """The questions of the next session; the very first one is short."""
        length = self.settings.session_length if self.store.cards() else min(FIRST_LENGTH, self.settings.session_length)
        today = self.today(topic)
        return (today.due + today.new)[:length]

    def session_of(self, questions: list[str], *, counts: bool = True) -> QuizSession:
        """A session of these questions; one that does not count leaves the schedule alone."""
        return QuizSession(
            self.bank,
            self.store,
            questions,
            self.clock,
            confidence=self.settings.confidence,
            language=self.settings.language,
            counts=counts,
            reschedule=self.reschedule,
        )

    def reschedule(self, card: Card | None, rating: int, day: datetime.date) -> Card:
        """The card after a rating on a local day, with the load of all other cards in view."""
        return DayPlan(self.bank, self.store, self.settings, day).reschedule(card, rating)

    def minutes(self, questions: list[str]) -> int:
        """The time that a prepared person needs for these questions, in whole minutes."""
        return max(round(sum(self.bank.questions[id].seconds for id in questions) / 60), 1)

    def undo(self) -> str:
        """Take the last rating, reset or setting aside back; a sentence says which."""
        if (reset := self._undo_reset()) is not None:
            return reset
        undone = take_back(self.store)
        return self._undone(*undone) if undone is not None else say("There is no grade to undo.")

    def undo_in(self, session: QuizSession) -> str:
        """Take the last rating, reset or setting aside back and return to its question if it is of this session."""
        if session.counts and (reset := self._undo_reset()) is not None:
            return reset
        undone = session.undo()
        return self._undone(*undone) if undone is not None else say("There is no grade to undo.")

    def _undone(self, question: str, grade: int | None) -> str:
        short = _short(self.bank.questions.get(question), question)
        if grade is None:
            return say("Undone: {question} is set aside no more", question=short)
        return say("Undone: grade {grade} of {question}", grade=grade, question=short)

    def reset(self, question: str) -> str:
        """Make a question new again; a sentence says whether it was not."""
        if not self.store.reset(question):
            return say("This question is new already.")
        return say("This question is new again; u takes that back.")

    def _undo_reset(self) -> str | None:
        question = self.store.undo_reset()
        if question is None:
            return None
        short = _short(self.bank.questions.get(question), question)
        return say("Undone: the schedule of {question} is as it was", question=short)

    def comes_again(self, card: Card) -> str:
        """In how many days a question comes, or by which day it is brought forward for the interview."""
        today, until = self.clock().date(), self.settings.interview_date
        if until is not None and today <= until and (span := schedule.brought_forward(card, today, until)) is not None:
            return say("by {day}", day=f"{span[1]:%m-%d}")
        days = (card.due - today).days
        if days <= 0:
            return say("today")
        return say("{n} d", n=days)

    def earlier_runs(self, name: str, but: str) -> list[str]:
        """Ended runs of this name that are not `but`, the newest first."""
        return [each.run for each in self.store.runs() if each.name == name and each.run != but]

    def run_line(self) -> str:
        """One line about the run in front, for a header; empty if there is none."""
        lab, record = self.lab, self.lab.record
        if record is None or lab.spec is None:
            return ""
        parts = [lab.spec.name, say("seed {n}", n=lab.spec.seed)]
        if record.hello is not None:
            parts.append(say("step {step}/{steps}", step=record.step, steps=record.steps))
        if lab.replaying:
            parts.append(say("replay"))
        elif record.live:
            parts.append(say("paused") if lab.paused else say("running") if record.hello else say("starting"))
        elif record.done is not None:
            parts.append(say("stopped") if record.done.stopped else say("finished"))
        else:
            parts.append(say("failed"))
        return "  ".join(parts)

    def toggle_note_question(self, question: str) -> str:
        """Put a question into the note, or take it out; a sentence says which."""
        inside = self.store.toggle_note("question", question)
        return say("This question is in the note now.") if inside else say("This question is out of the note.")

    def toggle_note_run(self) -> str:
        """Put the run in front into the note, or take it out."""
        if self.lab.record is None or self.lab.record.live:
            return say("The run goes into the note once it has ended.")
        inside = self.store.toggle_note("run", self.lab.run)
        return say("This run is in the note now.") if inside else say("This run is out of the note.")

    def keep_copy(self, text: str) -> str:
        """Write what was copied to a file too, since a terminal may refuse the clipboard; a sentence says where."""
        file = places.data() / "copied.txt"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            return say("Copied; it cannot be written to {file} too: {why}.", file=file, why=error.strerror)
        return say("Copied, and written to {file}.", file=file)

    def _ended(self, run: str, spec: RunSpec, record: RunRecord) -> None:
        if record.hello is not None and record.state.saved:
            self._index(run, spec.name, record.hello, record, self.clock())

    def _adopt_runs(self) -> None:
        """Index the runs that ended after the program was killed: their folders are whole, nobody noted them."""
        try:
            folders = sorted(places.runs().iterdir())
        except OSError:
            return
        known = {each.run for each in self.store.runs()}
        for folder in (each for each in folders if each.name not in known):
            record = RunRecord()
            try:
                record.fold(read(folder))
                at = datetime.datetime.fromtimestamp((folder / EVENTS).stat().st_mtime).astimezone()
            except (RunFolderError, OSError):
                continue
            if record.hello is not None and not record.live:
                self._index(folder.name, record.hello.pairing or record.hello.arms[0].recipe, record.hello, record, at)

    def _index(self, run: str, name: str, hello: Hello, record: RunRecord, at: datetime.datetime) -> None:
        pairing = PAIRINGS.get(hello.pairing or "")
        summary: dict[str, str] = {}
        held: bool | None = None
        for language in LANGUAGES:
            with speaking(language):
                if pairing is not None:
                    text, held = closing(pairing, record)
                else:
                    text = failure(record) or say("step {step}/{steps}", step=record.step, steps=record.steps)
                summary[language] = text
        self.store.add_run(KeptRun(run, name, hello.seed, at.replace(microsecond=0), held, Text(**summary)))


def _short(question: Any, id: str) -> str:
    if question is None:
        return id
    text = quoted(pick(question.stem))
    return text if len(text) <= 24 else text[:24] + "..."
