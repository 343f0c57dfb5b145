"""A decision graph as Graphviz DOT, and laid out as SVG or PNG by whichever `dot` there is."""

from __future__ import annotations

import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

SECONDS = 30
"""How long a layout may take."""

_STYLE = {
    "start": {"shape": "box", "style": "rounded,filled", "fillcolor": "#e8e8e8"},
    "end": {"shape": "box", "style": "rounded,filled", "fillcolor": "#e8e8e8"},
    "question": {"shape": "diamond", "style": "filled", "fillcolor": "#dcebf7"},
    "leaf": {"shape": "box", "style": "filled", "fillcolor": "#fdf3d8"},
}


class LayoutError(Exception):
    """Graphviz could not draw the graph."""


def dot(graph: nx.DiGraph[str]) -> str:
    """The graph as DOT text."""
    import graphviz

    drawing = graphviz.Digraph(
        graph_attr={
            "rankdir": graph.graph.get("direction", "TB"),
            "tooltip": _text(graph.graph["name"]),
            "nodesep": "0.25",
        },
        node_attr={"fontname": "Helvetica,Arial,sans-serif", "fontsize": "11"},
        edge_attr={"fontname": "Helvetica,Arial,sans-serif", "fontsize": "9"},
    )
    for node, data in graph.nodes(data=True):
        drawing.node(_text(node), _text(data["label"]), **_STYLE[data["kind"]])
    for source, target, data in graph.edges(data=True):
        drawing.edge(_text(source), _text(target), _text(data["label"]))
    return str(drawing.source)


def _text(label: str) -> str:
    """A label as plain text: no escapes of DOT, lines parted by its own."""
    import graphviz

    lines = [line for line in label.split("<br/>") if line]
    return "\\n".join(graphviz.escape(line) for line in lines)


def draw(graph: nx.DiGraph[str], image: str) -> bytes:
    """The graph laid out as `svg` or `png`, in a process of its own with a time limit.

    Uses the system's `dot` when there is one, else that of the graphviz-pure wheel, so that it
    works with an empty PATH. Raises LayoutError.
    """
    program = shutil.which("dot") or _packaged_dot()
    try:
        result = subprocess.run(
            [program, f"-T{image}"], input=dot(graph).encode(), capture_output=True, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LayoutError(f"{program}: {error}") from None
    if result.returncode != 0:
        reason = result.stderr.decode(errors="replace").strip() or f"exit {result.returncode}"
        raise LayoutError(f"{program}: {reason.splitlines()[0]}")
    return result.stdout


def _packaged_dot() -> str:
    for file in metadata.files("graphviz-pure") or ():
        if Path(file).stem == "graphviz-pure" and Path(file).suffix in ("", ".exe"):
            return str(Path(str(file.locate())).resolve())
    raise LayoutError("no `dot` on the PATH and no graphviz-pure beside this package")
