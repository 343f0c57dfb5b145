"""`whyllm learn glossary [TERM]`: what a word means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.lessons.glossary import Entry, Glossary

if TYPE_CHECKING:
    from rich.console import Console


@click.command("glossary")
@click.argument("term", required=False)
@kb_option
@output_options("text", "json")
def command(
    term: str | None, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """What TERM means, or every term."""
    glossary = Glossary(knowledge_base(folders))
    entries = glossary.entries if term is None else glossary.find(term)
    if format_ == "json":
        from whyllm.engine.render.lesson_json import glossary_json

        write_json(glossary_json(term, entries), output)
    else:
        write_rich(lambda console: print_terms(console, entries), output, color)
    return ANSWERED


def print_terms(console: Console, entries: Sequence[Entry]) -> None:
    """Terms with their meanings."""
    from rich.text import Text

    for entry in entries:
        console.print(
            Text.assemble((entry.term, "bold"), (f" ({entry.kind})", "dim"), f": {entry.text}")
        )
