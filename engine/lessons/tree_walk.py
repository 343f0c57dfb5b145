"""The way to a node of the course's tree: what has to be replied on it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Edge

MACHINE = "machine"


def need_at(kb: KnowledgeBase, node: str) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """The needs before and after the last reply on the shortest way to a node.

    They are equal where no reply leads there. KeyError for a node that cannot be reached.
    """
    way = _way(kb, node)
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for edge in way:
        if edge.replies:
            before = dict(after)
            after.update(_stated(kb, edge))
    last = way[-1] if way else None
    return (before, after) if last is not None and last.replies else (after, after)


def _way(kb: KnowledgeBase, node: str) -> list[Edge]:
    """The edges from the start, the fewest that lead to the node."""
    start = next(n.id for n in kb.tree.nodes if n.shape == "start")
    ways: dict[str, list[Edge]] = {start: []}
    due = deque([start])
    while due:
        here = due.popleft()
        for edge in kb.tree.edges:
            if edge.source == here and edge.target not in ways:
                ways[edge.target] = [*ways[here], edge]
                due.append(edge.target)
    return ways[node]


def _stated(kb: KnowledgeBase, edge: Edge) -> dict[str, object]:
    """What the reply that takes an edge states; a class of machine stands for its figure."""
    axis = next(node.axis for node in kb.tree.nodes if node.id == edge.source)
    assert axis is not None
    if axis != MACHINE:
        return {axis: edge.replies[0]}
    machine = next(m for m in kb.hardware.classes if m.id == edge.replies[0])
    return {machine.memory: machine.stated_gb}
