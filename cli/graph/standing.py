"""`whyllm graph tree|rules|kb`: what stands before anyone asks."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.graph.drawing import drawing_options, show
from whyllm.cli.options import kb_option
from whyllm.cli.suggestions import OneOf
from whyllm.engine.knowledge import answering_catalogue, knowledge_base
from whyllm.engine.stages import RULEBOOKS
from whyllm.engine.stages import rulebook as rulebook_named

STAGES = tuple(dict.fromkeys(s.id for name in RULEBOOKS for s in rulebook_named(name).stages))


@click.command("tree")
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default="course",
              help="[default: course]")  # fmt: skip
@kb_option
@drawing_options()
def tree(
    rulebook: str,
    folders: tuple[Path, ...],
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
) -> int:
    """The course's flowchart, or the expert rulebook as stages and rules."""
    from whyllm.engine.graph.tree import course_tree, rulebook_tree

    if rulebook == "course":
        graph = course_tree(knowledge_base(folders).tree)
    else:
        graph = rulebook_tree(rulebook_named(rulebook))
    show(graph, view, focus, format_, output, color)
    return ANSWERED


@click.command("rules")
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default="expert",
              help="[default: expert]")  # fmt: skip
@click.option("--stage", "stages", type=OneOf("--stage", STAGES), multiple=True,
              help="Only the rules of a stage; repeatable.")  # fmt: skip
@drawing_options()
def rules(
    rulebook: str,
    stages: tuple[str, ...],
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
) -> int:
    """The rules: the facts that each reads, those that must be absent, what it concludes."""
    from whyllm.engine.graph.rules import rules_graph

    book = rulebook_named(rulebook)
    own = [stage.id for stage in book.stages]
    for stage in stages:
        OneOf(f"--stage, in the {rulebook} rulebook", own).convert(stage, None, None)
    show(rules_graph(book, stages), view, focus, format_, output, color)
    return ANSWERED


@click.command("kb")
@kb_option
@drawing_options("collapsed")
def knowledge(
    folders: tuple[Path, ...],
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
) -> int:
    """Publishers, families, variants, their licences, and what each was made from."""
    from whyllm.engine.graph.knowledge import knowledge_graph

    show(
        knowledge_graph(knowledge_base(folders)),
        view,
        focus,
        format_,
        output,
        color,
        usual_view="collapsed",
        models=answering_catalogue(folders),
    )
    return ANSWERED
