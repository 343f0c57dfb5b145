"""`whyllm kb sources`: each source, when it was read and how many facts rest on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.inventory_shapes import SourcesJson


@click.command("sources")
@click.option("--unused", is_flag=True, help="Only sources that nothing cites.")
@kb_option
@output_options("text", "json")
def sources(
    unused: bool, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """Each source: the day it was read, and how many facts rest on it."""
    from whyllm.engine.render.inventory_json import sources_json

    data = sources_json(knowledge_base(folders), unused)
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: _print(console, data, unused), output, color)
    return ANSWERED


def _print(console: Console, data: SourcesJson, unused: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    if unused and not data["sources"]:
        console.print("Every source is cited.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("facts", justify="right")
    table.add_column("read", no_wrap=True)
    table.add_column("source", style="cyan")
    table.add_column("title", ratio=1)
    for source in data["sources"]:
        facts = f"{source['facts']:,}"
        table.add_row(facts, source["read"], source["id"], Text(source["name"]))
    console.print(table)
    total = sum(source["facts"] for source in data["sources"])
    summary = f"sources: {len(data['sources']):,}, facts: {total:,}"
    console.print(Text(summary, style="dim"))
