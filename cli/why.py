"""`whyllm why MODEL`: the verdict on one model, with all causes and the smallest ways out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.knowledge import answering_catalogue, name_index
from whyllm.cli.last import Question, question_from, recall
from whyllm.cli.options import kb_option, need_options, output_options, save_option, stated_need
from whyllm.cli.output import write_json, write_json_lines, write_rich
from whyllm.engine.consult import consult
from whyllm.engine.explain.explanation import explain
from whyllm.engine.need import Need


@click.command("why")
@click.argument("model")
@click.option("--from", "saved", type=click.Path(path_type=Path), metavar="FILE",
              help="Answer on a saved consultation or need.")  # fmt: skip
@need_options
@kb_option
@save_option
@output_options("text", "json")
def command(
    model: str,
    saved: Path | None,
    need_file: Path | None,
    machine: str | None,
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    save: Path | None,
    format_: str,
    output: Path | None,
    color: str,
    **axes: Any,
) -> int:
    """The verdict on one model: causes, proof, the smallest changes that admit it.

    Without a need it answers on the last consultation.
    """
    need = stated_need(axes, need_file, machine)
    question, note = _question(need, rulebook, folders, on, saved)
    catalogue = answering_catalogue(question.folders)
    resolution = name_index(catalogue).resolve(model)
    if note:
        tell(note)
    if resolution.repackaged:
        base = catalogue.models[resolution.model].name
        tell(f"{model} is read as a repackaging of {base}")
    consultation = consult(
        question.need, catalogue, question.rulebook, question.on, examine=[resolution.model]
    )
    explanation = explain(consultation, resolution.model)
    if save is not None:
        from whyllm.engine.certificate import certificate_of_verdict

        certificate = certificate_of_verdict(
            catalogue, question.rulebook, question.need, consultation.on, resolution.model
        )
        write_json_lines(certificate, save)
    if format_ == "json":
        from whyllm.engine.render.consultation_json import explanation_json

        write_json(explanation_json(explanation), output)
    else:
        from whyllm.engine.render.consultation_text import print_explanation

        write_rich(lambda c: print_explanation(c, explanation), output, color)
    return ANSWERED


def _question(
    need: Need,
    rulebook: str | None,
    folders: tuple[Path, ...],
    on: dt.date | None,
    saved: Path | None,
) -> tuple[Question, str]:
    """What to answer on: a saved question with the options over it, a stated one, or the last."""
    note = ""
    if saved is not None:
        found = question_from(saved)
    elif need.stated:
        found = Question(need, "expert")
    else:
        remembered = recall()
        found = remembered or Question(need, "expert")
        if remembered is None:
            note = "no consultation is remembered; judged without constraints"
    merged = found.need.with_changes(need.stated)
    question = Question(
        merged, rulebook or found.rulebook, folders or found.folders, on or found.on
    )
    return question, note
