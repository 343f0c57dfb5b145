"""A decision graph as a Mermaid flowchart, such as GitHub draws.

The text can be read back: shapes tell kinds to the eye, the classes `kind-…` and `state-…` tell
them exactly, and a comment `%% id n_1 "1"` gives a node's own id where it could not stand. The
kinds and states of edges are told by their lines alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State
from whyllm.engine.render.graph_style import DASHES, LIGHT, LINES
from whyllm.engine.render.mermaid_text import coded, label, node_ids, remark

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

CHARACTERS = 50_000
EDGES = 500
"""How much Mermaid draws as it is set by default, and on GitHub."""

_DIRECTIONS = {"TB": "TD"}

_SHAPES = {
    NodeKind.START: ("([", "])"),
    NodeKind.QUESTION: ("{", "}"),
    NodeKind.LEAF: ("[/", "/]"),
    NodeKind.END: ("([", "])"),
    NodeKind.STAGE: ("[[", "]]"),
    NodeKind.RULE: ("[", "]"),
    NodeKind.FACT: ("(", ")"),
    NodeKind.ABSENCE: (">", "]"),
    NodeKind.MODEL: ("([", "])"),
    NodeKind.GROUP: ("[(", ")]"),
    NodeKind.FAMILY: ("{{", "}}"),
    NodeKind.PUBLISHER: ("[/", "\\]"),
    NodeKind.LICENCE: ("[\\", "/]"),
}

_STATES: dict[State, str] = {
    state: f"fill:{LIGHT.page},color:{LIGHT.text},stroke:{LIGHT.lines[state]},"
    f"stroke-width:{line.width:g}px"
    + (f",stroke-dasharray:{DASHES[line.style]}" if line.style in DASHES else "")
    for state, line in LINES.items()
    if state != State.PLAIN
}
"""States by line and by colour, so that neither is needed to tell them."""


def mermaid(graph: DecisionGraph) -> str:
    """The graph as Mermaid text, nodes first, in the order of the graph."""
    direction = graph.graph.get("direction", "TB")
    ids = node_ids(graph.nodes)
    lines = [f"flowchart {_DIRECTIONS.get(direction, direction)}"]
    for command, attribute in (("accTitle", "name"), ("accDescr", "description")):
        if text := " ".join(graph.graph.get(attribute, "").split()):
            lines.append(f"  {command}: {coded(text)}")
    lines += [f"  {remark(ids[node], node)}" for node in graph if ids[node] != node]
    for node, data in graph.nodes(data=True):
        opening, closing = _SHAPES[NodeKind(data["kind"])]
        lines.append(f"  {ids[node]}{opening}{label(data['label'])}{closing}")
    for source, target, data in graph.edges(data=True):
        text = f"|{label(data['label'])}|" if data["label"] else ""
        lines.append(f"  {ids[source]} {_arrow(data)}{text} {ids[target]}")
    return "\n".join(lines + _classes(graph, ids) + _edge_styles(graph)) + "\n"


def too_large(graph: DecisionGraph) -> str:
    """Why GitHub would not draw the graph's Mermaid text; '' if it would."""
    edges = graph.number_of_edges()
    if edges > EDGES:
        return f"Mermaid draws at most {EDGES} edges, and this graph has {edges}"
    # Mermaid counts as JavaScript does, in units of UTF-16.
    characters = len(mermaid(graph).encode("utf-16-le")) // 2
    if characters > CHARACTERS:
        return f"Mermaid draws at most {CHARACTERS:,} characters, and this text has {characters:,}"
    return ""


def _arrow(data: dict[str, str]) -> str:
    if data["state"] == State.TAKEN:
        return "==>"
    return "-.->" if data["kind"] in (EdgeKind.NEGATES, EdgeKind.MADE_FROM) else "-->"


def _classes(graph: DecisionGraph, ids: dict[str, str]) -> list[str]:
    """The nodes of each kind and state, and the style of each state that is met."""
    of_class: dict[str, list[str]] = defaultdict(list)
    for attribute in ("kind", "state"):
        for node, data in graph.nodes(data=True):
            if data[attribute] != State.PLAIN:
                of_class[f"{attribute}-{data[attribute]}"].append(ids[node])
    lines = [f"  class {','.join(nodes)} {name}" for name, nodes in of_class.items()]
    met = [state for state in _STATES if f"state-{state}" in of_class]
    return lines + [f"  classDef state-{state} {_STATES[state]}" for state in met]


def _edge_styles(graph: DecisionGraph) -> list[str]:
    """The line of each state that is met among the edges, told by the edges' places."""
    of_state: dict[str, list[str]] = defaultdict(list)
    for place, (_, _, data) in enumerate(graph.edges(data=True)):
        if (state := data["state"]) != State.PLAIN:
            of_state[state].append(str(place))
    lines = []
    for state, places in of_state.items():
        style = [part for part in _STATES[State(state)].split(",") if part.startswith("stroke")]
        lines.append(f"  linkStyle {','.join(places)} {','.join(style)}")
    return lines
