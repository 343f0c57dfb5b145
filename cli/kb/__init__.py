"""`whyllm kb …`: what the knowledge base holds, whether it is sound, and what of it to doubt."""

from __future__ import annotations

import click
from whyllm.cli.kb.check import check
from whyllm.cli.kb.conflicts import conflicts
from whyllm.cli.kb.draft import draft
from whyllm.cli.kb.export import export
from whyllm.cli.kb.listing import list_entries
from whyllm.cli.kb.search import search_entries
from whyllm.cli.kb.show import show_entry
from whyllm.cli.kb.sources import sources
from whyllm.cli.kb.stale import stale


@click.group("kb")
def command() -> None:
    """The knowledge: models, licences, publishers, and their sources."""


for subcommand in (
    list_entries,
    search_entries,
    show_entry,
    conflicts,
    sources,
    stale,
    export,
    check,
    draft,
):
    command.add_command(subcommand)
