"""`whyllm learn …`: the course by doing."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {"quiz": "Questions drawn from live cases, with keys that the engine computes."}


class _LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"whyllm.cli.learn.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group("learn", cls=_LazyGroup)
def command() -> None:
    """The course by doing: quizzes drawn from live cases."""
