"""`whyllm kb export`: all of the knowledge as one JSON object, or as a table of facts."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_text
from whyllm.engine.knowledge import knowledge_base


@click.command("export")
@kb_option
@output_options("json", "csv")
def export(folders: tuple[Path, ...], format_: str, output: Path | None) -> int:
    """All of the knowledge: as JSON every entry, as CSV a line a fact with its source."""
    from whyllm.engine.render.inventory_json import export_json
    from whyllm.engine.render.knowledge_csv import facts_csv

    kb = knowledge_base(folders)
    if format_ == "json":
        write_json(export_json(kb), output)
    else:
        write_text(facts_csv(kb), output)
    return ANSWERED
