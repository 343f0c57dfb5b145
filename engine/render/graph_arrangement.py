"""How a decision graph is arranged on the page, as a function of its shape and its size.

A row of many nodes cannot be read, a column of them can, like a list. So a graph with a wide row is
turned on its side, and so is a path of stages on which something hangs: the stages stand in one
column, each beside its rules, with what the rules lead to as the last column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

WIDEST_ROW = 12
"""How many nodes may stand side by side before the graph is turned on its side."""

CROWD = 150
"""From how many edges on there is more room between columns, so that lines can be told apart."""

_STEPS = (NodeKind.START, NodeKind.STAGE, NodeKind.END)

_TURNED = {"TB": "LR", "BT": "RL"}


@dataclass(frozen=True)
class Arrangement:
    """Graphviz's attributes for a graph, and the nodes that stand in one column, if any do."""

    attributes: dict[str, str]
    sideways: bool
    crowded: bool
    column: tuple[str, ...] = ()

    def is_step(self, source: str, target: str) -> bool:
        """Whether an edge runs down the column."""
        return source in self.column and target in self.column

    def edge_attributes(self, source: str, target: str, kind: str) -> dict[str, str]:
        """Graphviz's attributes for an edge that leaves the column or lies beyond it."""
        if not self.column or target in self.column:
            return {}
        ports = {}
        if self.crowded:  # lines that part at one point show which of them belong together
            ahead, back = ("e", "w") if self.attributes["rankdir"] == "LR" else ("w", "e")
            ports = {"tailport": ahead, "headport": back}
        # What the column itself leads to is the last column's, except for the rules.
        far = source in self.column and kind != EdgeKind.RULE
        return {**ports, "minlen": "2"} if far else ports


def arrangement(graph: DecisionGraph) -> Arrangement:
    """How to arrange the graph."""
    direction, spine = graph.graph.get("direction", "TB"), _spine(graph)
    hung_on = 0 < len(spine) < len(graph)
    if direction in _TURNED and (hung_on or _widest_row(graph) > WIDEST_ROW):
        direction = _TURNED[direction]
    sideways = direction in ("LR", "RL")
    crowded = graph.number_of_edges() > CROWD
    attributes = {
        "rankdir": direction,
        "nodesep": ("0.08" if crowded else "0.2") if sideways else "0.45",
        "ranksep": ("3.5" if crowded else "0.9") if sideways else "0.55",
    }
    return Arrangement(attributes, sideways, crowded, spine if sideways else ())


def _widest_row(graph: DecisionGraph) -> int:
    import networkx as nx

    roots = [node for node, degree in graph.in_degree() if degree == 0] or list(graph)[:1]
    return max((len(row) for row in nx.bfs_layers(graph, roots)), default=0)


def _spine(graph: DecisionGraph) -> tuple[str, ...]:
    """The nodes of the path from the start by the stages to the end; none where there is no path.

    No other edge may lead to them, not even a second one from the step before, since Graphviz could
    not then place them in one column, or would draw the two over each other.
    """
    steps = [node for node, data in graph.nodes(data=True) if data["kind"] in _STEPS]
    if any(graph.in_degree(node) > 1 for node in steps):
        return ()
    before = {node: set(graph.predecessors(node)) for node in steps}
    starts = [node for node in steps if not before[node]]
    if len(starts) != 1 or len(steps) < 2:
        return ()
    spine = starts
    while following := [node for node in steps if before[node] == {spine[-1]}]:
        if len(following) > 1 or following[0] in spine:
            return ()
        spine = [*spine, following[0]]
    return tuple(spine) if len(spine) == len(steps) else ()
