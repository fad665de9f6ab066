"""The command line: one table of names and one line of help each; a command's module is imported when it is run."""

from __future__ import annotations

import importlib

import click

from mtl_tui import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "quiz": ("mtl_tui.commands.quiz:quiz", "Answer questions, on the screen or line by line."),
    "interview": ("mtl_tui.commands.interview:interview", "A mock interview against the clock, with a report."),
    "train": ("mtl_tui.commands.train:train", "Train a recipe or a pairing and print what happens."),
    "recipes": ("mtl_tui.commands.recipes:recipes", "List the recipes that come with the program, show one."),
    "bank": ("mtl_tui.commands.bank:bank", "Check a question bank, show a question, add your own."),
    "notes": ("mtl_tui.commands.notes:notes", "Write a study note from your answers and runs."),
    "fit": ("mtl_tui.commands.fit:fit", "Fit the schedule to how you forget."),
    "store": ("mtl_tui.commands.store:store_", "Write all answers to a file of JSON, read one."),
    "doctor": ("mtl_tui.commands.doctor:doctor", "Check the answers, the terminal and torch; repair on request."),
    "stats": ("mtl_tui.commands.stats:stats", "Show what your answers say, as text or as JSON."),
    "demo": ("mtl_tui.commands.demo:demo", "A question, a real training run and a note, by themselves."),
}


class LazyGroup(click.Group):
    """Lists and helps from `COMMANDS` without importing any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table as help shows it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="mtl-tui %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Prepare for an interview on multi-task learning: answer, train the models live, take a note away.

    Without a command the program opens on the screen.
    """
    if ctx.invoked_subcommand is None:
        from mtl_tui.commands.screen import open_screen

        open_screen()
