"""The options that commands share: the need, the rulebook, the knowledge and the output."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from whyllm.engine.need import AXES, Axis, Need, NeedError
from whyllm.engine.stages import RULEBOOKS

F = TypeVar("F", bound=Callable[..., Any])


class _AxisValue(click.ParamType):  # type: ignore[type-arg]
    """A value of one axis, checked by the need itself."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self.name = axis.metavar or "value"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What the help shows for the value."""
        return f"[{'|'.join(self.axis.choices)}]" if self.axis.choices else self.axis.metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the value; a wrong one is a usage error of one line."""
        try:
            return self.axis.parse(self.axis.name, value)
        except NeedError as error:
            option = self.axis.name.replace("_", "-")
            message = str(error).removeprefix(self.axis.name)
            raise click.UsageError(f"--{option}{message}") from None


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Parse the day."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise click.UsageError(f"--on: found {value!r}, expected a day as YYYY-MM-DD") from None


def axis_options(*names: str) -> Callable[[F], F]:
    """Add an option for each of the axes."""

    def add(function: F) -> F:
        for axis in reversed([AXES[name] for name in names]):
            name = "--" + axis.name.replace("_", "-")
            if axis.flag:
                option = click.option(name, axis.name, is_flag=True, default=None, help=axis.help)
            else:
                option = click.option(
                    name, axis.name, type=_AxisValue(axis), multiple=axis.repeatable, help=axis.help
                )
            function = option(function)
        return function

    return add


def need_options(function: F) -> F:
    """Add an option for each axis, `--need FILE`, `--machine auto`, `--rulebook`, `--on`."""
    function = axis_options(*AXES)(function)
    extra = (
        click.option("--need", "need_file", type=click.Path(path_type=Path), metavar="FILE",
                     help="A YAML or JSON file of axes; options win over it."),
        click.option("--machine", type=click.Choice(["auto"]),
                     help="Read the memory of this machine."),
        click.option("--rulebook", type=click.Choice(RULEBOOKS), default=None,
                     help="Which rules judge.  [default: expert]"),
        click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]"),
    )  # fmt: skip
    for option in reversed(extra):
        function = option(function)
    return function


def kb_option(function: F) -> F:
    """Add `--kb DIR`."""
    return click.option(
        "--kb", "folders", type=click.Path(path_type=Path), multiple=True, metavar="DIR",
        help="A folder of your own knowledge, laid over the built-in one; repeatable. Folders "
             "named in WHYLLM_KB, parted as in PATH, come before it.",
    )(function)  # fmt: skip


def file_option(function: F) -> F:
    """Add `-o FILE`."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
        help="Write to a file instead of standard output.",
    )(function)  # fmt: skip


def save_option(function: F) -> F:
    """Add `--save FILE`."""
    return click.option(
        "--save", type=click.Path(path_type=Path), metavar="FILE",
        help="Write a certificate of the answer, which `whyllm verify` checks.",
    )(function)  # fmt: skip


def output_options(*formats: str) -> Callable[[F], F]:
    """Add `--format`, `-o FILE` and, where there is text, `--color`; the first is the default."""

    def add(function: F) -> F:
        if "text" in formats:
            function = click.option(
                "--color", type=click.Choice(["auto", "always", "never"]), default="auto",
                help="Colour in text.  [default: auto]",
            )(function)  # fmt: skip
        function = file_option(function)
        return click.option(
            "--format", "format_", type=click.Choice(formats), default=formats[0],
            help=f"[default: {formats[0]}]",
        )(function)  # fmt: skip

    return add


def stated_need(
    values: dict[str, Any], need_file: Path | None = None, machine: str | None = None
) -> Need:
    """The need of a command line: the file's axes, then the machine's, then the options'."""
    axes: dict[str, Any] = {}
    if need_file is not None:
        axes.update(Need.from_file(need_file).stated)
    if machine is not None:
        from whyllm.engine.this_machine import memory_of_this_machine

        axes.update(memory_of_this_machine())
    axes.update({k: v for k, v in values.items() if k in AXES and v not in (None, ())})
    return Need.of(axes)
