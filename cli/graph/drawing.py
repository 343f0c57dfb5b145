"""How every graph is shown: the options that its commands share, and the writing in each format."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.names import resolved
from whyllm.cli.options import file_option
from whyllm.cli.output import write_bytes, write_json, write_rich, write_text
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.graph.views import VIEWS, seen
from whyllm.kb.errors import UnknownNameError

if TYPE_CHECKING:
    from whyllm.engine.catalogue import Catalogue
    from whyllm.engine.graph.elements import DecisionGraph

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("text", "svg", "png", "pdf", "html", "mermaid", "dot", "graphml", "json")
SUFFIXES = {
    ".txt": "text", ".svg": "svg", ".png": "png", ".pdf": "pdf", ".html": "html", ".htm": "html",
    ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".graphml": "graphml",
    ".json": "json",
}  # fmt: skip
"""What the name of a file says of its format."""


def drawing_options(view: str = "full") -> Callable[[F], F]:
    """Add `--view`, `--focus`, `--format`, `-o` and `--color`; see `show`."""

    def add(function: F) -> F:
        options = (
            click.option("--view", type=click.Choice(VIEWS), default=None,
                         help="All of it, the path alone, or models in groups.  "
                              f"[default: {view}, and full with --focus]"),
            click.option("--focus", metavar="NAME",
                         help="Only what bears on one node: a model, a rule, a licence …"),
            click.option("--format", "format_", type=click.Choice(FORMATS), default=None,
                         help="[default: what the name of FILE says, else text]"),
            file_option,
            click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
                         help="Colour in text.  [default: auto]"),
        )  # fmt: skip
        for option in reversed(options):
            function = option(function)
        return function

    return add


def show(
    graph: DecisionGraph,
    view: str | None,
    focus: str | None,
    format_: str | None,
    output: Path | None,
    color: str,
    *,
    usual_view: str = "full",
    models: Catalogue | None = None,
) -> None:
    """Write a graph as the values of `drawing_options` say.

    `focus` is the id of a node, what its label says first, or any name of one of the `models`;
    WrongQuestionError for another.
    """
    chosen = format_ or (SUFFIXES.get(output.suffix.lower()) if output else None) or "text"
    node = None if focus is None else _node(graph, focus, models)
    graph = seen(graph, view or ("full" if node else usual_view), node)
    if chosen == "text":
        from whyllm.engine.render.graph_text import text_tree

        write_rich(lambda console: console.print(text_tree(graph)), output, color)
    elif chosen == "json":
        from whyllm.engine.render.graph_json import graph_json

        write_json(graph_json(graph), output)
    elif chosen in ("png", "pdf"):
        write_bytes(_pictured(graph, chosen), output)
    else:
        write_text(_written(graph, chosen), output)


def _written(graph: DecisionGraph, format_: str) -> str:
    """The graph in a format that is text."""
    if format_ == "dot":
        from whyllm.engine.render.graph_dot import dot

        return dot(graph)
    if format_ == "graphml":
        from whyllm.engine.render.graph_graphml import graphml

        return graphml(graph)
    if format_ == "mermaid":
        from whyllm.engine.render.graph_mermaid import mermaid, too_large

        if reason := too_large(graph):
            tell(f"{reason}; --view collapsed or --focus NAME draws less")
        return mermaid(graph)
    from whyllm.engine.render.graph_layout import LayoutError
    from whyllm.engine.render.graph_svg import svg

    try:
        drawing = svg(graph)
    except LayoutError as error:
        raise WrongQuestionError(f"the graph cannot be drawn: {error}") from None
    if format_ == "svg":
        return drawing
    from whyllm.engine.render.graph_html import html

    return html(graph, drawing)


def _pictured(graph: DecisionGraph, format_: str) -> bytes:
    """The graph as PNG or PDF."""
    from whyllm.engine.render.graph_dot import dot
    from whyllm.engine.render.graph_layout import LayoutError, laid_out

    try:
        return laid_out(dot(graph, to_draw=True), format_)
    except LayoutError as error:
        raise WrongQuestionError(f"the graph cannot be drawn: {error}") from None


def _node(graph: DecisionGraph, name: str, models: Catalogue | None) -> str:
    """The node that a name means."""
    by_name: dict[str, str] = {}
    for node, label in graph.nodes(data="label"):
        for spelling in (node, str(label).partition("\n")[0]):
            by_name.setdefault(spelling.casefold(), node)
    found = by_name.get(name.casefold())
    if found is not None:
        return found
    if models is not None:
        with suppress(UnknownNameError):
            model = resolved(name, models)
            if model in graph:
                return model
    raise WrongQuestionError(
        f"--focus: found {name!r}, expected a node of the graph"
        + did_you_mean(name.casefold(), by_name)
    )
