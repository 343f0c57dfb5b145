"""`whyllm licence …`: the licences clause by clause, one or side by side."""

from __future__ import annotations

import click
from whyllm.cli.licence.compare import compare_licences
from whyllm.cli.licence.listing import list_licences
from whyllm.cli.licence.review import review_models
from whyllm.cli.licence.show import show_licence
from whyllm.cli.licence.text import licence_text


@click.group("licence")
def command() -> None:
    """Licences clause by clause; compliance review."""


for subcommand in (review_models, list_licences, show_licence, compare_licences, licence_text):
    command.add_command(subcommand)
