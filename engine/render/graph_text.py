"""A decision graph as an indented tree for a terminal; a node met again is only named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

if TYPE_CHECKING:
    import networkx as nx


def text_tree(graph: nx.DiGraph[str]) -> Tree:
    """The graph from its first node down."""
    root = next(iter(graph.nodes))
    tree = Tree(Text(_line(graph, root)))
    _grow(graph, root, tree, {root})
    return tree


def _grow(graph: nx.DiGraph[str], node: str, tree: Tree, seen: set[str]) -> None:
    for target in graph.successors(node):
        reply = graph.edges[node, target]["label"].replace("<br/>", ", ")
        label = Text(f"[{reply}] ", style="cyan") if reply else Text()
        again = target in seen
        label.append(target if again else _line(graph, target), style="dim" if again else "")
        branch = tree.add(label)
        if not again:
            seen.add(target)
            _grow(graph, target, branch, seen)


def _line(graph: nx.DiGraph[str], node: str) -> str:
    lines = graph.nodes[node]["label"].split("<br/>")
    rest = f" ({', '.join(lines[1:])})" if lines[1:] else ""
    return f"{lines[0]}{rest}"
