"""`whyllm licence show`: everything that is known of a licence, or of those that bind a model."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.licence.lookup import licences_meant
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base


@click.command("show")
@click.argument("name", metavar="ID")
@click.option("--all", "every", is_flag=True, help="Name every model that it binds.")
@kb_option
@output_options("text", "json")
def show_licence(
    name: str, every: bool, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """A licence clause by clause: sections, thresholds, duties, what it binds, where it was read.

    ID is an SPDX id, a hub's tag, a licence's name, or a model's, which shows what binds it.
    """
    from whyllm.engine.render.licence_json import licence_json, licence_set_json
    from whyllm.engine.render.licence_text import print_licence, print_licence_set

    kb = knowledge_base(folders)
    meant = licences_meant(kb, name)
    if meant.model is not None:
        bound = licence_set_json(kb, name, meant.model)
        if format_ == "json":
            write_json(bound, output)
        else:
            write_rich(lambda c: print_licence_set(c, kb, bound, every), output, color)
        return ANSWERED
    data = licence_json(kb, meant.licences[0])
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: print_licence(console, kb, data, every), output, color)
    return ANSWERED
