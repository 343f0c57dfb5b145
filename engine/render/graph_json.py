"""A decision graph as JSON, and read back from JSON that anyone may have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whyllm.engine.graph.elements import add_edge, add_node, new_graph, plain_text
from whyllm.engine.render.graph_address import address

if TYPE_CHECKING:
    from pydantic import ValidationError
    from whyllm.engine.graph.elements import DecisionGraph
    from whyllm.engine.render.graph_shapes import GraphEdgeJson, GraphJson, GraphNodeJson

SHOWN = 60
"""How many characters of a faulty value an error shows."""


def graph_json(graph: DecisionGraph) -> dict[str, Any]:
    """The graph as `whyllm.graph/1`."""
    import networkx as nx

    about = {name: graph.graph[name] for name in ("kind", "name", "description")}
    return {
        "schema": "whyllm.graph/1",
        **about,
        "graph": nx.node_link_data(graph, edges="edges"),
    }


def graph_from_json(data: object) -> DecisionGraph:
    """The graph that `graph_json` wrote; ValueError says what is wrong, where and what is asked.

    Labels are made plain as they are read. An id that would have to be made plain is refused, as
    are addresses that are not of http, https or relative.
    """
    read = _valid(data)
    drawn = read["graph"]
    about = drawn["graph"]
    told = (
        ("kind", read["kind"], about["kind"]),
        ("name", read["name"], about["name"]),
        ("description", read["description"], about["description"]),
    )
    for name, outside, inside in told:
        _expect(inside == outside, f"graph.graph.{name}", inside, f"{_shown(outside)}, as above")
    graph = new_graph(about["kind"], about["name"], about["description"], about["direction"])
    for place, node in enumerate(drawn["nodes"]):
        _add_node(graph, node, f"graph.nodes.{place}")
    for place, edge in enumerate(drawn["edges"]):
        _add_edge(graph, edge, f"graph.edges.{place}")
    return graph


def _valid(data: object) -> GraphJson:
    from pydantic import TypeAdapter, ValidationError
    from whyllm.engine.render.graph_shapes import GraphJson

    try:
        return TypeAdapter(GraphJson).validate_python(data)
    except ValidationError as error:
        raise ValueError(_explained(error)) from None


def _explained(error: ValidationError) -> str:
    """The first fault in one line: where, what was found, what was expected."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the graph"
    found = fault.get("input")
    shown = "" if isinstance(found, dict | list) else f" (found {_shown(found)})"
    return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}{shown}"


def _add_node(graph: DecisionGraph, node: GraphNodeJson, where: str) -> None:
    name = node["id"]
    plain = plain_text(name).count("\ufffd") == name.count("\ufffd") and "\n" not in name
    _expect(plain, f"{where}.id", name, "one line without control characters")
    _expect(name not in graph, f"{where}.id", name, "an id that no node before it has")
    linked = not node["url"] or bool(address(node["url"]))
    _expect(linked, f"{where}.url", node["url"], "a relative address, or one of http or https")
    add_node(
        graph,
        name,
        node["kind"],
        node["label"],
        state=node["state"],
        note=node["note"],
        url=node["url"],
        members=tuple(node["members"].split("\n")) if node["members"] else (),
    )


def _add_edge(graph: DecisionGraph, edge: GraphEdgeJson, where: str) -> None:
    source, target = edge["source"], edge["target"]
    for end, node in (("source", source), ("target", target)):
        _expect(node in graph, f"{where}.{end}", node, "the id of a node")
    between = graph.number_of_edges(source, target)
    _expect(edge["key"] == between, f"{where}.key", edge["key"], f"{between}, by count")
    add_edge(graph, source, target, edge["kind"], edge["label"], state=edge["state"])


def _expect(holds: bool, where: str, found: object, expected: str) -> None:
    if not holds:
        raise ValueError(f"{where}: found {_shown(found)}, expected {expected}")


def _shown(value: object) -> str:
    """A value as one short line of ASCII, whatever is in it."""
    text = ascii(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
