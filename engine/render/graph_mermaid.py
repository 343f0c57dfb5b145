"""A decision graph as a Mermaid flowchart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

_SHAPES = {"start": ("([", "])"), "end": ("([", "])"), "question": ("{", "}"), "leaf": ("[/", "/]")}
_PLAIN = re.compile(r"[\w .,:?/+-]+(?:<br/>[\w .,:?/+-]+)*")
_RESERVED = {"end", "graph", "flowchart", "subgraph", "style", "class", "click", "default"}


def mermaid(graph: nx.DiGraph[str]) -> str:
    """The graph as Mermaid text, nodes first, in the order of the graph."""
    lines = ["flowchart TD"]
    for node, data in graph.nodes(data=True):
        opening, closing = _SHAPES[data["kind"]]
        lines.append(f"  {_node_id(node)}{opening}{_label(data['label'])}{closing}")
    for source, target, data in graph.edges(data=True):
        label = f"|{_label(data['label'])}|" if data["label"] else ""
        lines.append(f"  {_node_id(source)} -->{label} {_node_id(target)}")
    return "\n".join(lines) + "\n"


def _node_id(node: str) -> str:
    safe = re.sub(r"\W", "_", node)
    return f"{safe}_" if safe.lower() in _RESERVED else safe


def _label(text: str) -> str:
    """Plain labels stand as they are; all others are quoted, their markup characters as codes."""
    if _PLAIN.fullmatch(text):
        return text
    lines = text.split("<br/>")
    coded = ["".join(c if c not in '"#<>&;`' else f"#{ord(c)};" for c in line) for line in lines]
    return '"' + "<br/>".join(coded) + '"'
