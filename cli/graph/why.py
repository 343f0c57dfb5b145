"""`whyllm graph why MODEL`: the proof of one verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.graph.drawing import drawing_options, show
from whyllm.cli.names import resolved
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.proof import LENGTHS, Length
from whyllm.engine.knowledge import answering_catalogue


@click.command("why")
@click.argument("model")
@click.option("--proof", type=click.Choice(LENGTHS), default="full",
              help="How much of the proof is drawn.  [default: full]")  # fmt: skip
@consultation_options
@drawing_options()
def why(
    model: str,
    proof: Length,
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """The proof of the verdict on one model, from what is given to the verdict.

    Without a need it answers on the last consultation.
    """
    from whyllm.engine.graph.why import why_graph

    question, remark = question_asked(given)
    catalogue = answering_catalogue(question.folders)
    variant = resolved(model, catalogue)
    if remark:
        tell(remark)
    answer = consult(question.need, catalogue, question.rulebook, question.on, examine=[variant])
    graph = why_graph(explain(answer, variant), proof)
    show(graph, view, focus, format_, output, color, models=catalogue)
    return ANSWERED
