"""`whyllm learn …`: the course by doing."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {
    "list": "The lessons.",
    "show": "A lesson, with pictures, tables and claims that are checked as it is shown.",
    "quiz": "Questions drawn from live cases, with keys that the engine computes.",
    "predict": "A case step by step: predict first, then see the rules.",
    "glossary": "What a word means.",
}

_MODULES = {"list": "listing"}


class _LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"whyllm.cli.learn.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group("learn", cls=_LazyGroup)
def command() -> None:
    """The course by doing: lessons, quizzes, cases to predict, a glossary."""
