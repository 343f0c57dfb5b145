"""`whyllm graph run`: what a consultation did with the whole catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.graph.drawing import drawing_options, show
from whyllm.engine.consulting import consult
from whyllm.engine.knowledge import answering_catalogue


@click.command("run")
@consultation_options
@drawing_options("collapsed")
def run(
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """The path taken, what fell on each rule, what is left open, what remains.

    Without a need it draws the last consultation.
    """
    from whyllm.engine.graph.run import run_graph

    question, remark = question_asked(given)
    catalogue = answering_catalogue(question.folders)
    if remark:
        tell(remark)
    graph = run_graph(consult(question.need, catalogue, question.rulebook, question.on))
    show(graph, view, focus, format_, output, color, usual_view="collapsed", models=catalogue)
    return ANSWERED
