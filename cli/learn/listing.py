"""`whyllm learn list`: the lessons."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import file_option, kb_option
from whyllm.cli.output import write_json, write_text
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.render.lesson_json import lessons_json


@click.command("list")
@kb_option
@file_option
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text",
    help="[default: text]",
)  # fmt: skip
def command(folders: tuple[Path, ...], format_: str, output: Path | None) -> int:
    """The lessons, in order."""
    data = lessons_json(knowledge_base(folders))
    if format_ == "json":
        write_json(data, output)
    else:
        width = max(len(lesson["id"]) for lesson in data["lessons"])
        lines = [f"{x['id']:<{width}}  {x['title']} ({x['steps']} steps)" for x in data["lessons"]]
        write_text("\n".join(lines) + "\n", output)
    return ANSWERED
