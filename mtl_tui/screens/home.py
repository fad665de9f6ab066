"""Home: what to do today, and one key that does it; how it has gone so far."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from mtl_tui.flows import days, figures, told
from mtl_tui.flows.interview import unfinished
from mtl_tui.flows.lab import say_name
from mtl_tui.flows.note import last_written
from mtl_tui.flows.today import WEAKEST, DayPlan
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import ModeScreen
from mtl_tui.screens.moving import MARGINS, ScrolledScreen
from mtl_tui.typeset import Block, fill, width_of
from mtl_tui.widgets.prose import Prose

BAR = 12
MINUTE = 60.0
WEEKS_WIDE = 26
DAYS, DAYS_WIDE = 25, 60
"""Cells that the days take beside the topics, as in mtl.tcss."""
RECENT = 500
"""The latest answers over which being sure is counted here."""


class HomeScreen(ScrolledScreen, ModeScreen):
    """The day, the weakest topics, the days answered, the last run. Panels appear when they have something to say."""

    mode = "home"

    def contexts(self) -> Sequence[str]:
        return ("home", "mode", "scroll", "global")

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            with Horizontal(id="columns"):
                yield Prose(id="text")
                yield Prose(id="topics")
            with Horizontal(id="figures"):
                yield Prose(id="weakest")
                yield Prose(id="days")
            yield Prose(id="rest")

    def on_mount(self) -> None:
        self.set_interval(MINUTE, self.turn_over)

    def turn_over(self) -> None:
        """A page that was open over night shows the new day."""
        if self._written != self.mtl.desk.clock().date():
            self.retext()

    def retext(self) -> None:
        plan = self.mtl.desk.day()
        self._written = plan.day
        begun = bool(self.mtl.desk.store.per_day())
        self.set_class(begun, "-begun")
        self.query_one("#text", Prose).show(self._today(plan) if begun else self._first())
        self.query_one("#topics", Prose).show([] if begun else self._path())
        self.query_one("#weakest", Prose).show(self._weakest(plan) if begun else [])
        self.query_one("#days", Prose).show(self._days(plan) if begun else [])
        self.query_one("#rest", Prose).show(self._rest(plan))
        super().retext()

    async def do_start(self) -> None:
        from mtl_tui.screens.session import SessionScreen

        session = self.mtl.desk.session()
        if session.phase == "over":
            self.notify(say("Nothing is due today; 2 has the topics, 3 the models to train."))
            return
        self.app.push_screen(SessionScreen(session))

    def do_stay(self) -> None:
        """One esc too many on the way back is not yet a wish to end."""
        self.notify(say("q quits."), timeout=2)

    def do_stats(self) -> None:
        from mtl_tui.screens.stats import StatsScreen

        self.app.push_screen(StatsScreen())

    @property
    def _wide(self) -> bool:
        return self.size.width >= 120

    def _first(self) -> list[Block]:
        desk = self.mtl.desk
        plan, deck = desk.day(), desk.deck()
        if deck:
            start = say(
                "Nothing answered yet. enter starts {n} questions, about {minutes} min.",
                n=len(deck),
                minutes=desk.minutes(deck),
            )
        elif not plan.asked():
            start = self._all_aside()
        elif plan.final():
            start = say("Nothing new comes on the day of the interview; d drills without the schedule.")
        else:
            start = say("Nothing answered yet, and , is set to no new questions a day; d drills without the schedule.")
        return [
            Block(say("Every claim in an answer can be run."), "lead"),
            Block(""),
            Block(start, "pick", lead="> ", indent=2),
            *self._cut_off(),
            Block(""),
            Block(told.interview_ahead(desk.settings, plan), "quiet"),
            *(Block(each, "quiet") for each in [told.pace(desk.settings, plan, plan.today())] if each),
        ]

    def _all_aside(self) -> str:
        return say("Every question is set aside; % and then b takes one back.")

    def _today(self, plan: DayPlan) -> list[Block]:
        desk = self.mtl.desk
        today = plan.today()
        interview = told.interview_ahead(desk.settings, plan)
        first = say(
            "Today: {due} reviews, {new} new, about {minutes} min",
            due=len(today.due),
            new=len(today.new),
            minutes=told.minutes(today.seconds),
        )
        width = self.size.width - MARGINS
        if width_of(first) + width_of(interview) + 4 <= width:
            lines = [Block(fill(first, interview, width), "lead")]
        else:
            lines = [Block(first, "lead"), Block(interview)]
        deck = desk.deck()
        lines.append(Block(""))
        if deck:
            seconds = today.seconds * len(deck) / len(today.due + today.new)
            start = say("enter starts {n} questions, about {minutes} min", n=len(deck), minutes=told.minutes(seconds))
        elif not plan.asked():
            start = self._all_aside()
        else:
            start = say("Done for today; 2 has the topics, 3 the models to train.")
        lines.append(Block(start, "pick", lead="> ", indent=2))
        lines += self._cut_off()
        lines += [Block(each, "quiet", indent=2) for each in told.put_off(desk.settings, plan, today)]
        return [*lines, Block("")]

    def _weakest(self, plan: DayPlan) -> list[Block]:
        ranked = plan.ranked() if self._wide else plan.ranked()[:WEAKEST]
        beside = DAYS_WIDE if self._wide else 0 if self.has_class("-narrow") else DAYS
        return told.topics(self.mtl.desk.bank, plan, ranked, self.size.width - MARGINS - beside)

    def _days(self, plan: DayPlan) -> list[Block]:
        store = self.mtl.desk.store
        streak, longest = store.streak(plan.day)
        per_day = store.per_day()
        if not self._wide:
            title = say("Streak: {n} d", n=streak)
            return [Block(title, "head"), *days.calendar(per_day, plan.day, told.WEEKS)]
        title = say("Streak: {n} d, the longest {longest} d", n=streak, longest=longest)
        return [
            Block(title, "head"),
            Block(days.months(plan.day, WEEKS_WIDE, 1), "quiet", verbatim=True),
            *days.calendar(per_day, plan.day, WEEKS_WIDE, apart=" "),
            Block(days.legend(), "quiet", indent=3),
            Block(""),
            Block(say("Reviews of the coming two weeks"), "head"),
            *days.bars([each.due for each in figures.ahead(plan)], plan.day, told.FORECAST_HEIGHT),
        ]

    def _rest(self, plan: DayPlan) -> list[Block]:
        desk = self.mtl.desk
        parts = [self._confidence()] if self._wide else []
        if runs := desk.store.runs():
            name = say("{name}, seed {n}", name=say_name(runs[0].name), n=runs[0].seed)
            parts.append(told.last(say("Last run"), name, pick(runs[0].summary)))
        parts.append(told.last_interview(desk))
        if note := last_written(desk.store):
            what = say(
                "{questions} questions, {runs} runs, {day}", questions=note.questions, runs=note.runs, day=note.day
            )
            parts.append(told.last(say("Last note"), what, note.file))
        if self.has_class("-begun") and (pace := told.pace(desk.settings, plan, plan.today())):
            parts.append([Block(pace)])
        return [block for part in parts if part for block in (Block(""), *part)]

    def _confidence(self) -> list[Block]:
        latest = self.mtl.desk.store.latest(RECENT)
        return told.confidence(figures.confidence(latest), RECENT if len(latest) == RECENT else None)

    def _cut_off(self) -> list[Block]:
        """An interview that can be gone on with."""
        if unfinished(self.mtl.desk.store) is None:
            return []
        return [Block(say("A mock interview was cut off; i goes on with it."), "pick", indent=2)]

    def _path(self) -> list[Block]:
        desk = self.mtl.desk
        counts: dict[str, list[int]] = {}
        cards = desk.store.cards()
        trainable = 0
        for question in desk.bank.in_path():
            seen, all_ = counts.setdefault(question.topic, [0, 0])
            counts[question.topic] = [seen + (question.id in cards), all_ + 1]
            trainable += question.pairing is not None
        blocks = [Block(say("Topics"), "head")]
        for topic, (seen, all_) in counts.items():
            name = pick(desk.bank.entitled(topic))
            bar = "⣿" * round(BAR * seen / all_)
            blocks.append(
                Block(f"{name}{' ' * max(30 - width_of(name), 1)}{bar}{'⠒' * (BAR - len(bar))} {seen}/{all_}", indent=2)
            )
        note = say(
            "{n} questions, {runs} of them with models to train beside the answer",
            n=len(desk.bank.questions),
            runs=trainable,
        )
        return [*blocks, Block(note, "quiet", indent=2)]

    def do_interview(self) -> None:
        from mtl_tui.screens.interview_setup import InterviewSetup

        self.app.push_screen(InterviewSetup())

    def text_to_copy(self) -> str:
        """The page as text."""
        shown = [self.query_one(f"#{id}", Prose).blocks for id in ("text", "weakest", "rest")]
        return "\n".join(block.lead + block.text for blocks in shown for block in blocks).strip()
