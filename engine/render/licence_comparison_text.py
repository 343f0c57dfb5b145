"""A comparison of licences as text: side by side where there is room, else stacked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.render.licence_shapes import (
    ClauseComparedJson,
    LicenceComparisonJson,
    PartJson,
    SaidJson,
)
from whyllm.engine.render.licence_words import label, section
from whyllm.engine.render.listing_text import print_item
from whyllm.kb.knowledge import KnowledgeBase

CLAUSE_WIDTH = 18
LEAST_FOR_A_COLUMN = 34
"""Columns that each licence needs to stand beside the others."""

STRICTER = "▲"
"""Marks the stricter value, beside its colour."""


def print_licence_comparison(
    console: Console, kb: KnowledgeBase, data: LicenceComparisonJson
) -> None:
    """Print what differs first, then what does not, then what only some of the licences have."""
    shorts = {licence["id"]: licence["short"] for licence in data["licences"]}
    for licence in data["licences"]:
        of = f", which binds {kb.models[licence['model']].name}" if licence["model"] else ""
        console.print(Text.assemble((licence["short"], "bold"), f"  {licence['id']}{of}"))
    groups = (
        ("They differ on", [x for x in data["clauses"] if x["differs"] and not x["open"]]),
        ("Not known in each of them:", [x for x in data["clauses"] if x["open"]]),
        ("They agree on", [x for x in data["clauses"] if not x["differs"] and not x["open"]]),
    )
    for title, clauses in groups:
        if clauses:
            console.print()
            console.print(Text(f"{title} {len(clauses)} of {len(data['clauses'])} clauses"))
            _print_clauses(console, kb, shorts, clauses)
    if any(clause["strictest"] for clause in data["clauses"]):
        console.print()
        console.print(
            Text(f"{STRICTER} stricter; no mark: equal, not known, or not to be ordered.")
        )
    for title, parts in (
        ("Thresholds", data["thresholds"]),
        ("Territory", data["territory"]),
        ("Duties", data["duties"]),
        ("Restrictions", data["restrictions"]),
    ):
        _print_parts(console, title, shorts, parts)
    for key, unread in data["unread"].items():
        told = ", ".join(label(kb.terms.part, part) for part in unread)
        console.print(Text(f"Not verified in {shorts[key]}: {told}."))


def _print_clauses(
    console: Console,
    kb: KnowledgeBase,
    shorts: dict[str, str],
    clauses: Sequence[ClauseComparedJson],
) -> None:
    if console.width < CLAUSE_WIDTH + LEAST_FOR_A_COLUMN * len(shorts):
        for clause in clauses:
            console.print(Text(clause["label"], style="bold"))
            for said in clause["said"]:
                name = f"{shorts[said['licence']]}: "
                told = Text.assemble((name, "cyan"), _said(kb, clause, said))
                console.print(Padding(told, (0, 0, 0, 2)))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", expand=True)
    table.add_column("clause", width=CLAUSE_WIDTH)
    for short in shorts.values():
        table.add_column(Text(short), ratio=1, overflow="fold")
    for clause in clauses:
        table.add_row(Text(clause["label"]), *(_said(kb, clause, said) for said in clause["said"]))
    console.print(table)


def _said(kb: KnowledgeBase, clause: ClauseComparedJson, said: SaidJson) -> Text:
    """The value with its section and note, marked where it is the stricter one."""
    strict = said["licence"] in clause["strictest"]
    unsure = said["confidence"] == "from-memory"
    known = f"; {label(kb.terms.confidence, said['confidence'])}" if unsure else ""
    return Text.assemble(
        (f"{STRICTER} " if strict else "", "red"),
        (said["value"], "bold"),
        f" ({section(said['section'])}{known})",
        (f" {said['note']}" if said["note"] else "", "dim"),
    )


def _print_parts(
    console: Console, title: str, shorts: dict[str, str], parts: Sequence[PartJson]
) -> None:
    """What each licence has of one kind, that of only some of them first."""
    if not parts:
        return
    console.print()
    console.print(Text(f"{title}:", style="bold"))
    for shared in (False, True):
        for key, short in shorts.items():
            own = [x for x in parts if x["licence"] == key and x["shared"] == shared]
            if own:
                console.print(Text(f"{short}, {'as the others' if shared else 'alone'}:"))
            for part in own:
                told = part["text"][:1].upper() + part["text"][1:]
                where = f" ({section(part['section'])})"
                print_item(console, Text.assemble(told, (where, "dim")), 0)
