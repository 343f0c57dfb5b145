"""`whyllm kb list`: the entries of one kind, one line each; models may be filtered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.cli.suggestions import OneOf, close_to
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.need import MODALITIES
from whyllm.engine.render.inventory_json import LISTS
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Family, Licence, Model, Publisher

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.inventory_shapes import ListJson

_LEFT_OUT = {"models": ("name",), "families": ("name",), "sources": ("url", "cited")}
"""What a line has no room for; the JSON has it."""


@click.command("list")
@click.argument("kind", type=OneOf("kb list", LISTS), default="models", metavar="[KIND]")
@click.option("--family", metavar="NAME", help="Only models of that family.")
@click.option("--publisher", metavar="NAME", help="Only models of that publisher.")
@click.option("--licence", metavar="ID", help="Only models that the licence binds.")
@click.option("--modality", type=OneOf("--modality", MODALITIES), help="Only models that serve it.")
@kb_option
@output_options("text", "json")
def list_entries(
    kind: str,
    family: str | None,
    publisher: str | None,
    licence: str | None,
    modality: str | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """All entries of a kind, one line each.

    KIND is models (the default), licences, families, publishers, sources or quantisations.
    """
    from whyllm.engine.render.inventory_json import list_json

    filters = {"family": family, "publisher": publisher, "licence": licence, "modality": modality}
    stated = [name for name, value in filters.items() if value is not None]
    if stated and kind != "models":
        raise WrongQuestionError(f"--{stated[0]} filters models, not {kind}")
    kb = knowledge_base(folders)
    data = list_json(kb, kind, _chosen(kb, filters))
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: _print(console, data), output, color)
    return ANSWERED if data["entries"] else NEGATIVE


def _chosen(kb: KnowledgeBase, filters: Mapping[str, str | None]) -> list[Model]:
    """The models that pass every filter that is stated."""
    family = _named("family", filters["family"], kb.families.values())
    publisher = _named("publisher", filters["publisher"], kb.publishers.values())
    licence = _named("licence", filters["licence"], kb.licences.values())
    modality = filters["modality"]
    return [
        model
        for model in kb.models.values()
        if family in (None, model.family)
        and publisher in (None, kb.publisher_of(model).id)
        and (licence is None or licence in kb.binding_licences(model))
        and (modality is None or modality in model.modalities)
    ]


def _named(
    what: str, found: str | None, entries: Iterable[Family | Publisher | Licence]
) -> str | None:
    """The id of the entry of that id or name."""
    if found is None:
        return None
    known: dict[str, str] = {}
    for entry in entries:
        short = entry.short if isinstance(entry, Licence) else entry.name
        for name in (entry.id, entry.name, short):
            known.setdefault(name.casefold(), entry.id)
    folded = found.strip().casefold()
    if folded not in known:
        close = dict.fromkeys(known[name] for name in close_to(folded, known))
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise WrongQuestionError(f"--{what}: no {what} {found!r}{hint}")
    return known[folded]


def _print(console: Console, data: ListJson) -> None:
    from rich.table import Table
    from rich.text import Text

    rows: list[Any] = list(data["entries"])
    if not rows:
        console.print("No model passes these filters.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    left_out = _LEFT_OUT.get(data["kind"], ())
    shown = [key for key in rows[0] if key not in left_out]
    for key in shown:
        numeric = isinstance(rows[0][key], int | float) and not isinstance(rows[0][key], bool)
        table.add_column(
            key.replace("_", " "),
            justify="right" if numeric else "left",
            overflow="fold",
            style="cyan" if key == "id" else None,
        )
    for row in rows:
        table.add_row(*(Text(_cell(row[key])) for key in shown))
    console.print(table)
    console.print(Text(f"{len(rows):,} in all", style="dim"))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
