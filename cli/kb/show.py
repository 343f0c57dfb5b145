"""`whyllm kb show`: what is known of one entry, each fact with its source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.cli.suggestions import close_to
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.knowledge import knowledge_base
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.knowledge import KnowledgeBase

if TYPE_CHECKING:
    from rich.console import Console


@click.command("show")
@click.argument("name")
@kb_option
@output_options("text", "json")
def show_entry(
    name: str, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """What is known of a model, licence, family or publisher, each fact with its source."""
    kb = knowledge_base(folders)
    data = entry_json(kb, name)
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: print_entry(console, kb, data), output, color)
    return ANSWERED


def entry_json(kb: KnowledgeBase, name: str) -> Mapping[str, Any]:
    """The entry of that name as JSON: a model first, then a licence, a family or a publisher.

    Raises UnknownNameError or WrongQuestionError.
    """
    from whyllm.engine.render import knowledge_json
    from whyllm.engine.render.licence_json import licence_json

    try:
        found = catalogue(kb).names.resolve(name)
    except UnknownNameError as error:
        folded = name.strip().casefold()
        for licence in kb.licences.values():
            if folded in (licence.id.casefold(), licence.short.casefold(), licence.name.casefold()):
                return licence_json(kb, licence)
        for noun, entries in (("family", kb.families), ("publisher", kb.publishers)):
            for entry in entries.values():
                if folded in (entry.id.casefold(), entry.name.casefold()):
                    return knowledge_json.entry_json(kb, noun, entry, entry.name)
        close = close_to(name, kb.licences, alike=70)
        if close and not (error.suggestions or error.readings or error.bases):
            raise WrongQuestionError(
                f"unknown entry {name!r}; did you mean {' or '.join(close)}?"
            ) from None
        raise
    repackaging = found.name if found.repackaged else None
    return knowledge_json.model_json(kb, kb.models[found.model], repackaging)


def print_entry(console: Console, kb: KnowledgeBase, data: Mapping[str, Any]) -> None:
    """The entry as text: a licence clause by clause, of another each fact with its source."""
    if data["schema"] == "whyllm.licence/1":
        from whyllm.engine.render.licence_text import print_licence

        licence: Any = data
        print_licence(console, kb, licence, False)
    else:
        _print_facts(console, data)


def _print_facts(console: Console, data: Mapping[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print(Text.assemble((data["name"], "bold"), f"  {data['id']}"))
    if data.get("repackaging"):
        console.print(Text(f"{data['repackaging']} is a repackaging of it.", style="yellow"))
    table = Table(box=None, show_header=True, padding=(0, 1), header_style="bold")
    table.add_column("fact")
    table.add_column("value", ratio=2)
    table.add_column("known", style="dim")
    table.add_column("source", style="dim", ratio=2)
    for claim in data["claims"]:
        value = Text(_plain(claim["value"]))
        table.add_row(claim["field"], value, claim["confidence"], _title(claim))
    for claim in data.get("course_claims", ()):
        table.add_row(
            "the course", Text(claim["value"]), claim["confidence"], Text(claim["source"])
        )
    for claim in data.get("disputes", ()):
        counter = Text(f"{claim['field']}: {_plain(claim['value'])}")
        table.add_row("disputed", counter, claim["confidence"], _title(claim))
    console.print(table)
    for key, value in data.get("entry", {}).items():
        if key not in ("id", "name", "evidence") and value:
            console.print(Text(f"{key}: {_plain(value)}"))
    for note in data.get("notes", ()):
        console.print(Text(f"Note: {note}"))
    for said in data["overlaid"]:
        evidence = "" if said["evidence"] == "given" else ", without evidence"
        console.print(Text(f"{said['field']} is said by {said['folder']}{evidence}."))


def _title(claim: Mapping[str, Any]) -> str:
    """The source without its address, which the JSON gives."""
    return str(claim["source"]).split(" <")[0]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value)
