"""`whyllm why MODEL`: the verdict on one model, with all causes and the smallest ways out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.declarations import with_declarations
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.last import Question
from whyllm.cli.names import resolved
from whyllm.cli.options import output_options, save_option
from whyllm.cli.output import write_json, write_json_lines, write_rich
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.proof import LENGTHS, Length
from whyllm.engine.knowledge import Knowledge


@click.command("why")
@click.argument("model")
@click.option("--proof", type=click.Choice(LENGTHS), default="short",
              help="How much of the proof is told.  [default: short]")  # fmt: skip
@click.option(
    "--first",
    "to_first",
    is_flag=True,
    help="Search for the smallest changes by which it would stand first.",
)
@click.option(
    "--declared",
    multiple=True,
    metavar="LICENCE",
    help="A licence that a file or card declares: a tag, an SPDX expression. Repeatable.",
)
@click.option(
    "--base",
    "bases",
    multiple=True,
    metavar="MODEL",
    help="A model that it is said to be made from. Repeatable.",
)
@click.option("--policy", "policy_file", type=click.Path(path_type=Path), metavar="FILE",
              help="The policy by which a licence review judged.")  # fmt: skip
@consultation_options
@save_option
@output_options("text", "json")
def command(
    model: str,
    proof: Length,
    to_first: bool,
    declared: tuple[str, ...],
    bases: tuple[str, ...],
    policy_file: Path | None,
    save: Path | None,
    format_: str,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """The verdict on one model: causes, proof, the smallest changes that admit it.

    Without a need it answers on the last consultation. With --declared or --base, MODEL may be any
    name, as of a fine-tune that a licence review found: it is judged by what is declared of it.
    """
    question, remark = question_asked(given)
    knowledge = Knowledge(question.folders)
    catalogue = knowledge.catalogue
    if save is not None and (declared or bases or policy_file):
        raise WrongQuestionError(
            "--save: a verdict by --declared, --base or --policy is not saved, since "
            "`whyllm verify` checks against the knowledge alone"
        )
    if policy_file is not None:
        policy = knowledge.policy(policy_file)
        question = replace(question, need=policy.need.with_changes(question.need.stated))
        catalogue = policy.laid_over(catalogue)
    if declared or bases:
        catalogue, variant = with_declarations(model, declared, bases, catalogue, question.folders)
    else:
        variant = resolved(model, catalogue)
    if remark:
        tell(remark)
    return answer(
        variant,
        question,
        catalogue,
        format_,
        output,
        color,
        length=proof,
        to_first=to_first,
        save=save,
    )


def answer(
    model: str,
    question: Question,
    catalogue: Catalogue,
    format_: str,
    output: Path | None,
    color: str,
    *,
    length: Length = "short",
    to_first: bool = False,
    save: Path | None = None,
) -> int:
    """Write the verdict on a variant of the catalogue, by its id; gives the exit code."""
    consultation = consult(
        question.need, catalogue, question.rulebook, question.on, examine=[model]
    )
    explanation = explain(consultation, model, to_first=to_first)
    if save is not None:
        from whyllm.engine.certificate import certificate_of_verdict

        certificate = certificate_of_verdict(
            catalogue, question.rulebook, question.need, consultation.on, model
        )
        write_json_lines(certificate, save)
    if format_ == "json":
        from whyllm.engine.render.consultation_json import explanation_json

        write_json(explanation_json(explanation), output)
    else:
        from whyllm.engine.render.explanation_text import print_explanation

        write_rich(lambda c: print_explanation(c, explanation, length), output, color)
    return ANSWERED
