"""`whyllm kb conflicts`: where a claim and a variant's entry disagree, and which prevails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.inventory_shapes import ConflictsJson, SideJson
    from whyllm.kb.knowledge import KnowledgeBase

_REASONS = {
    "own-card": "by the variant's own entry against a claim about its family",
    "confidence": "by the better confidence",
    "newer": "by the newer date",
    "kept": "by nothing but that the entry keeps its value",
    "overruled": "by whoever wrote the entry, against the better known",
}


@click.command("conflicts")
@kb_option
@output_options("text", "json")
def conflicts(folders: tuple[Path, ...], format_: str, output: Path | None, color: str) -> int:
    """Claims that fail for a variant, and disputed fields: both sides, who prevails and why."""
    from whyllm.engine.render.doubts_json import conflicts_json

    kb = knowledge_base(folders)
    data = conflicts_json(kb)
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: _print(console, data, kb), output, color)
    return ANSWERED


def _print(console: Console, data: ConflictsJson, kb: KnowledgeBase) -> None:
    from rich.padding import Padding
    from rich.text import Text

    labels = {term.id: term.label for term in kb.terms.confidence}

    licences = {key: licence.short for key, licence in kb.licences.items()}

    def known(side: SideJson, verb: str = "read") -> str:
        return (
            f"{verb} {side['made']}, {labels[side['confidence']]}: {side['source'].split(' <')[0]}"
        )

    told: object = None
    for conflict in data["conflicts"]:
        name = kb.models[conflict["model"]].name
        claim, counter = conflict["claim"], conflict["counter"]
        field = conflict["field"]
        heading = (conflict["claim_id"], conflict["about"], field, str(claim["value"]))
        if heading != told:
            told = heading
            verb = "said" if conflict["claim_id"] else "read"
            says = (
                str(claim["says"])
                if conflict["claim_id"]
                else f"{name}: {_said(field, claim, licences)}"
            )
            console.print(Text(says, style="bold"))
            console.print(Padding(Text(known(claim, verb), style="dim"), (0, 0, 0, 2)))
        other = _said(field, counter, licences)
        against = f"{name}: {other}" if conflict["claim_id"] else f"against it: {other}"
        style = "green" if conflict["prevails"] == "counter" else "yellow"
        winner = "The latter" if conflict["prevails"] == "counter" else "The former"
        console.print(Padding(Text(against, style=style), (0, 0, 0, 2)))
        console.print(Padding(Text(known(counter), style="dim"), (0, 0, 0, 4)))
        console.print(Padding(Text(f"{winner} prevails. {conflict['why']}"), (0, 0, 0, 4)))
    console.print(Text(f"\n{len(data['conflicts']):,} conflicts, decided", style="bold"))
    for reason, number in data["summary"].items():
        console.print(Text(f"{number:7,}  {_REASONS[reason]}"))


def _said(field: str, side: SideJson, licences: Mapping[str, str]) -> str:
    """A field with its value, licences by the names that people know, and the source's note."""
    value: Any = side["value"]
    items = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    shown = ", ".join(licences.get(item, item) for item in items)
    note = f" ({side['says']})" if side["says"] else ""
    return f"{field.replace('_', ' ')} {shown}{note}"
