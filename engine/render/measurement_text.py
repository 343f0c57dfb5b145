"""A measurement as text for a terminal: figures in a table, outputs side by side."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.measurement_words import (
    Answer,
    answers,
    faults,
    findings,
    headline,
    machine,
    names,
    rows,
    voted,
)
from whyllm.kb.errors import printable
from whyllm.kb.measurement_schema import Measurement

MOST_LINES = 24
"""Lines of an output; the other formats hold all."""

MOST_FAULTS = 20


def print_measurement(console: Console, measurement: Measurement, catalogue: Catalogue) -> None:
    """Print what was measured, who did better, the answers, and the faults."""
    console.print(Text(headline(measurement), style="bold"))
    console.print(Text(f"{machine(measurement)}; median (first to third quartile)", style="dim"))
    console.print()
    called = names(measurement, catalogue)
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("", style="dim")
    for name in called.values():
        table.add_column(Text(name, style="bold green"), overflow="fold", ratio=1)
    for row in rows(measurement):
        table.add_row(row.label, *(Text(printable(cell)) for cell in row.cells))
    console.print(table)
    console.print()
    for line in findings(measurement, catalogue):
        console.print(Text(line, style="bold"))
    for prompt in measurement.prompts.asked:
        _print_prompt(console, measurement, prompt.id, prompt.text, catalogue)
    _print_faults(console, faults(measurement, catalogue))


def _print_prompt(
    console: Console,
    measurement: Measurement,
    prompt: str,
    text: str | None,
    catalogue: Catalogue,
) -> None:
    vote = voted(measurement, prompt, catalogue)
    console.print()
    console.print(Text.assemble((prompt, "bold"), f"  voted best: {vote}" if vote else ""))
    if text is not None:
        console.print(Padding(Text(_shown(text, 6)), (0, 0, 0, 3)))
    told = list(answers(measurement, prompt, catalogue))
    table = Table(box=None, padding=(0, 1), pad_edge=False, expand=True)
    for answer in told:
        table.add_column(Text(answer.name, style="green"), overflow="fold", ratio=1)
    table.add_row(*map(_cell, told))
    console.print(Padding(table, (0, 0, 0, 3)))


def _cell(answer: Answer) -> Text:
    if answer.fault is not None:
        cell = Text(printable(answer.fault), style="red")
    elif answer.output is None:
        cell = Text("(kept without texts)", style="dim")
    else:
        cell = Text(_shown(answer.output, MOST_LINES) or "(empty)")
    for line in answer.checks:
        cell.append(f"\n{printable(line)}", style="cyan" if line[0] == "✓" else "red")
    return cell


def _print_faults(console: Console, lines: list[str]) -> None:
    if not lines:
        return
    console.print()
    console.print(Text("Faults:", style="bold red"))
    for line in lines[:MOST_FAULTS]:
        console.print(Padding(Text(printable(line)), (0, 0, 0, 2)))
    if len(lines) > MOST_FAULTS:
        console.print(Padding(Text(f"and {len(lines) - MOST_FAULTS} more"), (0, 0, 0, 2)))


def _shown(text: str, most: int) -> str:
    lines = [printable(line) for line in text.expandtabs(4).splitlines()]
    more = [f"… {len(lines) - most} more lines"] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])
