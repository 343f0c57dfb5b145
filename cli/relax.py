"""`whyllm relax`: where nothing remains, what to give up or loosen, and what conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError, tell
from whyllm.cli.last import Question
from whyllm.cli.options import output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.cli.suggestions import close_to
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.relaxation import relaxations
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.need import AXES


@click.command("relax")
@click.option("--cost", "costs", multiple=True, metavar="AXIS=NUMBER",
              help="Cost of giving up a constraint on an axis, 1 unless stated")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="List every model gained, not the first ones.")
@consultation_options
@output_options("text", "json")
def command(
    costs: tuple[str, ...],
    every: bool,
    format_: str,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """What to give up or loosen where nothing remains, the cheapest first.

    Without a need it answers on the last consultation.
    """
    weights = dict(map(_cost, costs))
    question, remark = question_asked(given)
    if remark:
        tell(remark)
    return answer(question, weights, every, format_, output, color)


def answer(
    question: Question,
    costs: dict[str, float],
    every: bool,
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """Write the relaxations and conflicts; gives the exit code."""
    catalogue = answering_catalogue(question.folders)
    consultation = consult(question.need, catalogue, question.rulebook, question.on)
    found = relaxations(consultation, costs)
    if format_ == "json":
        from whyllm.engine.render.change_json import relaxations_json

        write_json(relaxations_json(found), output)
    else:
        from whyllm.engine.render.change_text import print_relaxations

        write_rich(lambda c: print_relaxations(c, found, every), output, color)
    return ANSWERED if consultation.kept or found.relaxations else NEGATIVE


def _cost(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    axis = name.strip().replace("-", "_")
    if axis not in AXES:
        close = close_to(axis, AXES)
        hint = f"; did you mean {close[0]}?" if close else f" (axes: {', '.join(AXES)})"
        raise WrongQuestionError(f"--cost {text}: unknown axis {name!r}{hint}")
    try:
        cost = float(number)
    except ValueError:
        cost = -1.0
    if not 0 <= cost < 1e9:
        raise WrongQuestionError(f"--cost {text}: expected a number of at least 0 after =")
    return axis, cost
