"""`whyllm kb check`: whether the knowledge is sound, how much there is, how well it is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console


@click.command("check")
@kb_option
@output_options("text", "json")
def check(folders: tuple[Path, ...], format_: str, output: Path | None, color: str) -> int:
    """Check every file and reference; count entries, and facts by confidence."""
    from whyllm.engine.render.knowledge_json import check_json

    data = check_json(knowledge_base(folders))
    if format_ == "json":
        write_json(data, output)
        return ANSWERED

    def show(console: Console) -> None:
        console.print(f"Knowledge {data['version']} is sound (digest {data['digest'][:12]}).")
        for title in ("counts", "confidence"):
            numbers: Mapping[str, int] = data[title]
            console.print()
            for name, number in numbers.items():
                console.print(f"{number:7,}  {name}")
        share = data["from_memory_share"]
        console.print(
            f"\n{share:.1%} of {data['facts']:,} facts are known from memory only; "
            "they decide nothing."
        )

    write_rich(show, output, color)
    return ANSWERED
