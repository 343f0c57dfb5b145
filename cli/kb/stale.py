"""`whyllm kb stale`: which facts are past their shelf life on a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import Day, kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.inventory_shapes import StaleFactJson, StaleJson


@click.command("stale")
@click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]")
@kb_option
@output_options("text", "json")
def stale(
    on: dt.date | None, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """Facts past their shelf life: claims of leadership, benchmarks, readings, capabilities."""
    from whyllm.engine.render.doubts_json import stale_json

    data = stale_json(knowledge_base(folders), on or dt.date.today())
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: _print(console, data), output, color)
    return ANSWERED


def _print(console: Console, data: StaleJson) -> None:
    from rich.table import Table
    from rich.text import Text

    for shelf in data["shelves"]:
        head = f"{shelf['id']} ({shelf['months']} months)"
        counts = f"{shelf['stale']:,} of {shelf['facts']:,} stale"
        console.print(Text.assemble((head, "bold"), f": {counts}"))
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
        table.add_column(style="cyan")
        table.add_column(no_wrap=True)
        table.add_column(style="dim", ratio=1)
        for fact in data["stale"]:
            if fact["shelf"] == shelf["id"]:
                table.add_row(*_row(fact))
        if shelf["stale"]:
            console.print(table)
    total = sum(shelf["stale"] for shelf in data["shelves"])
    console.print(Text(f"\n{total:,} stale facts on {data['on']}"))


def _row(fact: StaleFactJson) -> tuple[str, str, str]:
    age = f"{fact['age_months']} months, since {fact['since']}"
    return f"{fact['id']} {fact['field']}", age, fact["source"].split(" <")[0]
