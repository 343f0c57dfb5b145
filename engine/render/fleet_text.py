"""The review of a fleet as text for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text
from whyllm.engine.fleet.tally import Tally
from whyllm.engine.render.review.text import STYLES
from whyllm.engine.render.review.told import GRAVEST_FIRST
from whyllm.engine.reviewing.finding import Verdict
from whyllm.kb.errors import printable

MOST_CAUSES = 10
"""Causes that are told; the JSON has all."""


def print_fleet(console: Console, tally: Tally) -> None:
    """Print the counts by verdict, the causes of most rows, and where the results are."""
    total = tally.total
    options = " ".join(tally.need.as_options())
    console.print(Text(f"{printable(tally.input)} · {options} · {tally.on}", style="bold"))
    table = _table()
    for verdict in GRAVEST_FIRST:
        rows = total.verdicts[verdict]
        table.add_row(f"{rows:,}", _share(rows, total.rows), Text(verdict, style=STYLES[verdict]))
    if total.faults:
        unread = Text("could not be read", style="bold red")
        table.add_row(f"{total.faults:,}", _share(total.faults, total.rows), unread)
    table.add_row(f"{total.rows:,}", "", "rows")
    console.print(table)
    if tally.causes:
        console.print(Text("What speaks against most rows, or leaves them open:", style="bold"))
        table = _table()
        for cause in tally.causes[:MOST_CAUSES]:
            said = Text.assemble(
                (cause.verdict, STYLES[Verdict(cause.verdict)]),
                "  ",
                (cause.rule, "bold"),
                "  ",
                cause.title,
            )
            table.add_row(f"{cause.rows:,}", _share(cause.rows, total.rows), said)
        console.print(table)
    if total.contradicted:
        console.print(
            Text(f"{total.contradicted:,} declare what contradicts the terms that are known.")
        )
    for fault in tally.all_faults:
        console.print(Text(printable(fault), style="bold red", overflow="fold"))
    for model in tally.unused_exceptions:
        console.print(Text(f"The exception for {printable(model)} covers no row."))
    stood = f", of which {tally.stood:,} stood before" if tally.stood else ""
    parts = "1 part" if tally.parts == 1 else f"{tally.parts:,} parts"
    told = f"{parts}{stood}; {printable(tally.results)} has a row for each row"
    console.print(Text(told, overflow="fold"))


def _table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _share(rows: int, of: int) -> str:
    return f"{rows / of:.1%}" if of else ""
