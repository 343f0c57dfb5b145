"""The `whyllm` group: loads commands by name; every fault is one line and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any, NoReturn

import click
from whyllm.cli.exits import WRONG_QUESTION, tell
from whyllm.cli.suggestions import close_to

_COMMANDS = {
    "recommend": "Three or four models for a need, each with why; and what fell where.",
    "why": "The verdict on one model: causes, proof, the smallest changes that admit it.",
    "ask": "The same, from a question in words, English or French.",
    "stability": "Between which values of each stated number the shortlist stays the same.",
    "interview": "One question at a time, always the most deciding; then a recommendation.",
    "learn": "The course by doing: lessons, quizzes, cases to predict, a glossary.",
    "history": "The remembered consultations, as command lines.",
    "what-if": "Who enters, leaves and moves if some axes were set anew, and why.",
    "relax": "What to give up or loosen where nothing remains, the cheapest first.",
    "compare": "What decides between two models, and nothing else.",
    "measure": "Two or three models head to head on your own prompts and machine.",
    "verify": "A saved certificate, checked anew from the rules and the facts.",
    "rules": "The rules, with condition, sentence and teaching text.",
    "kb": "The knowledge: models, licences, publishers, and their sources.",
    "licence": "Licences clause by clause; compliance review.",
    "graph": "The decision graph.",
    "export": "The site as files, to read without a server.",
    "serve": "The web page and the API, on this machine.",
    "mcp": "The same for an assistant to ask, by the Model Context Protocol.",
    "schema": "The JSON Schema of an answer.",
}


class _LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"whyllm.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = close_to(args[0], _COMMANDS)
            hint = f"did you mean {close[0]}?" if close else f"commands: {', '.join(_COMMANDS)}"
            raise click.UsageError(f"no such command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"whyllm {version('whyllm')}")
        ctx.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Print the version.",
)  # fmt: skip
def program() -> None:
    """Which open model, and why not the others?"""


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command and exit: 0 answered, 1 answered in the negative, 2 the question is wrong."""
    from whyllm.engine.errors import QuestionError

    gc.disable()  # a command lives for seconds and drops nothing worth collecting on its way
    try:
        result: Any = program.main(args, prog_name="whyllm", standalone_mode=False)
        code = result if isinstance(result, int) else 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        code = 0
    except click.ClickException as error:
        code = _refuse(error.format_message())
    except QuestionError as error:
        code = _refuse(str(error))
    except click.Abort:
        code = 130
    except BrokenPipeError:  # the reader went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:  # a full disk behind standard output
        code = _refuse(f"the answer cannot be written: {error.strerror or error}")
    sys.exit(code)


def _refuse(message: str) -> int:
    tell(message)
    return WRONG_QUESTION
