"""A licence as text for a terminal: its clauses and parts, where it was read, what it binds."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.render.licence_shapes import LicenceJson, LicenceSetJson, ReadJson
from whyllm.engine.render.licence_words import (
    label,
    section,
    territory_words,
    threshold_effect,
    threshold_words,
    trigger_words,
)
from whyllm.engine.render.listing_text import print_item
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence

LEAST_FOR_COLUMNS = 80
"""Columns of a terminal from which clauses stand in a table."""

WIDEST_CLAUSE = 22
"""Columns that a clause's name, value and section take at most, each."""

SHOWN_MODELS = 8
"""Models of a licence that are shown unless all are asked for."""


def print_licence(console: Console, kb: KnowledgeBase, data: LicenceJson, every: bool) -> None:
    """Print a licence; `every` names each model that it binds instead of the first ones."""
    licence = kb.licences[data["id"]]
    approved = "approved by the OSI" if licence.osi_approved else "not approved by the OSI"
    version = f"version {licence.version} · " if licence.version else ""
    console.print(Text.assemble((licence.name, "bold"), f"  {licence.id}"))
    console.print(Text(f"{version}{licence.category} · {approved}", style="dim"))
    print_reading(console, data["read"], licence.url)
    for claim in data["claims"][1:]:
        console.print(Text(f"The course: {claim['value']} ({claim['confidence']})"))
    console.print()
    _print_clauses(console, kb, licence)
    _print_parts(console, kb, licence)
    if licence.unread:
        unread = ", ".join(label(kb.terms.part, part) for part in licence.unread)
        console.print(Text(f"Not verified: {unread}. What they may limit is unknown."))
    _print_models(console, kb, data["models"], every)
    for said in data["overlaid"]:
        evidence = "" if said["evidence"] == "given" else ", without evidence"
        console.print(Text(f"{said['field']} is said by {said['folder']}{evidence}."))


def print_licence_set(
    console: Console, kb: KnowledgeBase, data: LicenceSetJson, every: bool
) -> None:
    """Print every licence that binds a model, after a line that says which they are."""
    name = kb.models[data["model"]].name
    told = [
        kb.licences[one["id"]].short
        + (f" (through {data['inherited'][one['id']]})" if one["id"] in data["inherited"] else "")
        for one in data["licences"]
    ]
    verb = "binds" if len(told) == 1 else "bind"
    console.print(Text(f"{' and '.join(told)} {verb} {name}."))
    for one in data["licences"]:
        console.print()
        print_licence(console, kb, one, every)


def print_reading(console: Console, read: ReadJson, url: str | None) -> None:
    """Print where the text is, and where, when and how well it was read."""
    console.print(Text(f"Text: {url or 'no address is known'}"))
    where = f" <{read['url']}>" if read["url"] else ""
    console.print(Text(f"Read on {read['date']} ({read['known']}): {read['title']}{where}"))
    for note in (read["source_note"], read["note"]):
        if note:
            console.print(Padding(Text(note, style="dim"), (0, 0, 0, 2)))


def _print_clauses(console: Console, kb: KnowledgeBase, licence: Licence) -> None:
    """Every clause; how well one is known is said where it differs from the licence's own."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("clause", "value", "section"):
        table.add_column(title, overflow="fold", max_width=WIDEST_CLAUSE)
    table.add_column("note", ratio=1)
    for term in kb.terms.clause:
        clause = licence.clauses[term.id]
        where = section(clause.section)
        known = _known(kb, licence, clause.confidence).removeprefix("; ")
        note = f"{clause.note or ''} [{known}]".strip() if known else clause.note or ""
        if console.width < LEAST_FOR_COLUMNS:
            console.print(Text.assemble((term.label, "bold"), f": {clause.value} ({where})"))
            if note:
                console.print(Padding(Text(note, style="dim"), (0, 0, 0, 2)))
        else:
            table.add_row(*map(Text, (term.label, clause.value, where, note)))
    if table.row_count:
        console.print(table)


def _known(kb: KnowledgeBase, licence: Licence, confidence: str | None) -> str:
    own = confidence not in (None, licence.evidence.confidence)
    return f"; {label(kb.terms.confidence, str(confidence))}" if own else ""


def _print_parts(console: Console, kb: KnowledgeBase, licence: Licence) -> None:
    _print_items(
        console,
        "Thresholds",
        (
            (
                f"{threshold_words(kb, x)}: {threshold_effect(kb, x)}. {x.scope}",
                f"{section(x.section)}{_known(kb, licence, x.confidence)}",
            )
            for x in licence.thresholds
        ),
    )
    _print_items(
        console,
        "Territory",
        (
            (
                f"{territory_words(kb, x)}. {x.basis}",
                f"{section(x.section)}{_known(kb, licence, x.confidence)}",
            )
            for x in licence.territory
        ),
    )
    _print_items(
        console,
        "Duties",
        ((x.text, f"{section(x.section)}; on {trigger_words(kb, x)}") for x in licence.duties),
    )
    _print_items(
        console, "Restrictions", ((x.text, section(x.section)) for x in licence.restrictions)
    )
    _print_items(console, "Mind", ((text, "") for text in licence.caveats))


def _print_items(console: Console, title: str, items: Iterable[tuple[str, str]]) -> None:
    """A titled list of texts, each with what stands in brackets after it; nothing if empty."""
    for place, (text, where) in enumerate(items):
        if place == 0:
            console.print(Text(f"{title}:", style="bold"))
        told = text[:1].upper() + text[1:]
        print_item(console, Text.assemble(told, (f" ({where})" if where else "", "dim")), 0)


def _print_models(console: Console, kb: KnowledgeBase, models: list[str], every: bool) -> None:
    if not models:
        console.print(Text("It binds no model of the catalogue."))
        return
    shown = models if every else models[:SHOWN_MODELS]
    names = ", ".join(kb.models[key].name for key in shown)
    rest = f" and {len(models) - len(shown):,} more (--all)" if len(shown) < len(models) else ""
    many = "1 model" if len(models) == 1 else f"{len(models):,} models"
    console.print(Text.assemble((f"Binds {many}: ", "bold"), f"{names}{rest}"))
