"""`mtl-tui train`: one run, flat out, as words or as events."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from models import events, own
from models.catalogue.networks import Own
from models.events import Error, Evaluation, Event, State
from models.own import Source
from models.pairings import PAIRINGS
from models.recipe import CLOCKED
from models.recipes import RecipeError, load, override
from mtl_tui import places, trust
from mtl_tui.commands import flat_out
from mtl_tui.commands.plain import Failure, Misuse, at_desk, line, warn
from mtl_tui.flows.closing import closing
from mtl_tui.flows.lab import FIRST_SEED, kept_spec, task_label
from mtl_tui.lab import folder
from mtl_tui.lab.commands import ArmSpec, RunSpec
from mtl_tui.lab.folder import RunFolderError
from mtl_tui.lab.link import Gone
from mtl_tui.lab.record import RunRecord
from mtl_tui.lab.specs import arm_spec, title
from mtl_tui.locale import later, pick, say

INTERRUPTED = 130
ADVICE = {
    "": later("Try --set training.learning_rate={half}."),
    "learning_rate": later("Probably the learning rate {rate}; try --set training.learning_rate={half}."),
    "loss_scale": later("One task's loss is far larger than the others'; weigh it less by --set training.weights=..."),
    "weights": later("Probably the task weights; try smaller ones by --set training.weights=..."),
    "data": later("The data hold a number that is not finite; look for infinite or missing values in them."),
}
"""Why a loss may have stopped being finite, and what to type next."""


@click.command()
@click.argument("recipe")
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the training rows; sets training.steps.")
@click.option("--seed", type=click.IntRange(min=0), default=FIRST_SEED, show_default=True, help="Decides every number.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a setting, such as training.learning_rate=0.01; can be given several times.",
)
@click.option("--trust", "trusted", is_flag=True, help="Load a network of your own without being asked about its file.")
@click.option("--plain", "form", flag_value="plain", default=True, help="A line of words per evaluation. [default]")
@click.option("--jsonl", "form", flag_value="jsonl", help="One event a line, as the run folder holds them.")
def train(recipe: str, epochs: int | None, seed: int, settings: Sequence[str], trusted: bool, form: str) -> None:
    """Train RECIPE: the name of a recipe or a pairing (recipes list shows them), a .toml file, or the folder of a run,
    which is repeated with its interventions and compared.

    The run folder is kept as the program keeps it. Ctrl+C stops the run and keeps it; the exit code is then 130, after
    a loss that became NaN it is 1, and 2 for a recipe or a setting that does not exist.
    """
    with at_desk(None) as desk:
        try:
            earlier = Path(recipe) if Path(recipe).is_dir() else None
            if earlier is None:
                spec = plan(recipe, seed, _pairs(settings), epochs)
            elif settings or epochs is not None:
                raise RecipeError(f"{recipe} is a run, repeated as it was; --set and --epochs are for recipes.")
            elif not (earlier / folder.EVENTS).is_file():
                raise RecipeError(f"{recipe} is not the folder of a run; name a recipe, a .toml file or a run folder.")
            else:
                spec = kept_spec(earlier)
            spec = msgspec.structs.replace(spec, trusted=consent(own_files(spec.arms), trusted))
        except (RecipeError, RunFolderError) as error:
            raise Misuse(str(error)) from error
        record = flat_out.run(desk.lab, spec, _print_events if form == "jsonl" else flat_out.Table().hear)
        _fail(record)
        if form == "plain":
            line(_ending(spec, record))
            if record.state.saved:
                click.echo(say("Run folder: {folder}", folder=places.runs() / desk.lab.run))
                if earlier is not None:
                    line(_compared(earlier, places.runs() / desk.lab.run))
        if not record.state.saved:
            warn(say("The run folder cannot be written; nothing of this run is kept."))
        if record.done is not None and record.done.stopped:
            raise click.exceptions.Exit(INTERRUPTED)


def plan(name: str, seed: int, settings: dict[str, str], epochs: int | None) -> RunSpec:
    """The run of a recipe, a pairing or a recipe file. A pairing with other settings is not judged.

    `epochs` gives every arm epochs * ceil(training rows / batch) steps. Raises RecipeError.
    """
    pairing = PAIRINGS.get(name)
    if pairing is not None:
        arms = [(arm.key, arm.label, arm.recipe) for arm in pairing.arms]
    else:
        arms = [("A", title(name), name)]
    specs = []
    for key, label, recipe in arms:
        overrides = dict(settings)
        changed = override(load(recipe), overrides)
        if epochs is not None:
            if "training.steps" in settings:
                raise RecipeError("--epochs sets training.steps; give one of the two.")
            if changed.tasks.train is None:
                raise RecipeError("--epochs needs data of a known size; set training.steps instead.")
            overrides["training.steps"] = str(epochs * math.ceil(changed.tasks.train / changed.training.batch))
        specs.append(arm_spec(key, label, recipe, overrides))
    judged = pairing is not None and not any(arm.overrides for arm in specs)
    return RunSpec(name if pairing else Path(name).stem, tuple(specs), seed, name if judged else None)


def consent(sources: Iterable[Source], given: bool) -> tuple[str, ...]:
    """The SHA-256 of all files that may be loaded, after the person was asked about those not yet trusted.

    With `given` nobody is asked. Raises Misuse without a terminal, Failure for a no.
    """
    trusted = list(trust.hashes())
    for source in sources:
        if source.sha256 in trusted:
            continue
        if not given:
            _ask(source)
        trusted.append(source.sha256)
        try:
            trust.keep(source)
        except OSError as error:
            warn(
                say(
                    "{file} cannot be written ({why}), so you will be asked again.",
                    file=trust.file(),
                    why=error.strerror,
                )
            )
    return tuple(trusted)


def own_files(arms: Sequence[ArmSpec]) -> Iterable[Source]:
    """The files with the networks of one's own that these arms train. Raises RecipeError."""
    networks = (arm.build().network for arm in arms)
    return [own.read(network.source) for network in networks if isinstance(network, Own)]


def _ask(source: Source) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise Misuse(
            say(
                "{file} is a network of your own that is new or has changed; run this in a terminal to be asked about "
                "it, or add --trust.",
                file=source.path,
            )
        )
    warn(
        say(
            "{file} is a network of your own: {lines} lines, {size} bytes, SHA-256 {hash}. To train it is to run it. "
            "It can do anything that you can do.",
            file=source.path,
            lines=len(source.code.splitlines()),
            size=f"{len(source.code):,}",
            hash=source.sha256[:12],
        )
    )
    try:
        agreed = click.confirm(say("Load it, now and as long as it stays the same?"), err=True)
    except click.Abort:
        warn("")
        agreed = False
    if not agreed:
        raise Failure(say("It was not loaded, and nothing was trained."))


def _pairs(settings: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise RecipeError(f"--set takes KEY=VALUE, such as training.learning_rate=0.01, not {setting}.")
        pairs[key.strip()] = value
    return pairs


def _print_events(batch: list[Event | Gone]) -> None:
    for event in batch:
        if not isinstance(event, State | Gone):
            click.echo(events.encode(event))


def _fail(record: RunRecord) -> None:
    """Raise what a failed run has to say."""
    match record.error:
        case Error(kind="nan") as error:
            rate = error.learning_rate
            raise Failure(
                say(
                    "Step {step}: the loss of {task} became NaN; stopped at {before}. {cause}",
                    step=error.step,
                    task=pick(task_label(record, error.task)),
                    before=error.step - 1,
                    cause=say(ADVICE[error.cause], rate=f"{rate:g}", half=f"{rate / 2:g}"),
                )
            )
        case Error(kind="recipe", message=message):
            raise Misuse(message)
        case Error(message=message):
            raise Failure(message)
        case None:
            pass
    if record.gone is not None:
        raise Failure(
            say(
                "The training process is gone (out of memory?); the curve up to step {step} is kept. Its last words "
                "are in {log}.",
                step=record.step,
                log=places.worker_log(),
            )
        )


def _compared(earlier: Path, again: Path) -> str:
    """Whether a repeated run has given the same numbers."""
    one, other = (
        {
            (event.arm, event.replica, event.task, event.step): {
                name: value for name, value in event.metrics.items() if name not in CLOCKED
            }
            for event in folder.read(each)
            if isinstance(event, Evaluation)
        }
        for each in (earlier, again)
    )
    different = [key for key, metrics in one.items() if other.get(key) != metrics]
    if not different:
        return say("All {count} evaluations are equal to the last bit.", count=len(one))
    return say(
        "{different} of {count} evaluations differ, the first at step {step}.",
        different=len(different),
        count=len(one),
        step=min(step for *_, step in different),
    )


def _ending(spec: RunSpec, record: RunRecord) -> str:
    if spec.pairing is None:
        return flat_out.last_numbers(record)
    return closing(PAIRINGS[spec.pairing], record)[0]
