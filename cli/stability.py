"""`whyllm stability`: between which values of each stated number the shortlist stays the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.knowledge import answering_catalogue
from whyllm.cli.options import kb_option, need_options, output_options, stated_need
from whyllm.cli.output import write_json, write_rich
from whyllm.cli.why import question_of
from whyllm.engine.consult import consult
from whyllm.engine.explain.stability import stability


@click.command("stability")
@click.option("--from", "saved", type=click.Path(path_type=Path), metavar="FILE",
              help="Answer on a saved consultation or need.")  # fmt: skip
@click.option(
    "--back",
    type=click.IntRange(min=0),
    metavar="N",
    help="Answer on the N-th consultation before the last (see `whyllm history`).",
)
@need_options
@kb_option
@output_options("text", "json")
def command(
    saved: Path | None,
    back: int | None,
    need_file: Path | None,
    machine: str | None,
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
    **axes: Any,
) -> int:
    """Between which values of each stated number the shortlist stays the same.

    Beyond each end: the first value outside, who comes and who goes there. Without a need it
    answers on the last consultation.
    """
    need = stated_need(axes, need_file, machine)
    question, note = question_of(need, rulebook, folders, on, saved, back)
    catalogue = answering_catalogue(question.folders)
    if note:
        tell(note)
    found = stability(consult(question.need, catalogue, question.rulebook, question.on))
    if format_ == "json":
        from whyllm.engine.render.stability_json import stability_json

        write_json(stability_json(found), output)
    else:
        from whyllm.engine.render.stability_text import print_stability

        write_rich(lambda c: print_stability(c, found), output, color)
    return ANSWERED
