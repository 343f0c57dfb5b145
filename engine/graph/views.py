"""Less of a graph: the path alone, models in groups, or what bears on one node."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State, add_edge, add_node, new_graph

if TYPE_CHECKING:
    from collections.abc import Collection

    from whyllm.engine.graph.elements import DecisionGraph

VIEWS = ("full", "spine", "collapsed")

SMALLEST_GROUP = 4
"""How many models make a group; fewer are named one by one."""


def seen(graph: DecisionGraph, view: str, focus: str | None = None) -> DecisionGraph:
    """The graph, or what `focus` leaves of it, in one of VIEWS; KeyError for an unknown node."""
    if focus is not None:
        graph = focused(graph, focus)
    if view == "spine":
        return spine(graph)
    return collapsed(graph, focus) if view == "collapsed" else graph


def spine(graph: DecisionGraph) -> DecisionGraph:
    """The path that was taken, and the shortlist; a graph without a path stays as it is."""
    path = _in_state(graph, State.TAKEN)
    return _part(graph, path | _in_state(graph, State.SHORTLISTED)) if path else graph


def focused(graph: DecisionGraph, node: str) -> DecisionGraph:
    """A node, all that leads to it, and all that it leads to; the path stays whole."""
    import networkx as nx

    if node not in graph:
        raise KeyError(node)
    near = nx.ancestors(graph, node) | nx.descendants(graph, node)
    return _part(graph, {node, *near} | _in_state(graph, State.TAKEN))


def collapsed(graph: DecisionGraph, besides: str | None = None) -> DecisionGraph:
    """Many models that hang on one node in one way become a group, which counts and names them.

    A model that hangs on several nodes is in the group of each, since each is a cause of its own.
    Shortlisted models and `besides` stay, as do those of groups smaller than SMALLEST_GROUP; edges
    between models that are gone go with them.
    """
    hanging = _hanging(graph, besides)
    gone = {m for members in hanging.values() if len(members) >= SMALLEST_GROUP for m in members}
    small = _part(graph, set(graph) - gone)
    for (source, kind, state, edge_state), members in hanging.items():
        grouped = [model for model in members if model in gone]
        if not grouped:
            continue
        node = f"{source} / {kind}, {state}, {edge_state}"
        names = tuple(str(graph.nodes[model]["label"]) for model in grouped)
        count = f"{len(names)} models" if len(names) > 1 else names[0]
        add_node(small, node, NodeKind.GROUP, count, state=State(state), members=names)
        add_edge(small, source, node, EdgeKind(kind), state=State(edge_state))
        onward = [
            (target, data["kind"])
            for model in grouped
            for _, target, data in graph.out_edges(model, data=True)
            if target in small
        ]
        for (target, onward_kind), number in Counter(onward).items():
            label = f"{number} of them" if number < len(grouped) else ""
            add_edge(small, node, target, EdgeKind(onward_kind), label)
    return small


def _hanging(
    graph: DecisionGraph, besides: str | None
) -> dict[tuple[str, str, str, str], list[str]]:
    """Node, kind of edge, state of model and edge -> the models that hang there."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for source, model, edge in graph.edges(data=True):
        node = graph.nodes[model]
        if node["kind"] != NodeKind.MODEL or graph.nodes[source]["kind"] == NodeKind.MODEL:
            continue
        if node["state"] != State.SHORTLISTED and model != besides:
            where = (source, edge["kind"], node["state"], edge["state"])
            found.setdefault(where, []).append(model)
    return found


def _in_state(graph: DecisionGraph, state: State) -> set[str]:
    return {node for node, data in graph.nodes(data=True) if data["state"] == state}


def _part(graph: DecisionGraph, nodes: Collection[str]) -> DecisionGraph:
    """The graph on some of its nodes, in their order."""
    data = graph.graph
    part = new_graph(data["kind"], data["name"], data["description"], data["direction"])
    part.add_nodes_from((n, dict(d)) for n, d in graph.nodes(data=True) if n in nodes)
    part.add_edges_from(
        (s, t, dict(d)) for s, t, d in graph.edges(data=True) if s in nodes and t in nodes
    )
    return part
