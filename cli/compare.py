"""`whyllm compare A B`: what decides between two models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.last import Question
from whyllm.cli.names import resolved
from whyllm.cli.options import output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.comparison import compare
from whyllm.engine.knowledge import answering_catalogue


@click.command("compare")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@consultation_options
@output_options("text", "json")
def command(
    one: str, other: str, format_: str, output: Path | None, color: str, **given: Any
) -> int:
    """What decides between two models, and nothing else.

    Without a need it answers on the last consultation.
    """
    question, remark = question_asked(given)
    catalogue = answering_catalogue(question.folders)
    pair = (resolved(one, catalogue), resolved(other, catalogue))
    check_two(pair, catalogue)
    if remark:
        tell(remark)
    return answer(pair, question, catalogue, format_, output, color)


def check_two(pair: tuple[str, str], catalogue: Catalogue) -> None:
    """Raise WrongQuestionError where two names mean one variant."""
    if pair[0] == pair[1]:
        name = catalogue.models[pair[0]].name
        raise WrongQuestionError(f"both names mean {name}; expected two models")


def answer(
    pair: tuple[str, str],
    question: Question,
    catalogue: Catalogue,
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """Write what decides between two different variants, by their ids; gives the exit code."""
    consultation = consult(question.need, catalogue, question.rulebook, question.on, examine=pair)
    found = compare(consultation, *pair)
    if format_ == "json":
        from whyllm.engine.render.change_json import comparison_json

        write_json(comparison_json(found), output)
    else:
        from whyllm.engine.render.change_text import print_comparison

        write_rich(lambda c: print_comparison(c, found), output, color)
    return ANSWERED
