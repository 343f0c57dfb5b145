"""A decision graph as Graphviz DOT: to be read back, or wrapped to be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.render.graph_address import address
from whyllm.engine.render.graph_arrangement import arrangement
from whyllm.engine.render.graph_css import class_name
from whyllm.engine.render.graph_style import LIGHT, style_of_edge, style_of_node
from whyllm.engine.render.graph_words import edge_lines, node_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whyllm.engine.graph.elements import DecisionGraph

NO_BREAK = "\N{NO-BREAK SPACE}"
"""A space that Graphviz measures and does not take off."""

_FONT = {
    "fontname": "Arial",
    "fontcolor": LIGHT.text,
}  # a list of fonts the packaged program takes for none it knows

_USUAL = {"penwidth": "1", "peripheries": "1", "style": "solid", "arrowhead": "normal"}
"""What Graphviz takes where nothing is said."""


def dot(graph: DecisionGraph, *, to_draw: bool = False) -> str:
    """The graph as DOT text: node i with the id `n<i>`, edge i with `e<i>`, in the graph's order.

    Nodes keep their names, so that the text can be read back; DOT has no way to write a name that
    ends in one backslash, hence a backslash in a name is doubled, as it is in labels. A node's kind
    and state are its `class`, its note is the `tooltip`. Text `to_draw` has labels wrapped, with
    the words of states, leads nowhere, and names its nodes by their ids, which no Graphviz can
    stumble over.
    """
    import graphviz
    from graphviz.quoting import attr_list

    arranged = arrangement(graph)
    ids = {node: f"n{place}" for place, node in enumerate(graph, 1)}
    names = ids if to_draw else {node: _name(node) for node in graph}
    drawing = graphviz.Digraph(
        graph_attr={
            "tooltip": _text(graph.graph["name"]),
            "bgcolor": LIGHT.page,
            **arranged.attributes,
        },
        node_attr={**_FONT, "fontsize": "11", "height": "0.3", "margin": "0.14,0.06"},
        edge_attr={**_FONT, "fontsize": "9", "arrowsize": "0.8"},
    )
    for node in graph:
        data = graph.nodes[node]
        told = {
            "id": ids[node],
            "class": _classes(data),
            **({} if to_draw else _leads(data)),
            **style_of_node(data["kind"], data["state"]),
        }
        label = "\n".join(node_lines(data)) if to_draw else data["label"]
        shown = attr_list(_text(label), attributes=_needed(told))
        drawing.body.append(f"\t{names[node]}{shown}\n")
    if arranged.column:
        beside = "; ".join(names[node] for node in arranged.column)
        drawing.body.append(f"\t{{ rank=same; {beside} }}\n")
    for place, (source, target, data) in enumerate(graph.edges(data=True), 1):
        told = {
            "id": f"e{place}",
            "class": _classes(data),
            **style_of_edge(data["kind"], data["state"]),
            **arranged.edge_attributes(source, target, data["kind"]),
        }
        lines = [data["label"]]
        if to_draw:
            step = arranged.is_step(source, target)
            lines = _apart(edge_lines(data), arranged.sideways, step)
        shown = attr_list(_text("\n".join(lines)), attributes=_needed(told))
        drawing.body.append(f"\t{names[source]} -> {names[target]}{shown}\n")
    return str(drawing.source)


def _needed(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes that say something, and something else than what is usual."""
    return {
        name: value for name, value in attributes.items() if value and _USUAL.get(name) != value
    }


def _name(node: str) -> str:
    """A node's name, in quotes whatever it is.

    The library would read what follows a colon as a port, and pydot refuses a bare -1.
    """
    return '"' + node.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _classes(data: Mapping[str, str]) -> str:
    """The kind and the state, as classes of the drawn element."""
    return f"{class_name(data['kind'], 'kind')} {class_name(data['state'], 'state')}"


def _leads(data: Mapping[str, str]) -> dict[str, str]:
    """Where a node leads and what it says on the way.

    Not for drawing: some builds of Graphviz write an address into their SVG as it is, quotes,
    ampersands and all.
    """
    return {
        "tooltip": _text(data["note"] or data["members"]),
        "URL": _text(address(data["url"])),
    }


def _apart(lines: list[str], sideways: bool, step: bool) -> list[str]:
    """The lines of an edge's label, kept off the line that passes below, beside or through them."""
    if not lines:
        return []
    if step:  # Graphviz sets it across a line down a column; twice as wide, its text is beside it
        room = max(map(len, lines)) * 2 + 4
        return [f"{line}{NO_BREAK * room}" for line in lines]
    return [*lines, NO_BREAK] if sideways else [f"{NO_BREAK * 2}{line}{NO_BREAK}" for line in lines]


def _text(label: str) -> str:
    """A label as plain text: no escapes, entities or markup of DOT, lines parted by its own."""
    import graphviz

    lines = label.replace("&", "&amp;").split("\n")
    text: str = graphviz.nohtml("\\n".join(graphviz.escape(line) for line in lines))
    return text
