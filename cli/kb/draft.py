"""`whyllm kb draft SOURCE`: a model entry drafted from a file at hand, for review."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.options import file_option, kb_option
from whyllm.cli.output import write_text
from whyllm.engine.knowledge import knowledge_base


@click.command("draft")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--family", metavar="ID", help="The family it belongs to.  [default: by its name]")
@kb_option
@file_option
def draft(source: Path, family: str | None, folders: tuple[Path, ...], output: Path | None) -> int:
    """Draft a model entry from a GGUF file, a model card or a Modelfile.

    SOURCE is a GGUF file, a Hugging Face README.md (with config.json beside it, if any; or their
    folder) or an Ollama Modelfile. The entry is printed for review and added nowhere: each field
    has evidence that names the file, what could not be read is listed in a comment.
    """
    from whyllm.engine.cataloguing import catalogue
    from whyllm.kb.draft import draft as drafted

    kb = knowledge_base(folders)
    write_text(drafted(kb, catalogue(kb).names, source, family), output)
    return ANSWERED
