"""What differs between two graphs of one kind: added, removed and changed nodes and edges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from whyllm.engine.graph.elements import State, new_graph

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

_TOLD = ("kind", "label", "state")


def difference(before: DecisionGraph, after: DecisionGraph) -> DecisionGraph:
    """Both graphs as one: `added` is only in the second, `removed` only in the first.

    A node of both is `changed` where its kind, label or state differs, and its note says what it
    was; an edge is the same where its ends, kind and label are. States of the two graphs give way
    to those of the comparison. ValueError for graphs of two kinds, which have nothing in common.
    """
    kinds = before.graph["kind"], after.graph["kind"]
    if kinds[0] != kinds[1]:
        raise ValueError(f"found {kinds[0]} and {kinds[1]}, expected two graphs of one kind")
    graph = new_graph(
        "diff",
        f"{before.graph['name']}, and what differs",
        f"Before: {before.graph['description']}\nAfter: {after.graph['description']}",
        after.graph["direction"],
    )
    for node, data in after.nodes(data=True):
        graph.add_node(node, **{**data, **_became(before.nodes.get(node), data)})
    for node, data in before.nodes(data=True):
        if node not in after:
            graph.add_node(node, **{**data, "state": str(State.REMOVED)})
    old, new = Counter(_edges(before)), Counter(_edges(after))
    for state, edges in (
        (State.PLAIN, old & new),
        (State.ADDED, new - old),
        (State.REMOVED, old - new),
    ):
        for source, target, kind, label in edges.elements():
            graph.add_edge(source, target, kind=kind, label=label, state=str(state))
    return graph


def _became(was: dict[str, Any] | None, data: dict[str, Any]) -> dict[str, str]:
    """The state of a node of the second graph, and what to say of the change."""
    if was is None:
        return {"state": str(State.ADDED)}
    if all(was[key] == data[key] for key in _TOLD):
        return {"state": str(State.PLAIN)}
    changes = [
        f"{key}: {was[key]} → {data[key]}".replace("\n", " ")
        for key in _TOLD
        if was[key] != data[key]
    ]
    if was["state"] != data["state"]:
        told = f"{was['state']} → {data['state']}"
    else:
        told = f"was: {was['label']}"
    return {
        "state": str(State.CHANGED),
        "label": f"{data['label']}\n{told}",
        "note": "\n".join((*changes, data["note"])).strip(),
    }


def _edges(graph: DecisionGraph) -> list[tuple[str, str, str, str]]:
    return [(s, t, d["kind"], d["label"]) for s, t, d in graph.edges(data=True)]
