"""`whyllm graph tree`: the decision graph, drawn from the tree and the rules."""

from __future__ import annotations

from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.knowledge import knowledge_base
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_bytes, write_json, write_rich, write_text
from whyllm.engine.stages import RULEBOOKS


@click.group("graph")
def command() -> None:
    """The decision graph."""


@command.command("tree")
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default="course",
              help="[default: course]")  # fmt: skip
@kb_option
@output_options("text", "mermaid", "svg", "png", "dot", "json")
def tree(
    rulebook: str, folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """The course's flowchart, or the expert rulebook as stages and rules."""
    from whyllm.engine.graph import course_tree, rulebook_tree
    from whyllm.engine.stages import rulebook as rulebook_named

    if rulebook == "course":
        graph = course_tree(knowledge_base(folders).tree)
    else:
        graph = rulebook_tree(rulebook_named(rulebook))
    if format_ == "json":
        import networkx as nx

        data = nx.node_link_data(graph, edges="edges")
        write_json({"schema": "whyllm.graph/1", "name": graph.graph["name"], "graph": data}, output)
    elif format_ == "text":
        from whyllm.engine.render.graph_text import text_tree

        write_rich(lambda console: console.print(text_tree(graph)), output, color)
    elif format_ == "mermaid":
        from whyllm.engine.render.graph_mermaid import mermaid

        write_text(mermaid(graph), output)
    else:
        from whyllm.engine.render.graph_dot import LayoutError, dot, draw

        if format_ == "dot":
            write_text(dot(graph), output)
            return ANSWERED
        try:
            write_bytes(draw(graph, format_), output)
        except LayoutError as error:
            raise WrongQuestionError(f"the graph cannot be drawn: {error}") from None
    return ANSWERED
