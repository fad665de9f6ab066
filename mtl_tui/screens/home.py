"""Home: what to do today, and one key that does it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from mtl_tui.flows.lab import say_name
from mtl_tui.locale import pick, say
from mtl_tui.screens.base import ModeScreen
from mtl_tui.typeset import Block, width_of
from mtl_tui.widgets.prose import Prose

RANKED_FROM = 10
BAR = 12


class HomeScreen(ModeScreen):
    """Counts of the day, the last run, the way on. Panels appear when they have something to say."""

    mode = "home"

    def contexts(self) -> Sequence[str]:
        return ("home", "mode", "global")

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False), Horizontal(id="columns"):
            yield Prose(id="text")
            yield Prose(id="topics")

    def retext(self) -> None:
        self.query_one("#text", Prose).show(self._blocks())
        self.query_one("#topics", Prose).show(self._path())
        super().retext()

    async def do_start(self) -> None:
        from mtl_tui.screens.session import SessionScreen

        session = self.mtl.desk.session()
        if session.phase == "over":
            self.notify(say("Nothing is due today; 2 has the topics, 3 the models to train."))
            return
        self.app.push_screen(SessionScreen(session))

    def _blocks(self) -> list[Block]:
        desk = self.mtl.desk
        due, new = len(desk.due()), len(desk.new())
        deck = desk.deck()
        length, minutes = len(deck), desk.minutes(deck)
        if not desk.store.cards():
            return [
                Block(say("Every claim in an answer can be run."), "lead"),
                Block(""),
                Block(
                    say(
                        "Nothing answered yet. enter starts {n} questions, about {minutes} min.",
                        n=length,
                        minutes=minutes,
                    ),
                    "pick",
                    lead="> ",
                    indent=2,
                ),
            ]
        blocks = [
            Block(say("Today: {due} reviews, {new} new", due=due, new=new), "lead"),
            Block(""),
            Block(
                say("enter starts {n} questions, about {minutes} min", n=length, minutes=minutes)
                if length
                else say("Nothing is due today; 2 has the topics, 3 the models to train."),
                "pick",
                lead="> ",
                indent=2,
            ),
            Block(""),
        ]
        return [*blocks, *self._topics(), *self._last_run()]

    def _topics(self) -> list[Block]:
        desk = self.mtl.desk
        counts = desk.store.answered({each.id: each.topic for each in desk.bank.questions.values()})
        today = desk.store.per_day().get(desk.clock().date(), 0)
        streak, _ = desk.store.streak(desk.clock().date())
        total = sum(given for _, given in counts.values())
        right = sum(right for right, _ in counts.values())
        blocks = [
            Block(
                say(
                    "Answered {total} so far, {right} right; {today} today; days in a row: {streak}",
                    total=total,
                    right=right,
                    today=today,
                    streak=streak,
                )
            )
        ]
        ranked = sorted((r / n, topic, r, n) for topic, (r, n) in counts.items() if n >= RANKED_FROM)
        for _, topic, r, n in ranked[:3]:
            name = f"{topic} {pick(desk.bank.topics[topic])}"
            blocks.append(Block(f"{name}{' ' * max(30 - width_of(name), 1)}{r}/{n}", indent=2))
        if not ranked:
            blocks.append(Block(say("A topic is ranked from {n} answers on.", n=RANKED_FROM), "quiet"))
        return [*blocks, Block("")]

    def _last_run(self) -> list[Block]:
        runs = self.mtl.desk.runs()
        if not runs:
            return []
        run = runs[0]
        return [
            Block(say("Last run"), "head"),
            Block(say("{name}, seed {n}", name=say_name(run["name"]), n=run["seed"]), indent=2),
            Block(run["summary"][self.mtl.desk.settings.language], "quiet", indent=2),
            Block(""),
        ]

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
            name = f"{topic} {pick(desk.bank.topics[topic])}"
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

    def text_to_copy(self) -> str:
        """The page as text."""
        return "\n".join(block.lead + block.text for block in self.query_one("#text", Prose).blocks)
