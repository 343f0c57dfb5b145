"""`whyllm graph …`: the tree, a run, a verdict, the rules, the knowledge, or a comparison."""

from __future__ import annotations

import click
from whyllm.cli.graph.difference import diff
from whyllm.cli.graph.run import run
from whyllm.cli.graph.standing import knowledge, rules, tree
from whyllm.cli.graph.why import why


@click.group("graph")
def command() -> None:
    """The decision graph: a picture, a page, or a format that other programs read."""


for subcommand in (tree, run, why, rules, knowledge, diff):
    command.add_command(subcommand)
