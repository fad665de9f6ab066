"""The figures of a person as sentences and tables, for Home, the page of figures and `mtl-tui stats`."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_tui.config import Settings
from mtl_tui.flows import days
from mtl_tui.flows.desk import Desk
from mtl_tui.flows.figures import LATEST, Figures, gather
from mtl_tui.flows.interview import finished
from mtl_tui.flows.quiz import QuizSession
from mtl_tui.flows.today import RANKED_FROM, DayPlan, TopicFigures
from mtl_tui.locale import later, pick, say
from mtl_tui.notes import interview
from mtl_tui.notes.interview import SURE
from mtl_tui.typeset import Block, clip, width_of
from quizzes.bank import Bank
from quizzes.calibration import ENOUGH, ConfidenceBin, RecallBin
from quizzes.fitting import ENOUGH as FITTED_FROM
from quizzes.interview import report
from quizzes.plan import Today
from quizzes.schedule import LEECH_LAPSES

NAME = 28
"""Cells of the longest name of a topic."""
NAME_SCALED = 24
"""Cells that a name keeps at least where the intervals are drawn."""
SCALE = 20
TABLE = 57
"""Cells of the table of topics with whole names."""
WEEKS = 20
FORECAST_HEIGHT = 4


def minutes(seconds: float) -> int:
    """Whole minutes, at least one unless there is nothing."""
    return max(round(seconds / 60), 1) if seconds else 0


def time_left(desk: Desk, session: QuizSession) -> str:
    """What the rest of a session takes this person, the question in front included; empty once it is over."""
    if session.phase == "over":
        return ""
    plan, questions = desk.day(), session.bank.questions
    seconds = sum(plan.seconds(questions[each.question]) for each in session.queue[session.place :])
    return say("about {n} min left", n=minutes(seconds))


def interview_ahead(settings: Settings, plan: DayPlan) -> str:
    """How long until the interview, with its name; without a date, where to set one."""
    left = plan.days_left()
    if left is None:
        return say(", sets the date of an interview")
    if left == 0:
        return say("{name}: today", name=settings.interview_name or say("Interview"))
    return say("{name}: {n} days to go", name=settings.interview_name or say("Interview"), n=left)


def put_off(settings: Settings, plan: DayPlan, today: Today) -> list[str]:
    """What does not come today, how many due reviews of it, and why."""
    sentences = []
    if plan.final():
        sentences.append(say("In the last days only what was missed and the weakest topics come."))
    if late := today.put_off - today.beside:
        sentences.append(say("Put off: {n}, to keep to {minutes} min a day.", n=late, minutes=settings.minutes_per_day))
    if today.beside:
        sentences.append(say("Put off: {n}, since two questions on one fact never come on one day.", n=today.beside))
    return sentences


def pace(settings: Settings, plan: DayPlan, today: Today) -> str:
    """What is met before the interview at the present pace; empty without a date."""
    found = plan.pace(today)
    if found is None:
        return ""
    if found.reachable >= found.total:
        return say("At this pace all {total} questions are met before the interview.", total=found.total)
    if found.needed_per_day is None and plan.final():
        return say("{n} of {total} questions are met before the interview.", n=found.reachable, total=found.total)
    if found.needed_per_day is None:
        return say(
            "At this pace {n} of {total} questions are met before the interview: {minutes} min a day hold no more.",
            n=found.reachable,
            total=found.total,
            minutes=settings.minutes_per_day,
        )
    return say(
        "At this pace {n} of {total} questions are met before the interview; {more} more a day would meet them all.",
        n=found.reachable,
        total=found.total,
        more=found.needed_per_day - settings.new_per_day,
    )


def topics(bank: Bank, plan: DayPlan, ranked: Sequence[TopicFigures], room: int = TABLE) -> list[Block]:
    """The ranked topics as a table in `room` cells, the weakest first, and how many are not ranked yet; where there is
    room the intervals are drawn."""
    counts = [f"{each.right}/{each.answered}" for each in ranked]
    count = max([6, *map(len, counts)]) + 2
    columns = f"{_right(say('right/n'), count)}{_right(say('accuracy'), 9)}  {say('95 % range')}"
    room -= width_of(columns)
    scaled = room >= NAME_SCALED + 2 + SCALE
    width = min(NAME, room - 2 - SCALE if scaled else room)
    head = say("Weakest topics")
    blocks = []
    if ranked:
        gap = width - width_of(head) + (2 + SCALE if scaled else 0)
        blocks.append(Block(head + " " * max(gap, 1) + columns, "head", verbatim=True))
    for each, given in zip(ranked, counts, strict=True):
        name = clip(pick(bank.entitled(each.topic)), width)
        line = name + " " * (width - width_of(name))
        if scaled:
            line += f"  {scale(each.low, each.high, each.share)}"
        line += given.rjust(count) + f"{each.share:.0%}".replace("%", " %").rjust(9)
        blocks.append(Block(f"{line}  {interval(each.low, each.high)}", verbatim=True))
    few = sum(not each.ranked for each in plan.topics())
    if few:
        blocks.append(
            Block(
                say("Topics with fewer than {least} answers are not ranked: {n} so far.", least=RANKED_FROM, n=few),
                "quiet",
            )
        )
    return blocks


def interval(low: float, high: float) -> str:
    """An interval of shares in whole per cent."""
    return f"{round(100 * low)} - {round(100 * high)}"


def scale(low: float, high: float, share: float) -> str:
    """A share and its interval drawn on the way from 0 to 1."""
    places = [round(each * (SCALE - 1)) for each in (low, share, high)]
    cells = [" "] * SCALE
    cells[places[0] : places[2] + 1] = "-" * (places[2] + 1 - places[0])
    cells[places[0]], cells[places[2]], cells[places[1]] = "[", "]", "o"
    return "".join(cells)


def confidence(bins: Sequence[ConfidenceBin], latest: int | None = None) -> list[Block]:
    """Being right against being sure, over the `latest` answers if not over all; nothing while it was never asked."""
    if not bins:
        return []
    title = say("Right when...") if latest is None else say("The last {n} answers: right when...", n=latest)
    blocks = [Block(title, "head")]
    for each in bins:
        share = f"{each.right / each.n:.0%}".replace("%", " %")
        name = say(SURE[each.confidence - 1])
        line = f"{each.right}/{each.n}".rjust(9) + share.rjust(8) + f"   {interval(each.low, each.high)}"
        blocks.append(Block(f"{name}{' ' * max(12 - width_of(name), 1)}{line}", indent=2, verbatim=True))
    sure = next((each for each in bins if each.confidence == 3), None)
    if sure is not None:
        blocks.append(Block(say("Sure but wrong: {n}", n=sure.n - sure.right), "quiet", indent=2))
    return blocks


def recall(bins: Sequence[RecallBin], predictions: int, retention: float) -> list[Block]:
    """Predicted against achieved recall, from a hundred predictions on."""
    blocks = [Block(say("Recall, promised and achieved (aim {aim} %)", aim=round(100 * retention)), "head")]
    if not bins:
        return [*blocks, Block(say("Shown from {least} reviews on; {n} so far.", least=ENOUGH, n=predictions), "quiet")]
    for each in bins:
        line = say(
            "promised {predicted} %   achieved {achieved} %   {interval}   n {n}",
            predicted=round(100 * each.predicted),
            achieved=round(100 * each.achieved),
            interval=interval(each.low, each.high),
            n=each.n,
        )
        blocks.append(Block(line, indent=2, verbatim=True))
    return blocks


def leeches(figures: Figures, bank: Bank) -> list[Block]:
    """Questions that repeating does not teach, and what to do with them."""
    if not figures.leeches:
        return []
    blocks = [Block(say("Missed again and again ({n} times or more)", n=LEECH_LAPSES), "head")]
    for each in figures.leeches:
        stem = pick(bank.questions[each.question].stem)
        blocks.append(Block(stem, lead=f"{each.lapses:>3}  ", indent=5))
    remedy = say(
        "Find one with /: read its explanation and source, run what can be trained beside it, or set it aside there."
    )
    return [*blocks, Block(remedy, "quiet", indent=2)]


def last(name: str, what: str, summary: str) -> list[Block]:
    """What was done last of its kind, and how it went."""
    return [Block(what, lead=f"{name}  ", indent=2), Block(summary, "quiet", indent=2)]


def last_interview(desk: Desk) -> list[Block]:
    """The last mock interview in two lines; nothing before the first one has ended."""
    ended = next(iter(finished(desk.store)), None)
    if ended is None:
        return []
    told = interview.summary(ended, report(ended, desk.bank))
    return last(say("Last interview"), interview.title(ended), told)


def fitting(n: int, *, fitted: bool) -> str:
    """Whether the schedule can be fitted to so many repeated answers yet, or is, and how."""
    if n < FITTED_FROM:
        return say(
            "The schedule can be fitted to you from {least} repeated answers on; {n} so far.", least=FITTED_FROM, n=n
        )
    if not fitted:
        return say("Repeated answers: {n}. F fits the schedule to you, and keeps it only if it is better.", n=n)
    return say("The schedule is fitted to you; F does it again or takes it back. Repeated answers: {n}.", n=n)


def page(desk: Desk, *, keys: bool, room: int = TABLE) -> list[Block]:
    """The page of figures, with what there are `keys` for on the screen; its table takes up to `room` cells."""
    plan, all_ = desk.day(), gather(desk)
    blocks = [
        Block(_answered(all_.answered, all_.right), "lead"),
        Block(say("Streak: {n} d, the longest {longest} d", n=all_.streak, longest=all_.longest_streak)),
    ]
    if all_.gone:
        blocks.insert(1, Block(say("Answers to questions no longer in a bank: {n}", n=all_.gone), "quiet"))
    if keys or plan.days_left() is not None:
        blocks.append(Block(interview_ahead(desk.settings, plan)))
    aside = later("Set aside: {n}; b lists them.") if keys else later("Set aside: {n}")
    today = plan.today()
    blocks += [Block(each) for each in (*put_off(desk.settings, plan, today), pace(desk.settings, plan, today)) if each]
    parts = [
        [
            Block(say("Answers a day"), "head"),
            *days.calendar(all_.per_day, plan.day, WEEKS),
            Block(days.legend(), "quiet", indent=3),
        ],
        topics(desk.bank, plan, plan.ranked(), min(room, TABLE)),
        recall(all_.recall, all_.predictions, all_.retention),
        confidence(all_.confidence, LATEST if sum(all_.per_day.values()) > LATEST else None),
        [
            Block(say("Reviews of the coming two weeks"), "head"),
            *days.bars([each.due for each in all_.forecast], plan.day, FORECAST_HEIGHT),
        ],
        leeches(all_, desk.bank),
        last_interview(desk),
        [Block(say(aside, n=len(all_.suspended)))] if all_.suspended else [],
    ]
    for part in filter(None, parts):
        blocks += [Block(""), *part]
    return blocks


def _answered(n: int, right: int) -> str:
    if not n:
        return say("Answered: {n}, right: {right}.", n=n, right=right)
    return say("Answered: {n}, right: {right} ({share} %)", n=n, right=right, share=round(100 * right / n))


def _right(text: str, width: int) -> str:
    return " " * max(width - width_of(text), 0) + text
