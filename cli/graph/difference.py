"""`whyllm graph diff`: what differs between two runs, two rulebooks, or two saved graphs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.graph.drawing import drawing_options, show
from whyllm.cli.last import Question, question_from
from whyllm.cli.what_if import changes_of
from whyllm.engine.consulting import consult
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.stages import RULEBOOKS
from whyllm.engine.stages import rulebook as rulebook_named

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

MAX_BYTES = 20_000_000
"""Of a saved graph; that of the whole catalogue takes half a million."""


@click.command("diff")
@click.argument("graphs", nargs=-1, metavar="[BEFORE [AFTER]]")
@click.option("--set", "settings", multiple=True, metavar="AXIS=VALUE",
              help="After: the same need with an axis set anew. Repeatable.")  # fmt: skip
@consultation_options
@drawing_options("collapsed")
def diff(
    graphs: tuple[str, ...],
    settings: tuple[str, ...],
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """What is added, removed and changed between two graphs.

    BEFORE and AFTER are each a saved graph (JSON), a saved consultation or need, or a rulebook by
    name. With --set, or with AFTER alone, the run of the need asked (or the last one) comes before.
    """
    from whyllm.engine.graph.difference import difference

    if len(graphs) + bool(settings) not in (1, 2) or (len(graphs) == 2 and settings):
        raise WrongQuestionError("graph diff: expected BEFORE and AFTER, AFTER alone, or --set")
    if len(graphs) == 2:
        before, after = map(_graph_of, graphs)
    else:
        question, remark = question_asked(given)
        changed = question.need.with_changes(changes_of(settings))
        if remark:
            tell(remark)
        before = _run(question)
        if settings:
            after = _run(Question(changed, question.rulebook, question.folders, question.on))
        else:
            after = _graph_of(graphs[0])
    catalogue = answering_catalogue(given["folders"])
    try:
        both = difference(before, after)
    except ValueError as error:
        raise WrongQuestionError(f"graph diff: {error}") from None
    show(both, view, focus, format_, output, color, usual_view="collapsed", models=catalogue)
    return ANSWERED


def _run(question: Question) -> DecisionGraph:
    from whyllm.engine.graph.run import run_graph

    catalogue = answering_catalogue(question.folders)
    return run_graph(consult(question.need, catalogue, question.rulebook, question.on))


def _graph_of(word: str) -> DecisionGraph:
    """The graph that a word on the command line names."""
    from whyllm.engine.graph.tree import rulebook_tree
    from whyllm.engine.render.graph_json import graph_from_json

    if word in RULEBOOKS:
        return rulebook_tree(rulebook_named(word))
    path = Path(word)
    try:
        data = json.loads(path.read_bytes()) if path.stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError):
        data = None  # question_from says what is wrong with it, or reads it as YAML
    if isinstance(data, dict) and str(data.get("schema")).startswith("whyllm.graph/"):
        try:
            return graph_from_json(data)
        except ValueError as error:
            raise WrongQuestionError(f"{word}: {error}") from None
    return _run(question_from(path))
