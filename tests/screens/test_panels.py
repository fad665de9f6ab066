"""Every signal of a run has a place, in every size and language; and what a person does to a run reaches the worker.

The runs are recorded from the worker: `seeds` (PCGrad, three seeds, stopped early, made longer), `two-arms` (equal
weights against PCGrad, weights changed on the way), `five-tasks` (CAGrad), `uncertainty`, `diverged`.
"""

import re

import pytest
from rich.cells import cell_len

from models.events import Best, Checkpoint, Hello, Mark, Metrics, State
from mtl_tui.lab import commands, folder
from mtl_tui.locale import pick
from mtl_tui.store.marks import KeptRun
from mtl_tui.widgets.chart import MARK, STAR
from mtl_tui.widgets.plot import number
from quizzes.question import Text
from tests.screens.conftest import NOON, RUNS

SIZES = [(60, 16), (80, 24), (140, 44)]
NAMES = ["seeds", "two-arms", "five-tasks", "uncertainty", "diverged"]


async def pages(it) -> list[str]:
    """The text of every page of the run in front."""
    found = []
    for _ in range(it.app.screen.panel().views):
        found.append(it.text)
        await it.press("v")
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
@pytest.mark.parametrize("name", NAMES)
async def test_every_page_of_every_run_is_whole(program, name, size, language) -> None:
    async with program(size=size, language=language) as it:
        screen = await it.watch(name)
        seen = await pages(it)
        assert len(seen) == screen.panel().views >= 2
        for text in seen:
            assert all(cell_len(line) == size[0] for line in text.split("\n"))
            assert not re.search(r"\{\w+\}|\bNone\b|\bnan\b", text)
            assert screen.panel().query_one("#status").size.height > 0
        together = "\n".join(seen)
        record = it.desk.lab.record
        for arm in record.hello.arms:
            for task in record.hello.tasks:
                loss = record.value(arm.key, "loss", task.name)
                assert number(loss) in together, f"validation loss of {arm.key} {task.name}"


SIGNALS = {
    "seeds": [
        "gate utilisation, seed 7",
        "entropy",
        "gradient cosine",
        "share of conflicting steps",
        "gradient norms",
        "3 seeds trained together",
        "gap",
        "sd over seeds",
        "smoothed",
        "500-750",
        "step 400: 150 steps more",
        "PCGrad, exact mode",
        "heads unweighted",
        "learning rate 0.0015",
        "step 750/750",
    ],
    "two-arms": [
        "task weight",
        "A 1.000",
        "step 160: weights 1:10",
        "A equal weights; B PCGrad",
        "* lowest validation loss",
    ],
    "five-tasks": ["worst of 10 pairs", "1 task 1", "5 task 5", "CAGrad"],
    "uncertainty": ["task weights", "L/s^2 + log s (binary)", "heads weighted too", "stopped, best at 400"],
    "diverged": ["B ended at step", "became NaN"],
}


@pytest.mark.parametrize("size", SIZES[1:], ids=["80x24", "140x44"])
@pytest.mark.parametrize("name", SIGNALS)
async def test_every_signal_has_a_place(program, name, size) -> None:
    async with program(size=size, language="en") as it:
        await it.watch(name)
        together = re.sub(r"\s+", "", "".join(await pages(it)))
        missing = [signal for signal in SIGNALS[name] if re.sub(r"\s+", "", signal) not in together]
        assert not missing, f"{missing}\n{together}"


async def test_at_140x44_more_stands_at_once(program) -> None:
    async with program(size=(140, 44), language="en") as it:
        await it.watch("seeds")
        assert it.shows("income over 50K  loss", "never married  AUC", "task weights", "gate utilisation, seed 7")
        assert it.shows("task weights now:", "gradient cosine", "conflicting steps")


async def test_marks_and_best_points_stand_in_the_charts_and_the_cursor_reads_both_tables(program) -> None:
    async with program(size=(140, 44), language="en") as it:
        screen = await it.watch("two-arms")
        record = it.desk.lab.record
        assert MARK in it.text and STAR in it.text
        await it.press(*["["] * 5)
        step = screen.panel().cursor
        assert 0 < step < record.step
        for metric in ("loss", "auc"):
            values = [number(record.value(arm, metric, "income", step)) for arm in "AB"]
            assert it.shows(f"A {values[0]}", f"B {values[1]}")
        await it.turn_to("gradient norm", "gap")
        gap = record.value("B", "loss", "income", step) - record.value("B", "train_loss", "income", step)
        assert it.shows(f"{gap:+.3f}")


async def test_a_run_of_one_seed_has_no_word_about_seeds_and_no_view_of_what_it_lacks(program) -> None:
    async with program(size=(80, 24), language="en") as it:
        await it.ask("listing1-repair")
        it.desk.lab.pace = "full"
        await it.press("0", "t")
        await it.until(lambda: not it.desk.lab.live)
        together = "".join(await pages(it))
        for absent in ("seeds", "gate utilisation", "gradient", "task weights", "smoothed", "gap"):
            assert absent not in together.replace("next seed", "")


async def test_the_language_changes_every_page(program) -> None:
    async with program(size=(140, 44), language="en") as it:
        await it.watch("seeds")
        await it.press("z")
        seen = "".join(await pages(it))
        for english in ("loss", "gradient", "seed", "weights", "norm", "conflict", "gap", "best", "mode", "step"):
            assert not re.search(rf"\b{english}", seen.replace("seeds", "")), english
        assert all(word in seen for word in ("梯度余弦", "冲突步占比", "种子间标准差", "训练与验证之差", "头不加权"))


async def test_every_curve_of_several_seeds_has_its_band(program) -> None:
    async with program(size=(140, 44), language="en", theme="light") as it:
        await it.watch("seeds")
        for page in ("never married  AUC", "share of conflicting steps"):
            await it.turn_to(page)
            charts = [chart for chart in it.app.screen.panel().query("Chart") if chart.display]
            assert charts and all(curve.edges for chart in charts for curve in chart.curves if not curve.dim)
            assert all(chart._limits.low >= 0 or chart.rule == 0 for chart in charts), "a band below 0 of what has none"


async def ended(it, name: str):
    """A recorded run whose folder has a checkpoint, and the link's commands."""
    await it.watch(name)
    return it.desk.lab._worker.sent


async def test_a_goes_on_from_the_checkpoint_with_the_recipes_of_the_folder(program) -> None:
    async with program(language="en") as it:
        sent = await ended(it, "two-arms")
        await it.press("a")
        assert it.toasts == "It goes on from step 400, 100 steps longer."
        (again,) = [command for command in sent if isinstance(command, commands.Continue)]
        assert (again.run, again.more, again.spec.seed) == ("two-arms", 100, 7)
        assert [arm.build() for arm in again.spec.arms] != [] and "pcgrad" in again.spec.arms[1].text
        assert it.desk.lab.live and not it.desk.lab.replaying


async def test_a_run_without_a_checkpoint_says_so(program) -> None:
    async with program(language="en") as it:
        await it.ask("listing1-repair")
        it.desk.lab.pace = "full"
        await it.press("0", "t")
        await it.until(lambda: not it.desk.lab.live)
        await it.press("a")
        assert it.toasts == "This run was not saved, so it cannot go on; t trains it anew."


async def test_a_run_whose_tasks_were_all_stopped_early_is_not_made_longer(program) -> None:
    async with program(language="en") as it:
        sent = await ended(it, "uncertainty")
        it.desk.lab.record.fold([Best("A", 0, "income", 500, 0.37, stopped=True)])
        await it.press("a")
        assert it.toasts == "Every task was stopped early; a longer run would change nothing." and not sent


async def test_keys_of_a_live_run_reach_the_worker_and_saving_is_said_when_done(program) -> None:
    async with program(language="en") as it:
        screen = await it.ask("listing1-repair")
        lab = it.desk.lab
        await it.press("0", "t")
        await it.until(lambda: "live" in screen.contexts() and lab.record.step > 1)
        sent = lab._worker.sent
        await it.press("a", "S")
        assert commands.Extend(250) in sent and commands.Save() in sent and "250 steps more." in it.toasts
        assert "Saved" not in it.toasts
        lab._receive([Mark(5, "extend", 250.0), Checkpoint(5, "checkpoint.safetensors")])
        await it.until(lambda: "Saved at step 5: checkpoint.safetensors" in it.toasts)
        await it.until(lambda: it.shows("1250"), "the charts are as long as the run")


async def test_a_worker_that_does_not_answer_is_said_until_it_does(program) -> None:
    async with program(language="zh", size=(80, 24)) as it:
        await it.watch("seeds")
        lab, now = it.desk.lab, 100.0
        lab.clock = lambda: now
        hello, first = [event for event in folder.read(RUNS / "seeds") if isinstance(event, Hello | Metrics)][:2]
        await lab._end_replay()
        lab._front(lab.spec)
        lab._receive([hello, first, State("running", 20, 80.0, samples=5000.0)])
        await it.until(lambda: it.shows("80 步/秒，5,000 样本/秒"))
        now = 104.2
        await it.until(lambda: it.shows("训练进程 4 秒没有回应，x 停止，t 重来。"))
        now = 109.0
        await it.until(lambda: it.shows("训练进程 9 秒没有回应"))
        lab._receive([State("running", 40, 70.0)])
        await it.until(lambda: it.shows("70 步/秒") and not it.shows("没有回应"))
        now = 120.0
        await it.until(lambda: it.shows("没有回应"))
        await it.press("x")
        assert commands.Stop() not in lab._worker.sent


async def test_o_lays_older_and_older_runs_beneath(program) -> None:
    async with program(language="en", size=(140, 44)) as it:
        await it.watch("two-arms")
        desk, lab = it.desk, it.desk.lab
        for number_ in range(2):
            (folder_ := desk.lab._runs / f"older-{number_}").mkdir()
            (folder_ / folder.EVENTS).write_bytes((RUNS / "two-arms" / folder.EVENTS).read_bytes())
            desk.store.add_run(KeptRun(folder_.name, "two-arms", number_, NOON, None, Text("", "")))
        said = []
        for _ in range(3):
            await it.press("o")
            said.append((lab.overlay_run, lab.overlay is not None))
        assert said == [("older-1", True), ("older-0", True), ("", False)]
        await it.press("o")
        await it.turn_to("gradient norm")
        dim = [curve for chart in it.app.screen.panel().query("Chart") for curve in chart.curves if curve.dim]
        assert dim and any(curve.series is not None and len(curve.series) for curve in dim)
        assert pick(lab.record.hello.arms[1].label) == "PCGrad"
