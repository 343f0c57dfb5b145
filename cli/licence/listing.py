"""`whyllm licence list`: the licences in a line each, filtered by category, use or word."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich, write_text
from whyllm.cli.suggestions import OneOf
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.need import AXES
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from whyllm.engine.render.licence_shapes import LicencesJson, ShelvedJson

CATEGORIES: tuple[str, ...] = get_args(Licence.model_fields["category"].annotation)
GRANTED = ("yes", "conditional")
COLUMNS = (
    "id", "name", "category", "commercial", "production", "thresholds", "not in", "models",
)  # fmt: skip
WIDEST = 10_000
"""Columns of a Markdown table, whose lines are never folded."""


@click.command("list")
@click.option("--category", type=OneOf("--category", CATEGORIES), help="Only of that category.")
@click.option(
    "--use",
    type=OneOf("--use", AXES["use"].choices),
    help="Only those whose clauses on that use grant it, on conditions or without.",
)
@click.option("--search", metavar="WORDS", help="Only those that hold the words.")
@kb_option
@output_options("text", "json", "md", "csv")
def list_licences(
    category: str | None,
    use: str | None,
    search: str | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """All licences, one line each, with what they grant and how many models they bind.

    --use reads clauses alone: thresholds, territories and duties are for `recommend` to judge.
    """
    from whyllm.engine.render.licence_json import licences_json

    kb = knowledge_base(folders)
    data = licences_json(kb, _chosen(kb, category, use, search), category, use, search)
    if format_ == "json":
        write_json(data, output)
    elif format_ == "csv":
        write_text(_csv(data), output)
    elif format_ == "md":
        write_text(_markdown(data), output)
    else:
        write_rich(lambda console: _print(console, data), output, color)
    return ANSWERED if data["licences"] else NEGATIVE


def _chosen(
    kb: KnowledgeBase, category: str | None, use: str | None, search: str | None
) -> list[Licence]:
    """The licences that pass every filter that is stated."""
    held = set(kb.licences) if search is None else _holding(kb, search)
    return [
        licence
        for licence in kb.licences.values()
        if category in (None, licence.category)
        and licence.id in held
        and (use is None or _grants(kb, licence, use))
    ]


def _holding(kb: KnowledgeBase, words: str) -> set[str]:
    from whyllm.kb.search import search

    return {hit.document.id for hit in search(kb, words) if hit.document.kind == "licence"}


def _grants(kb: KnowledgeBase, licence: Licence, use: str) -> bool:
    """Whether every clause that decides the use grants it; an unknown one does not."""
    decisive = next(d for d in kb.decisive if (d.axis, d.value) == ("use", use))
    grants = {term.id for term in kb.terms.clause if set(GRANTED) <= set(term.values or ())}
    return all(licence.clauses[tag].value in GRANTED for tag in decisive.clauses if tag in grants)


def _cells(row: ShelvedJson) -> tuple[str, ...]:
    """A line of the table; what was not verified is told as unknown, never as none."""
    thresholds = "; ".join(row["thresholds"]) or _none(row, "thresholds")
    excludes = ", ".join(row["excludes"]) or _none(row, "territory")
    return (
        row["id"], row["short"], row["category"], row["commercial_use"], row["production_use"],
        thresholds, excludes, str(row["models"]),
    )  # fmt: skip


def _none(row: ShelvedJson, part: str) -> str:
    return "unknown" if part in row["unread"] else "-"


def _csv(data: LicencesJson) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(_cells(row) for row in data["licences"])
    return text.getvalue()


def _markdown(data: LicencesJson) -> str:
    from rich.box import MARKDOWN
    from rich.console import Console

    buffer = io.StringIO()
    rows = [[cell.replace("|", "\\|") for cell in _cells(row)] for row in data["licences"]]
    table = _table(COLUMNS, rows)
    table.box = MARKDOWN
    Console(file=buffer, width=WIDEST, markup=False, highlight=False, emoji=False).print(table)
    return "".join(f"{line.strip()}\n" for line in buffer.getvalue().splitlines() if line.strip())


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for title in titles:
        justify: Literal["left", "right"] = "right" if title == "models" else "left"
        table.add_column(title, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _print(console: Console, data: LicencesJson) -> None:
    """A table that names each licence by its short name, with its id below."""
    from rich.text import Text

    if not data["licences"]:
        console.print("No licence passes these filters.")
        return
    rows = []
    for row in data["licences"]:
        id_, short, category, commercial, production, thresholds, excludes, models = _cells(row)
        # A line has no room for the numbers of thresholds; the other formats have them.
        limits = "yes" if row["thresholds"] else thresholds
        rows.append(
            (f"{short}\n  {id_}", category, commercial, production, limits, excludes, models)
        )
    console.print(_table(("licence", *COLUMNS[2:]), rows))
    console.print(Text(f"{len(rows):,} in all", style="dim"))
