"""A decision graph as an indented tree for a terminal; a node met again is only named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree
from whyllm.engine.graph.elements import EdgeKind
from whyllm.engine.render.graph_style import word_on_edge, word_on_node

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

NAMED = 3
"""How many members of a group are named."""

_ALONG = {
    EdgeKind.EXCLUDES: "excludes",
    EdgeKind.LEAVES_OPEN: "leaves open",
    EdgeKind.KEEPS: "keeps",
    EdgeKind.READS: "read by",
    EdgeKind.NEGATES: "not",
    EdgeKind.CONCLUDES: "concludes",
    EdgeKind.LICENSED: "licensed under",
    EdgeKind.MADE_FROM: "made from",
}
_AGAINST = {
    EdgeKind.EXCLUDES: "excluded by",
    EdgeKind.LEAVES_OPEN: "left open by",
    EdgeKind.KEEPS: "kept by",
    EdgeKind.READS: "reads",
    EdgeKind.NEGATES: "as",  # an absence says what is not so by itself
    EdgeKind.CONCLUDES: "concluded by",
    EdgeKind.LICENSED: "licence of",
    EdgeKind.MADE_FROM: "made into",
}
"""How an edge leads from a line to the line below; the other kinds go without saying."""


def text_tree(graph: DecisionGraph) -> Tree:
    """All nodes and edges, from the nodes that no other leads to downwards.

    A graph that is drawn from the bottom to the top is walked against its arrows, so that the tree
    begins with the conclusion. Where there are several beginnings, the tree's root is the title.
    """
    walk = _Walk(graph)
    beginnings = walk.beginnings()
    if len(beginnings) == 1:
        tree = Tree(walk.line(beginnings[0]))
        walk.grow(tree, beginnings[0])
        return tree
    tree = Tree(Text(graph.graph["name"], style="bold"))
    for node in beginnings:
        walk.grow(tree.add(walk.line(node)), node)
    return tree


class _Walk:
    """A walk through a graph that shows each edge once, and all that a node says once."""

    def __init__(self, graph: DecisionGraph) -> None:
        self._nodes = graph.nodes
        self._seen: set[str] = set()
        against = graph.graph.get("direction") == "BT"
        self._words = _AGAINST if against else _ALONG
        self._below: dict[str, list[tuple[str, dict[str, str]]]] = {node: [] for node in graph}
        self._begun_by: dict[str, list[str]] = {node: [] for node in graph}
        for source, target, data in graph.edges(data=True):
            upper, lower = (target, source) if against else (source, target)
            self._below[upper].append((lower, data))
            self._begun_by[lower].append(upper)

    def beginnings(self) -> list[str]:
        """The nodes to begin at, so that every node is met; of a circle, the first node."""
        free = [node for node, upper in self._begun_by.items() if not upper]
        reached: set[str] = set()
        begun = []
        for node in (*free, *self._nodes):
            if node in reached:
                continue
            begun.append(node)
            waiting = [node]
            while waiting:
                met = waiting.pop()
                if met not in reached:
                    reached.add(met)
                    waiting += [lower for lower, _ in self._below[met]]
        return begun

    def line(self, node: str) -> Text:
        """What a node says: its label, its members and its state."""
        data = self._nodes[node]
        first, *others = data["label"].split("\n")
        text = Text(f"{first} ({', '.join(others)})" if others else first)
        if members := data["members"].split("\n") if data["members"] else []:
            more = ", …" if len(members) > NAMED else ""
            text.append(f" [{len(members)}: {', '.join(members[:NAMED])}{more}]", style="dim")
        if word := word_on_node(data["state"]):
            text.append(f" {word}", style="bold")
        return text

    def grow(self, tree: Tree, root: str) -> None:
        """Add to a branch what is below its node, with no recursion: a chain may be long."""
        self._seen.add(root)
        waiting = [(tree, iter(self._below[root]))]
        while waiting:
            branch, edges = waiting[-1]
            edge = next(edges, None)
            if edge is None:
                waiting.pop()
                continue
            node, data = edge
            text = self._lead(data)
            if node in self._seen:
                text.append(self._nodes[node]["label"].split("\n")[0], style="dim")
                branch.add(text)
                continue
            self._seen.add(node)
            waiting.append((branch.add(text.append_text(self.line(node))), iter(self._below[node])))

    def _lead(self, data: dict[str, str]) -> Text:
        """What stands before a node: the edge's label, state and kind."""
        told = [", ".join(data["label"].split("\n"))] if data["label"] else []
        if state := word_on_edge(data["state"]):
            told.append(state)
        text = Text(f"[{'; '.join(told)}] " if told else "", style="cyan")
        if word := self._words.get(EdgeKind(data["kind"])):
            text.append(f"{word}: ", style="italic")
        return text
