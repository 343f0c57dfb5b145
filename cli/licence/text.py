"""`whyllm licence text`: where the text of a licence is to be read, since texts are not shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.licence.lookup import licences_meant
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base

if TYPE_CHECKING:
    from rich.console import Console


@click.command("text")
@click.argument("name", metavar="ID")
@kb_option
@output_options("text", "json")
def licence_text(
    name: str, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """Where the text of a licence is, and where, when and how well it was read.

    The texts themselves are not shipped; the one that came with your copy of the weights decides.
    """
    from rich.text import Text
    from whyllm.engine.render.licence_json import licence_text_json
    from whyllm.engine.render.licence_text import print_reading

    kb = knowledge_base(folders)
    meant = licences_meant(kb, name)
    if len(meant.licences) > 1:
        several = ", ".join(licence.id for licence in meant.licences)
        raise WrongQuestionError(f"{name!r} is bound by several licences: {several}; name one")
    data = licence_text_json(kb, meant.licences[0])
    if format_ == "json":
        write_json(data, output)
        return ANSWERED

    def show(console: Console) -> None:
        console.print(Text.assemble((data["name"], "bold"), f"  {data['id']}"))
        print_reading(console, data["read"], data["url"])

    write_rich(show, output, color)
    return ANSWERED
