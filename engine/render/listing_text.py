"""What answers in text share: the headline, lists of items, duties."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.consulting import Consultation
from whyllm.engine.render.shapes import DutyJson, ReasonJson
from whyllm.engine.words import Words

LISTED = 10
"""Items of a long list that are shown unless all are asked for."""


def headline(consultation: Consultation) -> str:
    """The rulebook, the need as options, and what is assumed beside it."""
    options = " ".join(consultation.need.as_options()) or "no constraint stated"
    assumed = [a for a in consultation.asked if a["origin"] != "stated" and a["axis"] != "machine"]
    words = consultation.words
    taken = ", ".join(
        f"{words.name('axis', a['axis'])} {words.name(str(a['axis']), a['value'])}" for a in assumed
    )
    return f"{consultation.rulebook.id} rulebook · {options}" + (
        f" · assumed: {taken}" if taken else ""
    )


def print_duties(console: Console, words: Words, items: list[DutyJson], indent: int) -> None:
    """The duties of a model, each with its section and trigger."""
    if not items:
        return
    console.print(Padding(Text("Duties:", style="bold"), (0, 0, 0, indent)))
    for item in items:
        where = f" ({words.name('section', item['section'])}; on {item['trigger']})"
        print_item(console, Text.assemble(item["text"], (where, "dim")), indent)


def print_list(console: Console, title: str, items: list[ReasonJson], indent: int) -> None:
    """A titled list of sentences; nothing where there are none."""
    if not items:
        return
    console.print(Padding(Text(f"{title}:", style="bold"), (0, 0, 0, indent)))
    for item in items:
        print_item(console, Text(item["text"]), indent)


def print_item(console: Console, text: Text, indent: int) -> None:
    """One item of a list, its further lines under its first word."""
    grid = Table.grid(padding=0)
    grid.add_column(width=2)
    grid.add_column(ratio=1)
    grid.add_row("•", text)
    console.print(Padding(grid, (0, 0, 0, indent + 2)))
