"""`whyllm why MODEL`: the verdict on one model, with all causes and the smallest ways out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.knowledge import answering_catalogue, name_index
from whyllm.cli.last import Question, question_from, recall
from whyllm.cli.options import kb_option, need_options, output_options, stated_need
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consult import consult
from whyllm.engine.explain.explanation import explain
from whyllm.engine.need import Need

WITHOUT_CONSULTATION = "no consultation is remembered; judged without constraints"


@click.command("why")
@click.argument("model")
@click.option("--from", "saved", type=click.Path(path_type=Path), metavar="FILE",
              help="Answer on a saved consultation or need.")  # fmt: skip
@click.option(
    "--back",
    type=click.IntRange(min=0),
    metavar="N",
    help="Answer on the N-th consultation before the last (see `whyllm history`).",
)
@click.option("--first", "to_first", is_flag=True,
              help="Search for the smallest changes by which it would stand first.")  # fmt: skip
@need_options
@kb_option
@output_options("text", "json")
def command(
    model: str,
    saved: Path | None,
    back: int | None,
    to_first: bool,
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
    """The verdict on one model: causes, proof, the smallest changes that admit it.

    Without a need it answers on the last consultation.
    """
    need = stated_need(axes, need_file, machine)
    question, note = question_of(need, rulebook, folders, on, saved, back)
    catalogue = answering_catalogue(question.folders)
    resolution = name_index(catalogue).resolve(model)
    if note:
        tell(note)
    if resolution.repackaged:
        base = catalogue.models[resolution.model].name
        tell(f"{model} is read as a repackaging of {base}")
    return answer(resolution.model, question, catalogue, format_, output, color, to_first=to_first)


def answer(
    model: str,
    question: Question,
    catalogue: Catalogue,
    format_: str,
    output: Path | None,
    color: str,
    *,
    to_first: bool = False,
) -> int:
    """Write the verdict on a variant of the catalogue, by its id; gives the exit code."""
    consultation = consult(
        question.need, catalogue, question.rulebook, question.on, examine=[model]
    )
    explanation = explain(consultation, model, to_first=to_first)
    if format_ == "json":
        from whyllm.engine.render.consultation_json import explanation_json

        write_json(explanation_json(explanation), output)
    else:
        from whyllm.engine.render.consultation_text import print_explanation

        write_rich(lambda c: print_explanation(c, explanation), output, color)
    return ANSWERED


def question_of(
    need: Need,
    rulebook: str | None,
    folders: tuple[Path, ...],
    on: dt.date | None,
    saved: Path | None,
    back: int | None,
) -> tuple[Question, str]:
    """What to answer on: a named question with the options over it, a stated one, or the last."""
    note = ""
    if saved is not None and back is not None:
        raise WrongQuestionError("--from and --back each name a consultation; state one of them")
    if saved is not None:
        found = question_from(saved)
    elif need.stated and back is None:
        found = Question(need, "expert")
    else:
        remembered = recall(back)
        found = remembered or Question(need, "expert")
        if remembered is None:
            note = WITHOUT_CONSULTATION
    return found.with_options(need.stated, rulebook, folders, on), note
