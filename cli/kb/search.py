"""`whyllm kb search`: the entries that hold the words asked for, the best match first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.inventory_shapes import SearchJson


@click.command("search")
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, metavar="N",
    help="At most so many.  [default: 20]",
)  # fmt: skip
@kb_option
@output_options("text", "json")
def search_entries(
    text: tuple[str, ...],
    limit: int,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """Find models, licences, families, publishers, sources and claims by their words.

    Names, ids, notes and clauses are searched; an entry must hold every word.
    """
    from whyllm.engine.render.inventory_json import search_json
    from whyllm.kb.search import search, words_of

    asked = " ".join(text)
    if not words_of(asked):
        raise WrongQuestionError(f"kb search: {asked!r} holds no word to look for")
    data = search_json(asked, search(knowledge_base(folders), asked), limit)
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: _print(console, data), output, color)
    return ANSWERED if data["found"] else NEGATIVE


def _print(console: Console, data: SearchJson) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if not data["found"]:
        console.print(Text(f"Nothing holds {data['asked']!r}."))
    for hit in data["hits"]:
        title = () if hit["kind"] == "claim" else ("  ", (hit["name"], "bold"))
        console.print(Text.assemble((hit["kind"], "dim"), "  ", (hit["id"], "cyan"), *title))
        if hit["field"] not in ("name", "id"):
            told = Text.assemble((f"{hit['field']}: ", "dim"), hit["text"])
            console.print(Padding(told, (0, 0, 0, 2)))
    left = data["found"] - len(data["hits"])
    if left:
        console.print(Text(f"… and {left:,} more (--limit)", style="dim"))
