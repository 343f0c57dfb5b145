"""`whyllm recommend`: from a need to a shortlist with reasons, and what fell where."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE
from whyllm.cli.last import Question, remember
from whyllm.cli.options import kb_option, need_options, output_options, save_option, stated_need
from whyllm.cli.output import write_json, write_json_lines, write_rich
from whyllm.engine.consulting import SHORTLIST, consult
from whyllm.engine.knowledge import answering_catalogue


@click.command("recommend")
@need_options
@kb_option
@click.option("--all", "every", is_flag=True, help="List every excluded model, not the nearest.")
@click.option("--no-remember", is_flag=True, help="Do not keep the question for `why`.")
@save_option
@output_options("text", "json")
def command(
    need_file: Path | None,
    machine: str | None,
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    every: bool,
    no_remember: bool,
    save: Path | None,
    format_: str,
    output: Path | None,
    color: str,
    **axes: Any,
) -> int:
    """Three or four models for a need, each with why; and what fell where."""
    question = Question(stated_need(axes, need_file, machine), rulebook or "expert", folders, on)
    return answer(question, every, no_remember, format_, output, color, save=save)


def answer(
    question: Question,
    every: bool,
    no_remember: bool,
    format_: str,
    output: Path | None,
    color: str,
    *,
    save: Path | None = None,
) -> int:
    """Write the shortlist and what fell, and remember the question; gives the exit code."""
    catalogue = answering_catalogue(question.folders)
    consultation = consult(question.need, catalogue, question.rulebook, question.on)
    if not no_remember:
        remember(question)
    if save is not None:
        from whyllm.engine.certificate import certificate_of_answer

        write_json_lines(certificate_of_answer(consultation), save)
    if format_ == "json":
        from whyllm.engine.render.consultation_json import consultation_json

        write_json(consultation_json(consultation), output)
    else:
        from whyllm.engine.render.consultation_text import print_consultation

        write_rich(lambda c: print_consultation(c, consultation, every), output, color)
    return ANSWERED if consultation.outcome == SHORTLIST else NEGATIVE
